/** A turn is found in the log wherever it is, whatever void records of deposed leaders stand around it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seekTurn } from '../../src/journal/kafka/seek.js';
import { emptyHead } from '../../src/journal/rule.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import type { Fetched } from '../../src/kafka/reading/partition-reader.js';
import { turnAfter } from '../contract/journal-support/turns.js';

/** Behind each turn, the void records: each names a turn that is there already, so many before. */
const voidsArbitrary = fc.array(fc.array(fc.nat({ max: 60 }), { maxLength: 5 }), { minLength: 1, maxLength: 80 });

/** What turns the records name, in the order of the log. */
function logOf(voids: readonly (readonly number[])[]): number[] {
  return voids.flatMap((backs, index) => [index + 1, ...backs.map((back) => Math.max(1, index + 1 - back))]);
}

/** Gives so many records at once; those before `start` are gone. */
function readerOf(log: readonly number[], atOnce: number, start = 0) {
  const values = new Map([...new Set(log)].map((turn) => [turn, turnAfter({ ...emptyHead(), turn: turn - 1 }).bytes]));
  return {
    bounds: async () => ({ start, end: log.length }),
    async read(from: number): Promise<Fetched> {
      const isThere = start <= from && from <= log.length;
      if (!isThere) throw new KafkaFault('kafka-records-gone', `it goes from ${start} to ${log.length}`, false);
      const next = Math.min(log.length, from + atOnce);
      const records = log.slice(from, next).map((turn, index) => ({
        offset: from + index,
        key: null,
        value: Buffer.from(values.get(turn)!),
        headers: {},
        timestampMs: 0,
      }));
      return { records, next, end: log.length, stable: log.length };
    },
  };
}

it('finds the first record of every turn, and none of a turn that is not there', async () => {
  await fc.assert(
    fc.asyncProperty(voidsArbitrary, fc.integer({ min: 1, max: 12 }), async (voids, atOnce) => {
      const log = logOf(voids);
      const reader = readerOf(log, atOnce);
      for (let turn = 1; turn <= voids.length; turn++) {
        expect(await seekTurn(reader, turn, 0)).toMatchObject({ offset: log.indexOf(turn) });
      }
      for (const behind of [1, 2, 1000]) expect(await seekTurn(reader, voids.length + behind, 0)).toBe('to-come');
    }),
    { numRuns: Number(process.env.MARIE_RUNS ?? 200), seed: Number(process.env.MARIE_SEED ?? 7) },
  );
});

it('finds the turns that are there in a log whose beginning was archived, wherever that was thought to begin', async () => {
  await fc.assert(
    fc.asyncProperty(voidsArbitrary, fc.nat(), fc.integer({ min: 1, max: 12 }), async (voids, cut, atOnce) => {
      const log = logOf(voids);
      const first = 1 + (cut % voids.length);
      const reader = readerOf(log, atOnce, log.indexOf(first));
      for (let turn = 1; turn <= voids.length; turn++) {
        const found = await seekTurn(reader, turn, 0);
        if (turn < first) expect(found).toBe('gone');
        else expect(found).toMatchObject({ offset: log.indexOf(turn) });
      }
    }),
    { numRuns: Number(process.env.MARIE_RUNS ?? 200), seed: Number(process.env.MARIE_SEED ?? 7) },
  );
});

it('is waited for where the broker has just come to lead, and does not give it yet', async () => {
  const log = [1, 2, 3, 4];
  const reader = readerOf(log, 1);
  let given = 2;
  const late = {
    async read(from: number): Promise<Fetched> {
      const fetched = await reader.read(from);
      return from < given ? fetched : { ...fetched, records: [], next: from, end: given };
    },
    async bounds() {
      if (given === log.length) return reader.bounds();
      given = log.length;
      throw new KafkaFault('kafka-unavailable', 'there is no leader for this topic-partition', false);
    },
  };
  await expect(seekTurn(late, 4, 0)).rejects.toMatchObject({ code: 'kafka-unavailable' });
  expect(await seekTurn(late, 4, 0)).toMatchObject({ offset: 3 });
});
