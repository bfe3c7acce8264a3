/** What docs/topics.md says of keys and headers is what is written. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { Framing } from '../../src/kafka/framing.js';
import { recordsOf } from '../../src/outbox/kafka/project.js';

const PAGE = readFileSync(new URL('../../docs/topics.md', import.meta.url), 'utf8');

/** The cells of the table's row that begins so. */
function row(begin: string): readonly string[] {
  const line = PAGE.split('\n').find((one) => one.startsWith(`| ${begin}`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

function refusalOf(dag: number) {
  const event = { code: Code.InputRefused, cause: CauseCode.shell, body: { code: 'not-found', dag, problems: [] } };
  const lookups = { framing: new Framing(), nameOfDag: () => null, dispatches: new Map() };
  const turn = {
    cell: 'main',
    epoch: 1,
    turn: 2,
    hash: new Uint8Array(32),
    atMs: 3,
    entries: [event as unknown as EventEntry],
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
