/** Single bodies and inputs: the vectors both ways, what has no encoding, and what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBody, decodeInput, encodeBody, encodeInput, sealInput } from '../../../src/catalogue/codec.js';
import { bodyDigest } from '../../../src/catalogue/digest.js';
import { CatalogueError } from '../../../src/catalogue/error.js';
import { CODE_NAMES, Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, InputEntry } from '../../../src/catalogue/generated/types.js';
import { fromPlain } from '../../support/catalogue-values.js';

type AnyCode = AnyEntry['code'];

interface Row {
  readonly name: string;
  readonly code: AnyCode;
  readonly value: unknown;
  readonly bytes: string;
}

function vectors<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../schemas/vectors/${file}`, import.meta.url), 'utf8')) as T[];
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CatalogueError) return error.code;
    throw error;
  }
  return 'nothing';
}

describe('the vectors of bodies', () => {
  const rows = vectors<Row>('bodies.json');

  it('cover every input and event', () => {
    expect(new Set(rows.map((row) => row.code))).toEqual(new Set(CODE_NAMES.keys()));
  });

  it.each(rows.map((row, index) => [`${row.name} ${index}`, row] as const))('%s', (_title, row) => {
    const value = fromPlain(`marie.v1.${row.name}`, row.value);
    expect(encodeBody(row.code, value as never).toString('hex')).toBe(row.bytes);
    expect(decodeBody(row.code, Buffer.from(row.bytes, 'hex'))).toEqual(value);
  });
});

describe('the vectors of inputs', () => {
  it.each(vectors<Omit<Row, 'name'>>('inputs.json').map((row) => [CODE_NAMES.get(row.code), row] as const))(
    '%s',
    (name, row) => {
      const { envelope, body } = row.value as { envelope: unknown; body: unknown };
      const entry = {
        code: row.code,
        envelope: fromPlain('marie.v1.Envelope', envelope),
        body: fromPlain(`marie.v1.${name}`, body),
      } as unknown as InputEntry;
      expect(encodeInput(entry).toString('hex')).toBe(row.bytes);
      expect(decodeInput(row.code, Buffer.from(row.bytes, 'hex'))).toEqual(entry);
      expect(bodyDigest(encodeBody(entry.code, entry.body as never))).toEqual(entry.envelope.digest);
    },
  );
});

describe('what is refused', () => {
  const rows = vectors<{ what: string; code: AnyCode; bytes: string; error: string; valid: string | null }>(
    'refused.json',
  );

  it.each(rows.map((row) => [row.what, row] as const))('%s, and nothing else about it', (_what, row) => {
    expect(codeOf(() => decodeBody(row.code, Buffer.from(row.bytes, 'hex')))).toBe(row.error);
    if (row.valid === null) return;
    const value = decodeBody(row.code, Buffer.from(row.valid, 'hex'));
    expect(encodeBody(row.code, value as never).toString('hex')).toBe(row.valid);
  });

  it('an event where an input is expected, by its number', () => {
    expect(codeOf(() => decodeInput(Code.DagPaused, Buffer.from('02', 'hex')))).toBe('unknown-version');
    expect(() => decodeInput(9999, Buffer.alloc(0))).toThrow('9999');
  });

  it('every proper prefix of an input', () => {
    const body = { executor: 'ocr-1', incarnation: 'b' };
    const sender = { inputId: 'in-1', receivedAtMs: 1764000000000, principal: 'ann', traceparent: null };
    const bytes = encodeInput(sealInput(Code.Heartbeat, sender, body));
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => decodeInput(Code.Heartbeat, bytes.subarray(0, length)))).toBe('undecodable');
    }
  });
});

describe('what has no encoding', () => {
  const paused = (dag: unknown) => () => encodeBody(Code.DagPaused, { dag } as never);

  it.each([
    ['2^53', paused(2 ** 53)],
    ['a fraction', paused(0.5)],
    ['not a number', paused(Number.NaN)],
    ['a string for a number', paused('1')],
    ['a missing field', paused(undefined)],
    ['an int of 2^31', () => encodeBody(Code.DagReprioritized, { dag: 1, priority: 2 ** 31 })],
    ['half of a surrogate pair', () => encodeBody(Code.DagHeld, { dag: 1, reason: 'a\ud83c' })],
    ['half of a pair in a long string', () => encodeBody(Code.DagHeld, { dag: 1, reason: `${'x'.repeat(99)}\udf4c` })],
    ['an unknown symbol', () => encodeBody(Code.DagEnding, { dag: 1, outcome: 'lost', code: '', job: 0 } as never)],
    ['a digest of 15 bytes', () => encodeBody(Code.ReportSnapshot, { turn: 1, uri: '', stateHash: Buffer.alloc(15) })],
  ])('%s', (_what, run) => {
    expect(codeOf(run)).toBe('invalid-value');
  });

  it('leaves nothing behind for the next one', () => {
    expect(paused('x')).toThrow();
    expect(encodeBody(Code.DagPaused, { dag: 1 }).toString('hex')).toBe('02');
  });
});

describe('memory', () => {
  it('grows for a large body and is not shared between results', () => {
    const output = Buffer.alloc(3_000_000, 0x20);
    output.write('1');
    const lease = { dag: 1, job: 2, attempt: 3, token: 4 };
    const large = encodeBody(Code.CompleteJob, { lease, output, blob: null, unitsUsed: null });
    const before = Buffer.from(large);
    encodeBody(Code.CompleteJob, { lease, output: Buffer.alloc(3_000_000, 1), blob: null, unitsUsed: null });
    expect(large.equals(before)).toBe(true);
    expect(decodeBody(Code.CompleteJob, large).output).toSatisfy((bytes: Uint8Array) => output.equals(bytes));
  });

  it('reads from any view of memory', () => {
    const bytes = encodeBody(Code.DagHeld, { dag: 300, reason: 'tenant-open-dags' });
    const shifted = new Uint8Array(bytes.length + 7);
    shifted.set(bytes, 5);
    const view = shifted.subarray(5, 5 + bytes.length);
    expect(decodeBody(Code.DagHeld, view)).toEqual({ dag: 300, reason: 'tenant-open-dags' });
  });
});
