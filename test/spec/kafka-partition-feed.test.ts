/** What a feed makes of positions that a partition does not have, and of those that it is not given. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { KafkaFault } from '../../src/kafka/fault.js';
import { HeldBack } from '../../src/kafka/reading/held-back.js';
import { PartitionFeed } from '../../src/kafka/reading/partition-feed.js';
import { PATIENT } from '../support/patience.js';

const MISSING = new KafkaFault('kafka-topic-missing', 'marie.c.submissions/0 could not be read from 3', false);
const GONE = new KafkaFault('kafka-records-gone', 'marie.c.submissions/0 could not be read from 24', false);

/** Reads from position 24 on of a partition with these bounds; gives what it came to. */
async function fedFrom24(bounds: { readonly start: number; readonly end: number }) {
  const lost: (readonly [number, number])[] = [];
  const faults: KafkaFault[] = [];
  let failed = null as Error | null;
  const reader = {
    bounds: async () => bounds,
    close: () => undefined,
    read: async (from: number) => {
      if (from < bounds.start || from > bounds.end) throw GONE;
      return { records: [], next: from, stable: bounds.end, ...bounds };
    },
  };
  const feed = new PartitionFeed(reader, 24, {
    records: () => undefined,
    lost: async (from, to) => void lost.push([from, to]),
    room: () => new Promise((resolve) => setTimeout(resolve, 1)),
    fault: (fault) => void (fault !== null && faults.push(fault)),
    failed: (error) => {
      failed = error;
    },
  });
  feed.start();
  onTestFinished(() => feed.stop());
  await vi.waitFor(() => expect(feed.isAtEnd || failed !== null).toBe(true), PATIENT);
  return { lost, faults, failed };
}

it('goes on behind what is gone', async () => {
  expect(await fedFrom24({ start: 30, end: 30 })).toEqual({ lost: [[24, 30]], faults: [GONE], failed: null });
});

it('says so when the partition ends before what was read of it, and how much it is too short', async () => {
  const { lost, failed } = await fedFrom24({ start: 0, end: 5 });
  expect(lost).toEqual([]);
  expect(failed).toMatchObject({ code: 'kafka-topic-anew', isPassing: false });
  expect(failed!.message).toMatch(/from 24; it ends at 5, 19 records before 24: it is not what was read$/);
});

it('says nothing of what is gone once it is stopped, though it had asked for it before', async () => {
  const told: string[] = [];
  let answer = (_bounds: { readonly start: number; readonly end: number }): void => undefined;
  const bounds = vi.fn(() => new Promise<Parameters<typeof answer>[0]>((resolve) => (answer = resolve)));
  const reader = { bounds, close: () => undefined, read: () => Promise.reject(GONE) };
  for (const found of [
    { start: 30, end: 30 },
    { start: 0, end: 5 },
  ]) {
    bounds.mockClear();
    const feed = new PartitionFeed(reader, 24, {
      records: () => undefined,
      lost: async () => void told.push('lost'),
      room: async () => undefined,
      fault: (fault) => void (fault !== null && told.push('fault')),
      failed: () => void told.push('failed'),
    });
    feed.start();
    await vi.waitFor(() => expect(bounds).toHaveBeenCalled(), PATIENT);
    const stopped = feed.stop();
    answer(found);
    await stopped;
  }
  expect(told).toEqual([]);
});

/** Reads a partition whose records were taken at one time, then fails in these ways, and then is as `again` says. */
async function fedAgain(
  again: { readonly start?: number; readonly end?: number; readonly without?: number; readonly atMs: number },
  faults = [MISSING],
  from = 0,
) {
  const OFFSETS = [0, 1, 2, 3];
  const given: number[] = [];
  let failed = null as Error | null;
  let now = { start: 0, end: 3, without: -1, atMs: 1000 };
  const waiting: KafkaFault[] = [];
  const reader = {
    bounds: async () => now,
    close: () => undefined,
    read: async (from: number) => {
      const { start, end, without, atMs } = now;
      const fault = waiting.shift();
      if (fault !== undefined) {
        if (waiting.length === 0) now = { ...now, end: 4, ...again };
        throw fault;
      }
      if (from < start || from > end) throw GONE;
      const there = OFFSETS.filter((offset) => from <= offset && offset < end && offset !== without);
      const records = there.map((offset) => ({ offset, timestampMs: atMs, key: null, value: null, headers: {} }));
      return { records, next: records.length > 0 ? end : from, stable: end, end };
    },
  };
  const feed = new PartitionFeed(reader, from, {
    records: ({ records }) => void given.push(...records.map(({ offset }) => offset)),
    lost: async () => undefined,
    room: () => new Promise((resolve) => setTimeout(resolve, 1)),
    failed: (error) => {
      failed = error;
    },
  });
  feed.start();
  onTestFinished(() => feed.stop());
  await vi.waitFor(() => expect(feed.isAtEnd).toBe(true), PATIENT);
  expect(given).toEqual([0, 1, 2].slice(from));
  waiting.push(...faults);
  await vi.waitFor(() => expect(waiting.length === 0 && (failed !== null || feed.isAtEnd)).toBe(true), PATIENT);
  return { given, failed };
}

