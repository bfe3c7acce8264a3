/** What a feed makes of positions that a partition does not have. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { KafkaFault } from '../../src/kafka/fault.js';
import { PartitionFeed } from '../../src/kafka/partition-feed.js';
import { PATIENT } from '../support/patience.js';

const GONE = new KafkaFault('kafka-records-gone', 'marie.c.submissions/0 could not be read from 24', false);

/** Reads from position 24 on of a partition with these bounds; gives what it came to. */
async function fedFrom24(bounds: { readonly start: number; readonly end: number }) {
  const lost: (readonly [number, number])[] = [];
  let failed = null as Error | null;
  const reader = {
    bounds: async () => bounds,
    close: () => undefined,
    read: async (from: number) => {
      if (from < bounds.start || from > bounds.end) throw GONE;
      return { records: [], next: from, ...bounds };
    },
  };
  const feed = new PartitionFeed(reader, 24, {
    records: () => undefined,
    lost: async (from, to) => void lost.push([from, to]),
    room: () => new Promise((resolve) => setTimeout(resolve, 1)),
    failed: (error) => {
      failed = error;
    },
  });
  feed.start();
  onTestFinished(() => feed.stop());
  await vi.waitFor(() => expect(feed.isAtEnd || failed !== null).toBe(true), PATIENT);
  return { lost, failed };
}

it('goes on behind what is gone', async () => {
  expect(await fedFrom24({ start: 30, end: 30 })).toEqual({ lost: [[24, 30]], failed: null });
});

it('says so when the partition ends before what was read of it: it is another one, and how much it is too short', async () => {
  const { lost, failed } = await fedFrom24({ start: 0, end: 5 });
  expect(lost).toEqual([]);
  expect(failed).toMatchObject({ code: 'kafka-topic-anew', isPassing: false });
  expect(failed!.message).toMatch(/from 24; it ends at 5, 19 records before that/);
});
