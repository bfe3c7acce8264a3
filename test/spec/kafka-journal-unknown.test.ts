/** An append to a journal on Kafka of which it is not known whether it is there. */
import { expect, it } from 'vitest';
import { KafkaJournal, type KafkaJournalParts } from '../../src/journal/kafka/journal.js';
import { JournalTail } from '../../src/journal/kafka/tail.js';
import { emptyHead, ReaderRule } from '../../src/journal/rule.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import type { Fetched } from '../../src/kafka/reading/partition-reader.js';
import { CELL, turnAfter } from '../contract/journal-support/turns.js';

const AWAY = new KafkaFault('kafka-unavailable', 'away', true);

it('ends where the read that found it broke off behind it', async () => {
  const log: Buffer[] = [];
  let reads = 0;
  const reader = {
    // One record at a time, as where each is larger than what is asked for at once.
    read: async (from: number): Promise<Fetched> => {
      reads += 1;
      if (reads === 2) throw AWAY;
      const records = log.slice(from, from + 1).map((value) => {
        return { offset: from, timestampMs: 1, key: null, value, headers: {} };
      });
      return { records, next: from + records.length, end: log.length, stable: log.length };
    },
  };
  const writer = {
    // Sent twice by the network, and never acknowledged.
    write: async ([record]: readonly { readonly value: Buffer }[]) => {
      log.push(record!.value, record!.value);
      throw AWAY;
    },
    drop: () => undefined,
  };
  const pause = async (): Promise<void> => {
    if (log.length > 4) throw new Error('it is written again and again');
  };
  const tail = new JournalTail('topic', reader as never, new ReaderRule({ cell: CELL }), 0);
  const parts = { writer, tailReader: reader, tail, pause, onFault: () => undefined } as never as KafkaJournalParts;
  const { bytes, hash } = turnAfter(emptyHead());
  await new KafkaJournal(parts).append(bytes, hash);
  expect(log).toHaveLength(2);
});