it('goes on after a fault where the record that it read last is still there, or is gone', async () => {
  for (const again of [{ atMs: 1000 }, { start: 3, atMs: 2000 }]) {
    expect(await fedAgain(again)).toEqual({ given: [0, 1, 2, 3], failed: null });
  }
});

it('has read all after a fault where the record that it read last is gone, and none stands behind it', async () => {
  const again = { end: 3, without: 2, atMs: 1000 };
  expect(await fedAgain(again)).toEqual({ given: [0, 1, 2], failed: null });
});

it('says so when the partition ends just there: nothing is given of it, and it is no error to ask', async () => {
  const { failed } = await fedAgain({ end: 2, atMs: 2000 });
  expect(failed).toMatchObject({ code: 'kafka-topic-anew', isPassing: false });
  expect(failed!.message).toMatch(/; it ends at 2, 1 records before 3/);
});

it('says so when there is another record in its place: it is another topic, although it is as long by now', async () => {
  for (const faults of [[MISSING], [MISSING, GONE]]) {
    const { given, failed } = await fedAgain({ atMs: 2000 }, faults);
    expect(given).toEqual([0, 1, 2]);
    expect(failed).toMatchObject({ code: 'kafka-topic-anew', isPassing: false });
    expect(failed!.message).toMatch(/could not be read from .*; at 2 is another record than was read/);
  }
});

it('says so, too, where it had read nothing yet: the record before the first that it reads is another one', async () => {
  const { given, failed } = await fedAgain({ atMs: 2000 }, [MISSING], 3);
  expect(given).toEqual([]);
  expect(failed).toMatchObject({ code: 'kafka-topic-anew' });
  expect(failed!.message).toMatch(/; at 2 is another record than was read/);
  expect(await fedAgain({ atMs: 1000 }, [MISSING], 3)).toEqual({ given: [3], failed: null });
});

it('goes on where no record stands before the first that it reads: it is gone, or was one of a transaction', async () => {
  for (const start of [0, 24])
    expect(await fedFrom24({ start, end: 24 })).toEqual({ lost: [], faults: [], failed: null });
});

it('waits on, for ever longer, where what comes next can not be read, though what stands before it can', async () => {
  const UNREAD = new KafkaFault('kafka-unavailable', 'marie.c.submissions/0 could not be read from 3', false);
  const told: (KafkaFault | null)[] = [];
  const asked: number[] = [];
  const [bounds, record] = [
    { start: 0, end: 5 },
    { timestampMs: 1000, key: null, value: null, headers: {} },
  ];
  const reader = {
    bounds: async () => bounds,
    close: () => undefined,
    read: async (from: number) => {
      asked.push(from);
      if (from === 3) throw UNREAD;
      const records = [0, 1, 2].slice(from).map((offset) => ({ offset, ...record }));
      return { records, next: 3, stable: 5, ...bounds };
    },
  };
  const sink = {
    records: () => undefined,
    lost: async () => undefined,
    room: async () => undefined,
    fault: (fault: KafkaFault | null) => void told.push(fault),
    failed: () => undefined,
  };
  const feed = new PartitionFeed(reader, 0, sink);
  feed.start();
  await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(4), PATIENT);
  await feed.stop();
  expect(told.slice(0, 4)).toEqual([null, UNREAD, UNREAD, UNREAD]);
  expect(asked.slice(0, 6)).toEqual([0, 3, 2, 3, 2, 3]);
});

