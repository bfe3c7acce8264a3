import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from '../../kafka/fault.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { PartitionReader } from '../../kafka/reading/partition-reader.js';
import { JOURNAL_PARTITION } from '../../kafka/topics/names.js';
import { PartitionWriter } from '../../kafka/writing/partition-writer.js';
import { JournalError } from '../errors.js';
import type { Head, SharedJournal } from '../port.js';
import { emptyHead, ReaderRule, sameBytes } from '../rule.js';
import { headAt } from './head.js';
import { KafkaJournal } from './journal.js';
import { type Beginning, beginningOf, seekTurn } from './seek.js';
import { JournalTail } from './tail.js';

export interface OpenKafkaOptions {
  readonly connection: KafkaConnection;
  /** The journal's topic; it must exist and have one partition. */
  readonly topic: string;
  readonly cell: string;
  /** The turn that a store stands for, with its hash: what comes before it isn't read. */
  readonly covered?: { readonly turn: number; readonly hash: Uint8Array } | null;
  /** How long one append may take before its outcome counts as unknown, in ms. */
  readonly appendTimeoutMs?: number;
  /** Hears what it waits for. */
  readonly onFault?: (fault: KafkaFault | null) => void;
}

const APPEND_TIMEOUT_MS = 3000;

/**
 * Opens a journal on Kafka and reads it to its end. Throws `JournalDamaged`, `KafkaFault`, or `JournalError`:
 * `journal-ahead` (the store stands for a turn that isn't there), `journal-foreign-cell`, `unknown-version`.
 */
export async function openKafkaJournal(options: OpenKafkaOptions): Promise<SharedJournal> {
  const { connection, topic, cell, appendTimeoutMs = APPEND_TIMEOUT_MS, onFault = () => undefined } = options;
  const openReader = (): PartitionReader => new PartitionReader(connection, topic, JOURNAL_PARTITION, false);
  const tailReader = openReader();
  try {
    const begin = await whereToBegin(options, tailReader);
    const { head, offset, start, firstTurn } = begin;
    const last = offset === 0 ? null : { offset: offset - 1, hash: head.hash };
    const tail = new JournalTail(topic, tailReader, new ReaderRule({ cell, head }), offset, last);
    for (let isAtEnd = false; !isAtEnd; ) isAtEnd = (await tail.more(0)).isAtEnd;
    const writer = new PartitionWriter(connection, topic, JOURNAL_PARTITION, appendTimeoutMs);
    const pause = (ms: number): Promise<void> => sleep(ms);
    return new KafkaJournal({ topic, cell, start, firstTurn, writer, tailReader, tail, openReader, pause, onFault });
  } catch (error) {
    tailReader.close();
    throw error;
  }
}

interface Begin extends Beginning {
  readonly head: Head;
  readonly offset: number;
}

/**
 * At the turn of the store, if its record says which inputs had been taken; else at the log's start, which must have its
 * first record then.
 */
async function whereToBegin({ topic, covered = null }: OpenKafkaOptions, reader: PartitionReader): Promise<Begin> {
  const { start, firstTurn } = await beginningOf(topic, reader);
  const fromStart = { head: emptyHead(), offset: 0, start, firstTurn };
  if (covered === null || covered.turn === 0) return start === 0 ? fromStart : beginsLater(topic, firstTurn);
  const { turn } = covered;
  const record = await seekTurn(reader, turn, start);
  // Perhaps just now.
  if (record === 'gone') return beginsLater(topic, (await beginningOf(topic, reader)).firstTurn);
  if (record === 'to-come') {
    throw new JournalError('journal-ahead', `the store stands for turn ${turn}, which ${topic} does not have`);
  }
  const { head, positionsKnown } = headAt(topic, record, turn);
  if (!sameBytes(head.hash, covered.hash)) {
    throw new JournalError('journal-ahead', `the store stands for another turn ${turn} than ${topic} has`);
  }
  if (!positionsKnown) return start === 0 ? fromStart : beginsLater(topic, firstTurn);
  return { head, offset: record.offset + 1, start, firstTurn };
}

/** The topic has turns, but not those that are wanted first: they were archived, or deleted. */
class BeginsLater extends KafkaFault {
  constructor(
    topic: string,
    /** The turn with which it begins. */
    readonly firstTurn: number,
  ) {
    super('kafka-records-gone', `${topic} begins with turn ${firstTurn}; those before are gone`, false);
  }
}

function beginsLater(topic: string, firstTurn: number): never {
  throw new BeginsLater(topic, firstTurn);
}
