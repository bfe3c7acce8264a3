import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../../kafka/connection.js';
import { KafkaFault } from '../../kafka/fault.js';
import { PartitionReader } from '../../kafka/partition-reader.js';
import { PartitionWriter } from '../../kafka/partition-writer.js';
import { JournalError } from '../errors.js';
import type { Head, SharedJournal } from '../port.js';
import { emptyHead, ReaderRule, sameBytes } from '../rule.js';
import { headAt } from './head.js';
import { KafkaJournal } from './journal.js';
import { seekTurn } from './seek.js';
import { JournalTail } from './tail.js';

export interface OpenKafkaOptions {
  readonly connection: KafkaConnection;
  /** The journal's topic; it must exist and have one partition. */
  readonly topic: string;
  readonly cell: string;
  /** The turn that a store stands for, with its hash: what comes before it isn't read. */
  readonly covered?: { readonly turn: number; readonly hash: Uint8Array };
  /** How long one append may take before its outcome counts as unknown, in ms. */
  readonly appendTimeoutMs?: number;
}

/** The partition that holds the journal. */
const PARTITION = 0;
const APPEND_TIMEOUT_MS = 3000;

/**
 * Opens a journal on Kafka and reads it to its end. Throws `JournalDamaged`, `KafkaFault`, or `JournalError`:
 * `journal-ahead` (the store stands for a turn that isn't there), `journal-foreign-cell`, `unknown-version`.
 */
export async function openKafkaJournal(options: OpenKafkaOptions): Promise<SharedJournal> {
  const { connection, topic, cell, appendTimeoutMs = APPEND_TIMEOUT_MS } = options;
  const openReader = (): PartitionReader => new PartitionReader(connection, topic, PARTITION, false);
  const tailReader = openReader();
  try {
    const begin = await whereToBegin(options, tailReader);
    const tail = new JournalTail(topic, tailReader, new ReaderRule({ cell, head: begin.head }), begin.offset);
    for (let isAtEnd = false; !isAtEnd; ) isAtEnd = (await tail.more(0)).isAtEnd;
    const writer = new PartitionWriter(connection, topic, PARTITION, appendTimeoutMs);
    const pause = (ms: number): Promise<void> => sleep(ms);
    return new KafkaJournal({ topic, cell, writer, tailReader, tail, openReader, pause });
  } catch (error) {
    tailReader.drop();
    throw error;
  }
}

interface Begin {
  readonly head: Head;
  readonly offset: number;
}

/** At the turn of the store, if its record says which inputs had been taken; else at the log's start. */
async function whereToBegin({ topic, covered }: OpenKafkaOptions, reader: PartitionReader): Promise<Begin> {
  const { start } = await reader.bounds();
  if (start > 0) {
    throw new KafkaFault('kafka-records-gone', `${topic} begins at offset ${start}; its first records are gone`, false);
  }
  if (covered === undefined || covered.turn === 0) return { head: emptyHead(), offset: 0 };
  const { turn } = covered;
  const record = await seekTurn(reader, turn, turn - 1);
  if (record === null) {
    throw new JournalError('journal-ahead', `the store stands for turn ${turn}, which ${topic} does not have`);
  }
  const { head, positionsKnown } = headAt(topic, record, turn);
  if (!sameBytes(head.hash, covered.hash)) {
    throw new JournalError('journal-ahead', `the store stands for another turn ${turn} than ${topic} has`);
  }
  if (!positionsKnown) return { head: emptyHead(), offset: 0 };
  return { head, offset: record.offset + 1 };
}