/** A feed of a partition of which everything was read, whose next answer comes when it is told to, or fails. */
async function waitingFeed() {
  let ms = 0;
  const unheard: (readonly [number, number])[] = [];
  const nothing = { records: [], next: 7, stable: 7, start: 0, end: 7 };
  let answer = (_fault: KafkaFault | null): void => undefined;
  const read = vi.fn(async () => {
    const fault = await new Promise<KafkaFault | null>((resolve) => {
      answer = resolve;
    });
    if (fault !== null) throw fault;
    return nothing;
  });
  const reader = { bounds: async () => nothing, close: () => answer(null), read };
  const sink = {
    records: () => undefined,
    lost: async () => undefined,
    room: async () => undefined,
    unheard: (from: number, to: number) => void unheard.push([from, to]),
    failed: () => undefined,
  };
  const feed = new PartitionFeed(reader, 7, sink, null, () => ms);
  feed.start();
  onTestFinished(() => feed.stop());
  /** The broker answers, or fails, and is asked again. */
  const answered = async (fault: KafkaFault | null = null): Promise<void> => {
    const asked = read.mock.calls.length;
    answer(fault);
    await vi.waitFor(() => expect(read.mock.calls.length).toBeGreaterThan(asked), PATIENT);
  };
  await vi.waitFor(() => expect(read).toHaveBeenCalled(), PATIENT);
  await answered();
  const passes = (by: number): void => {
    ms += by;
  };
  return { feed, unheard, answered, passes };
}

describe('a broker that is silent', () => {
  it('leaves it open, once its answer is overdue, whether everything was read; and that is told with the answer', async () => {
    const { feed, unheard, answered, passes } = await waitingFeed();
    passes(900);
    expect(feed.isAtEnd).toBe(true);
    passes(200);
    expect(feed.isAtEnd).toBe(false);
    expect(unheard).toEqual([]);
    await answered();
    // Callbacks may still be on their way to it.
    expect([feed.isAtEnd, unheard]).toEqual([true, [[0, 1100]]]);
  });

  it('and has failed: it is told from when to when nothing was heard, with its next answer', async () => {
    const { feed, unheard, answered, passes } = await waitingFeed();
    passes(3000);
    await answered(new KafkaFault('kafka-unavailable', 'it is silent', false));
    passes(4000);
    expect([feed.isAtEnd, unheard]).toEqual([false, []]);
    await answered();
    expect([feed.isAtEnd, unheard]).toEqual([true, [[0, 7000]]]);
  });
});

/**
 * What a feed tells of a partition whose end is 100, read every ten
 * seconds, with transactions open from these positions on.
 */
async function toldWhile(untilEnd: boolean, stable: readonly number[]): Promise<readonly (string | null)[]> {
  const told: (string | null)[] = [];
  let reads = 0;
  const reader = {
    bounds: async () => ({ start: 0, end: 100 }),
    close: () => undefined,
    read: async () => {
      const at = stable[reads++]!;
      return { records: [], next: at, stable: at, end: 100 };
    },
  };
  const heldBack = new HeldBack({ what: 'marie.c.callbacks/0', untilEnd, monotonicMs: () => reads * 10_000 });
  const sink = {
    records: () => undefined,
    lost: async () => undefined,
    room: () => (reads < stable.length ? Promise.resolve() : new Promise<void>((resolve) => setTimeout(resolve, 1))),
    fault: (fault: KafkaFault | null) => void told.push(fault === null ? null : `${fault.code}: ${fault.message}`),
    failed: () => undefined,
  };
  const feed = new PartitionFeed(reader, 0, sink, heldBack);
  feed.start();
  await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(stable.length), PATIENT);
  await feed.stop();
  return told.slice(0, stable.length);
}

describe('open transactions', () => {
  const nothing = Array<null>(6).fill(null);
  const held = (seconds: number, from: number): string =>
    `kafka-held-back: open transactions have held back records of marie.c.callbacks/0 for ${seconds} s, now from ${from} on`;

  it('that hold back records for a minute are told of, and that it is over', async () => {
    for (const untilEnd of [true, false]) {
      const told = await toldWhile(untilEnd, [...Array(8).fill(7), 100, 7]);
      expect(told).toEqual([...nothing, held(60, 7), held(70, 7), null, null]);
    }
  });

  it('that overlap are told of where the end must be reached, and only there', async () => {
    const overlapping = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(await toldWhile(true, overlapping)).toEqual([...nothing, held(60, 7), held(70, 8)]);
    expect(await toldWhile(false, overlapping)).toEqual([...nothing, null, null]);
  });
});
