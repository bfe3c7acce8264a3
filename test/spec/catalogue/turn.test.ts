/** Turn records: the vectors both ways, and what a reader refuses in them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeInput, sealInput } from '../../../src/catalogue/codec.js';
import { turnHash } from '../../../src/catalogue/digest.js';
import { CODE_NAMES, Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn, decodeTurnHeader, encodeTurn } from '../../../src/catalogue/turn.js';
import { fromPlain } from '../../support/catalogue-values.js';

interface Row {
  readonly value: { readonly entries: readonly Record<string, unknown>[] } & Record<string, unknown>;
  readonly bytes: string;
  readonly sha256: string;
}
const rows = JSON.parse(
  readFileSync(new URL('../../../schemas/vectors/turns.json', import.meta.url), 'utf8'),
) as readonly Row[];

/** The turn of a vector. */
function turnOf({ value }: Row): TurnRecord {
  const entries = value.entries.map(({ code, cause, envelope, body }) => {
    const known = fromPlain(`marie.v1.${CODE_NAMES.get(code as number)}`, body);
    return envelope === undefined
      ? { code, cause, body: known }
      : { code, envelope: fromPlain('marie.v1.Envelope', envelope), body: known };
  });
  return { ...(fromPlain('marie.v1.Turn', { ...value, entries: [] }) as TurnRecord), entries: entries as AnyEntry[] };
}

const [first, second] = rows as readonly [Row, Row];

describe.each(rows.map((row, index) => [index, row] as const))('vector %i', (_index, row) => {
  const turn = turnOf(row);
  const bytes = Buffer.from(row.bytes, 'hex');

  it('is encoded so', () => expect(encodeTurn(turn).toString('hex')).toBe(row.bytes));
  it('is decoded so', () => expect(decodeTurn(bytes, { digests: 'check' })).toEqual(turn));
  it('has its header', () => expect(decodeTurnHeader(bytes)).toEqual({ ...turn, entries: turn.entries.length }));
  it('has its hash', () => expect(turnHash(bytes).toString('hex')).toBe(row.sha256));
});

it('the second vector is chained on the first', () => {
  expect(Buffer.from(decodeTurnHeader(Buffer.from(second.bytes, 'hex')).prev)).toEqual(
    turnHash(Buffer.from(first.bytes, 'hex')),
  );
});

describe('a turn is refused', () => {
  const empty = turnOf(first);
  const sender = { inputId: 'in-1', receivedAtMs: 1, principal: null, traceparent: null };
  const pause = sealInput(Code.PauseDag, sender, { tenant: 't', dagId: 'd' });
  const paused = (cause: number): AnyEntry => ({ code: Code.DagPaused, cause, body: { dag: 1 } });
  const withEntries = (entries: readonly AnyEntry[]) => encodeTurn({ ...empty, entries });

  it('of another format, whatever follows', () => {
    expect(() => decodeTurn(Buffer.from('04ffff', 'hex'))).toThrow(
      expect.objectContaining({ code: 'unknown-version' }),
    );
    expect(() => decodeTurnHeader(encodeTurn({ ...empty, format: 2 }))).toThrow('format 2');
    expect(() => decodeTurn(Buffer.alloc(0))).toThrow(expect.objectContaining({ code: 'undecodable' }));
  });

  it('with an entry of a number that the catalogue does not have', () => {
    const bytes = withEntries([paused(-2)]);
    // 103 is encoded as ce 01; ce 1f is 2023.
    const at = bytes.indexOf(Buffer.from('ce0103', 'hex'));
    bytes[at + 1] = 0x1f;
    expect(() => decodeTurn(bytes)).toThrow(expect.objectContaining({ code: 'unknown-version' }));
    expect(() => decodeTurn(bytes)).toThrow('2023');
    const { catalogue, entries } = decodeTurnHeader(bytes);
    expect(entries).toBe(1);
    catalogue.fill(7);
    expect(() => decodeTurn(bytes)).toThrow(/^turn 1 is of catalogue 0707070707070707, .* 2023/);
  });

  it('with an entry that another catalogue has written in another way, as of that one', () => {
    const bytes = withEntries([pause]);
    const at = bytes.indexOf(Buffer.of(Code.PauseDag * 2, 0, encodeInput(pause).length * 2));
    bytes[at + 1] = 2;
    const theirs = decodeTurnHeader(bytes).catalogue;
    theirs.fill(7);
    expect(() => decodeTurn(bytes)).toThrow(expect.objectContaining({ code: 'unknown-version' }));
    expect(() => decodeTurn(bytes)).toThrow('turn 1 is of catalogue 0707070707070707');
  });

  it('with an input that is not its own cause', () => {
    const bytes = withEntries([pause]);
    const at = bytes.indexOf(Buffer.of(Code.PauseDag * 2, 0, encodeInput(pause).length * 2));
    bytes[at + 1] = 2;
    expect(() => decodeTurn(bytes)).toThrow('input 0 has the cause 1');
  });

  it('with an event whose cause is no input before it', () => {
    expect(() => decodeTurn(withEntries([paused(0)]))).toThrow('event 0 has the cause 0');
    expect(() => decodeTurn(withEntries([pause, paused(0), paused(1)]))).toThrow('event 2 has the cause 1');
    expect(decodeTurn(withEntries([pause, paused(0), paused(-3)])).entries).toHaveLength(3);
  });

  it('with an input whose body does not have its digest, where digests are checked', () => {
    const bytes = withEntries([{ ...pause, body: { tenant: 't', dagId: 'e' } }]);
    expect(decodeTurn(bytes).entries).toHaveLength(1);
    expect(() => decodeTurn(bytes, { digests: 'check' })).toThrow(expect.objectContaining({ code: 'digest-mismatch' }));
  });

  it('with a byte after it, or one missing', () => {
    const bytes = withEntries([pause, paused(0)]);
    expect(() => decodeTurn(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('1 bytes too many');
    expect(() => decodeTurnHeader(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('1 bytes too many');
    expect(() => decodeTurn(bytes.subarray(0, -1))).toThrow('truncated');
  });
});

describe('entries of any length', () => {
  const empty = turnOf(first);

  it.each([0, 61, 62, 63, 64, 8188, 8189, 8190, 8191, 8192, 70000])('a reason of %i characters', (length) => {
    const entries: AnyEntry[] = [
      { code: Code.DagHeld, cause: -2, body: { dag: 1, reason: 'r'.repeat(length) } },
      { code: Code.DagPaused, cause: -2, body: { dag: 2 } },
    ];
    const turn = { ...empty, entries };
    expect(decodeTurn(encodeTurn(turn))).toEqual(turn);
  });
});
