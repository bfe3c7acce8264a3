/** Where the journal has the names of DAGs that the state has forgotten, and what it costs to find them. */
import { expect, it } from 'vitest';
import type { AnyEntry } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { JournalNames } from '../../../src/gateway/lifecycle/journal-names.js';
import { JournalError } from '../../../src/journal/errors.js';
import { accepts, turnOf } from '../../support/journal-turns.js';

/** A journal from a turn on, of which each turn accepts as many DAGs as `count` says; counts what is read. */
class Accepting {
  readonly #turns: readonly AnyEntry[][];
  read = 0;
  places = 0;

  constructor(
    turns: number,
    count: (turn: number) => number,
    private first = 1,
  ) {
    let dag = 0;
    this.#turns = Array.from({ length: turns }, (_, index) =>
      accepts(...Array.from({ length: count(index + 1) }, () => ({ dag: ++dag, dagId: `d${dag}` }))),
    );
  }

  names(): JournalNames {
    const records = async function* (this: Accepting, fromTurn: number) {
      this.places += 1;
      if (fromTurn < this.first) throw new JournalError('not-found', `turn ${fromTurn} is before ${this.first}`);
      for (let turn = fromTurn; turn <= this.#turns.length; turn++) {
        this.read += 1;
        yield { turn, bytes: encodeTurn(turnOf(turn, this.#turns[turn - 1]!)), hash: new Uint8Array(32) };
      }
    };
    return new JournalNames({ read: records.bind(this) });
  }

  /** From here on the turns before one are archived. */
  archive(first: number): void {
    this.first = first;
  }
}

it.each([
  ['accepts one in each turn', () => 1],
  ['accepts some in every tenth', (turn: number) => (turn % 10 === 0 ? 3 : 0)],
  ['accepts at its beginning and its end', (turn: number) => (turn < 20 || turn > 980 ? 1 : 0)],
])('finds every DAG of a journal that %s', async (_what, count) => {
  const journal = new Accepting(1_000, count);
  const last = Array.from({ length: 1_000 }, (_, index) => count(index + 1)).reduce((sum, n) => sum + n);
  for (let dag = 1; dag <= last; dag += 7) {
    const found = await journal.names().find([dag], 1_001);
    expect(found.get(dag)).toEqual({ tenant: 'default', dagId: `d${dag}` });
  }
});

it('finds those that are asked for together with as many places as there are digits, and those behind them', async () => {
  const journal = new Accepting(100_000, () => 1);
  const found = await journal.names().find([70_002, 70_001, 70_003], 100_001);
  expect(found.get(70_200)).toEqual({ tenant: 'default', dagId: 'd70200' });
  expect(journal.places).toBeLessThan(20);
  expect(journal.read).toBeLessThan(300);
});

it('reads no turn more than once or twice where nothing is accepted for long', async () => {
  const journal = new Accepting(10_000, (turn) => (turn === 1 ? 2 : 0));
  expect((await journal.names().find([2], 10_001)).get(2)).toEqual({ tenant: 'default', dagId: 'd2' });
  expect(journal.read).toBeLessThan(10_500);
});

it('does not find what an earlier part of the journal had, nor what comes later', async () => {
  const journal = new Accepting(100, () => 1, 50);
  const found = await journal.names().find([10, 60, 90], 80);
  expect([10, 60, 90].map((dag) => found.has(dag))).toEqual([false, true, false]);
});

it('looks once for where an archived journal begins, however many DAGs of before are asked for, and as it is archived on', async () => {
  const journal = new Accepting(4_000, () => 1, 1_001);
  const names = journal.names();
  for (let dag = 1; dag <= 1_000; dag++) expect(await names.find([dag], 2_001 + dag)).toEqual(new Map());
  expect(journal.places).toBeLessThan(20);
  expect(journal.read).toBeLessThan(40);
  expect((await names.find([1_001], 4_001)).has(1_001)).toBe(true);
  journal.archive(2_001);
  [journal.places, journal.read] = [0, 0];
  for (let dag = 2_000; dag > 1_000; dag--) expect(await names.find([dag], 4_001)).toEqual(new Map());
  expect(journal.places).toBeLessThan(30);
  expect((await names.find([2_001], 4_001)).has(2_001)).toBe(true);
});

it('reads what accepts nothing once, where all that was accepted is archived', async () => {
  const journal = new Accepting(2_000, (turn) => (turn <= 1_000 || turn > 1_900 ? 1 : 0), 1_001);
  const names = journal.names();
  for (let dag = 1; dag <= 900; dag++) await names.find([dag], 1_001 + dag);
  expect(journal.read).toBeLessThan(1_000);
  journal.places = 0;
  for (let dag = 1; dag <= 900; dag++) await names.find([dag], 2_001);
  expect(journal.places).toBeLessThan(20);
  expect((await names.find([1_001], 2_001)).has(1_001)).toBe(true);
});

it('looks once behind the last DAG for numbers that nobody has given, until DAGs have them', async () => {
  const journal = new Accepting(4_000, () => 1);
  const names = journal.names();
  for (let dag = 9_000; dag > 8_000; dag--) expect(await names.find([dag], 3_001)).toEqual(new Map());
  expect(journal.places).toBeLessThan(20);
  expect(await names.find([3_500], 3_001)).toEqual(new Map());
  expect((await names.find([3_500, 8_000], 4_001)).has(3_500)).toBe(true);
  expect((await names.find([3_000], 4_001)).has(3_000)).toBe(true);
  expect((await names.find([1], 4_001)).has(1)).toBe(true);
});
