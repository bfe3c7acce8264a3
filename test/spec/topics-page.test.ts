/** What docs/topics.md says of keys and headers is what is written. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../../src/catalogue/generated/types.js';
import { inputOfRecord } from '../../src/inbox/kafka/record.js';
import { Framing } from '../../src/kafka/framing.js';
import { edgeOf } from '../../src/main/kafka/edge.js';
import { recordsOf } from '../../src/outbox/kafka/project.js';

const PAGE = readFileSync(new URL('../../docs/topics.md', import.meta.url), 'utf8');

/** The cells of the table's row that begins so. */
function row(begin: string): readonly string[] {
  const line = PAGE.split('\n').find((one) => one.startsWith(`| ${begin}`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

const framing = new Framing();

/** The record of a refusal, of this input where one caused it. */
function refusalOf(dag: number, input?: InputEntry) {
  const cause = input === undefined ? CauseCode.shell : 0;
  const event = { code: Code.InputRefused, cause, body: { code: 'not-found', dag, problems: [] } };
  const lookups = { framing, nameOfDag: () => null, dispatches: new Map() };
  const turn = {
    cell: 'main',
    epoch: 1,
    turn: 2,
    hash: new Uint8Array(32),
    atMs: 3,
    entries: [...(input === undefined ? [] : [input]), event as unknown as EventEntry],
  };
  return recordsOf(turn, lookups)[0]!;
}

it('refusals are keyed by the DAG that they are about, or by -1', () => {
  expect([refusalOf(7), refusalOf(-1)].map(({ topic, record }) => [topic, record.key])).toEqual([
    ['refusals', '7'],
    ['refusals', '-1'],
  ]);
  expect(row('`<ns>.refusals`')[3]).toBe('DAG, by sequence number; `-1` for none');
});

it('a repeat is told by the schema, too: a dispatch has the id of its event', () => {
  expect(PAGE).toContain('(`cell`, `turn`, `index`, `schema`) tells a repeat');
});

it('the timings of a turn have no place in it', () => {
  expect(row('`index`')[2]).toMatch(/not of `TurnTimings@1`/);
  expect(row('`epoch`, `at-ms`')[2]).toMatch(/not of `TurnTimings@1`/);
});

it('the refusal of what could not be read tells where it stands, and the digest of its bytes', () => {
  const value = Buffer.from([7, 1, 2, 3]);
  const record = { offset: 5, timestampMs: 1, key: null, value, headers: {} };
  const input = inputOfRecord(record, { topic: 'controls', partition: 3 }, framing, edgeOf('main'));
  const sha256 = createHash('sha256').update(value).digest('hex');
  expect(refusalOf(-1, input).record.headers).toMatchObject({ 'input-id': 'controls/3/5', sha256 });
  expect(row('`sha256`')[2]).toMatch(/could not be read/);

  const sender = { inputId: 'i', receivedAtMs: 1, principal: null, traceparent: null };
  const readable = sealInput(Code.CordonExecutor, sender, { executor: 'e' });
  expect(refusalOf(-1, readable).record.headers).not.toHaveProperty('sha256');
});
