/** The end of a journal on Kafka is read again after a fault: whether it still has what was read of it. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { openKafkaJournal } from '../../src/journal/kafka/open.js';
import { readTurns } from '../../src/journal/kafka/read.js';
import { JournalTail } from '../../src/journal/kafka/tail.js';
import type { JournalRecord } from '../../src/journal/port.js';
import { emptyHead, ReaderRule } from '../../src/journal/rule.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import { type Fetched, PartitionReader } from '../../src/kafka/reading/partition-reader.js';
import { CELL, readAll, turnAfter } from '../contract/journal-support/turns.js';

const AWAY = new KafkaFault('kafka-unavailable', 'away', false);
const GONE = new KafkaFault('kafka-records-gone', 'out of range', false);

/** A log of these turns, of which the first `start` are gone, and which gives those before `given`. */
class Log {
  start = 0;
  given = Number.MAX_SAFE_INTEGER;
  isAway = false;

  constructor(readonly turns: JournalRecord[]) {}

  read = async (from: number): Promise<Fetched> => {
    const { turns, start } = this;
    if (this.isAway) throw AWAY;
    if (from < start || from > turns.length) throw GONE;
    const end = Math.min(this.given, turns.length);
    const records = turns.slice(from, end).map(({ bytes }, i) => {
      return { offset: from + i, timestampMs: 1, key: null, value: Buffer.from(bytes), headers: {} };
    });
    return { records, next: Math.max(from, end), end, stable: end };
  };

  bounds = async () => ({ start: this.start, end: Math.min(this.given, this.turns.length) });

  close = () => undefined;
}

/** A log of three turns that was read to its end, and then was out of reach. */
async function readAndAway() {
  const rule = new ReaderRule({ cell: CELL });
  const turns: JournalRecord[] = [];
  for (let head = emptyHead(); turns.length < 4; ) {
    const turn = turnAfter(head);
    turns.push(turn);
    head = { ...head, turn: turn.turn, hash: turn.hash, at: head.at + 10, epoch: 1 };
  }
  const fourth = turns.pop()!;
  const log = new Log(turns);
  const tail = new JournalTail('topic', log as never, rule, 0);
  expect((await tail.more(0)).records).toHaveLength(3);
  log.isAway = true;
  await expect(tail.more(0)).rejects.toBe(AWAY);
  log.isAway = false;
  return { log, tail, fourth };
}

it('goes on where the last record is as it was', async () => {
  const { log, tail, fourth } = await readAndAway();
  expect(await tail.more(0)).toEqual({ records: [], isAtEnd: true });
  log.turns.push(fourth);
  expect((await tail.more(0)).records).toMatchObject([{ turn: 4 }]);
});

it('goes on where the last record is gone because all up to it was archived', async () => {
  const { log, tail, fourth } = await readAndAway();
  log.start = 3;
  log.turns.push(fourth);
  expect((await tail.more(0)).records).toMatchObject([{ turn: 4 }]);
});

it('waits where the broker does not give the last record yet', async () => {
  const { log, tail } = await readAndAway();
  log.given = 2;
  await expect(tail.more(0)).rejects.toMatchObject({ code: 'kafka-unavailable', message: /does not give yet/ });
  log.given = 3;
  expect(await tail.more(0)).toEqual({ records: [], isAtEnd: true });
});

it.each([
  ['ends before it', 0, /ends at 2/],
  ['has another in its place', 1, /has another record at 2/],
  ['has others in its place and behind it', 2, /has another record at 2/],
])('stops where the log %s', async (_what, others, message) => {
  const { log, tail, fourth } = await readAndAway();
  log.turns.splice(2, 1, ...Array.from({ length: others }, () => fourth));
  await expect(tail.more(0)).rejects.toMatchObject({ code: 'journal-ahead', message });
});

it('says of turns that were archived since the journal was opened that they are gone, and not that it has ended', async () => {
  const { log } = await readAndAway();
  const place = { topic: 'topic', cell: CELL, openReader: () => log as never };
  const journal = { read: (fromTurn: number) => readTurns(place, { fromTurn, start: 0 }) };
  const read = async (fromTurn: number) => (await readAll(journal, fromTurn)).map(({ turn }) => turn);
  expect(await read(1)).toEqual([1, 2, 3]);
  log.start = 2;
  await expect(read(1)).rejects.toMatchObject({ name: 'JournalError', code: 'not-found' });
  await expect(read(2)).rejects.toMatchObject({ name: 'JournalError', code: 'not-found' });
  expect(await read(3)).toEqual([3]);
  expect(await read(4)).toEqual([]);
});

it('reads on to the end that the broker has, where it does not give all of it at first', async () => {
  const { log } = await readAndAway();
  log.given = 2;
  const bounds = async () => {
    log.given = 3;
    return { start: 0, end: 3 };
  };
  const place = { topic: 'topic', cell: CELL, openReader: () => Object.assign(log, { bounds }) as never };
  const journal = { read: (fromTurn: number) => readTurns(place, { fromTurn, start: 0 }) };
  expect((await readAll(journal)).map(({ turn }) => turn)).toEqual([1, 2, 3]);
});

it('ends where a log ends that has lost its last records since it was asked for its end', async () => {
  const { log } = await readAndAway();
  log.given = 2;
  let asked = 0;
  const read = async (from: number) => {
    expect(++asked).toBeLessThan(10);
    return log.read(from);
  };
  const bounds = vi.fn(log.bounds).mockResolvedValueOnce({ start: 0, end: 3 });
  const place = { topic: 'topic', cell: CELL, openReader: () => ({ ...log, read, bounds }) as never };
  const journal = { read: (fromTurn: number) => readTurns(place, { fromTurn, start: 0 }) };
  expect((await readAll(journal)).map(({ turn }) => turn)).toEqual([1, 2]);
});

it('does not take a store for ahead of the journal whose turn is archived while that is opened', async () => {
  const { log } = await readAndAway();
  const bounds = vi.spyOn(PartitionReader.prototype, 'bounds').mockImplementation(log.bounds);
  const read = vi.spyOn(PartitionReader.prototype, 'read').mockImplementation(log.read);
  onTestFinished(() => [bounds, read].forEach((spy) => void spy.mockRestore()));
  bounds.mockImplementationOnce(async () => {
    const before = await log.bounds();
    log.start = 2;
    return before;
  });
  const covered = { turn: 1, hash: log.turns[0]!.hash };
  const opening = openKafkaJournal({ connection: {} as never, topic: 'topic', cell: CELL, covered });
  await expect(opening).rejects.toMatchObject({ code: 'kafka-records-gone', firstTurn: 3 });
  const ahead = openKafkaJournal({
    connection: {} as never,
    topic: 'topic',
    cell: CELL,
    covered: { ...covered, turn: 9 },
  });
  await expect(ahead).rejects.toMatchObject({ code: 'journal-ahead' });
});
