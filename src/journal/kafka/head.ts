import { turnHash } from '../../catalogue/digest.js';
import type { IncomingRecord } from '../../kafka/partition-reader.js';
import { JournalDamaged } from '../errors.js';
import type { Head } from '../port.js';
import { positionsAfter } from './record.js';
import { readHeader } from './tail.js';

/** What a log was at one of its records. */
export interface HeadAt {
  readonly head: Head;
  /** Whether the record says which inputs had been taken. */
  readonly positionsKnown: boolean;
}

/** The head as it was when the record of a turn was accepted. Throws `JournalDamaged` and `unknown-version`. */
export function headAt(topic: string, record: IncomingRecord, turn: number): HeadAt {
  const bytes = record.value ?? Buffer.alloc(0);
  const damaged = (reason: string, cause: unknown) =>
    new JournalDamaged({ turn, file: topic, offset: record.offset, reason }, cause);
  const { epoch, at } = readHeader(bytes, damaged);
  const positions = positionsAfter(record);
  const head = { turn, hash: turnHash(bytes), epoch, at, positions: positions ?? new Map<string, number>() };
  return { head, positionsKnown: positions !== null };
}
