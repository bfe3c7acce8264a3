import { KafkaFault } from '../../kafka/fault.js';
import type { PartitionReader } from '../../kafka/partition-reader.js';
import { JournalDamaged } from '../errors.js';
import type { JournalRecord } from '../port.js';
import { emptyHead, ReaderRule } from '../rule.js';
import { seekTurn } from './seek.js';
import { JournalTail, readHeader } from './tail.js';

/** Where turns are read. */
export interface TurnsPlace {
  readonly topic: string;
  readonly cell: string;
  /** Makes a reader for one reading. */
  readonly openReader: () => PartitionReader;
}

/** Which turns are read. */
export interface TurnsRange {
  readonly fromTurn: number;
  /** The last one as it is known now, which is there; without it, the end that is met is the end. */
  readonly toTurn?: () => number;
  /** The first offset of the topic. */
  readonly start: number;
}

/** The accepted records from a turn on. Throws as `JournalTail` does, and `kafka-records-gone` before `toTurn`. */
export async function* readTurns(
  { topic, cell, openReader }: TurnsPlace,
  { fromTurn, toTurn, start }: TurnsRange,
): AsyncGenerator<JournalRecord> {
  const reader = openReader();
  try {
    const first = await seekTurn(reader, fromTurn, Math.max(start, fromTurn - 1));
    if (first === null && toTurn === undefined) return;
    if (first === null) throw new KafkaFault('kafka-records-gone', `${topic} no longer has turn ${fromTurn}`, false);
    const damaged = (reason: string, cause: unknown) =>
      new JournalDamaged({ turn: fromTurn, file: topic, offset: first.offset, reason }, cause);
    const { epoch, prev } = readHeader(first.value ?? Buffer.alloc(0), damaged);
    const isWhole = fromTurn === 1;
    const head = isWhole ? emptyHead() : { ...emptyHead(), turn: fromTurn - 1, hash: prev, epoch };
    const rule = new ReaderRule({ cell, head, positionsComplete: isWhole });
    const tail = new JournalTail(topic, reader, rule, first.offset);
    for (let isAtEnd = false; toTurn === undefined ? !isAtEnd : rule.turn < toTurn(); ) {
      const more = await tail.more(0);
      isAtEnd = more.isAtEnd;
      for (const record of more.records) {
        // The topic may have more by now.
        if (toTurn !== undefined && record.turn > toTurn()) return;
        yield record;
      }
    }
  } finally {
    reader.close();
  }
}
