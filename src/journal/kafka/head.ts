import { turnHash } from '../../catalogue/digest.js';
import type { IncomingRecord } from '../../kafka/reading/partition-reader.js';
import type { Head } from '../port.js';
import { positionsAfter } from './record.js';
import { bytesOf, readHeader } from './tail.js';

/** What a log was at one of its records. */
export interface HeadAt {
  readonly head: Head;
  /** Whether the record says which inputs had been taken. */
  readonly positionsKnown: boolean;
}

/** The head as it was when the record of a turn was accepted. Throws `JournalDamaged` and `unknown-version`. */
export function headAt(topic: string, record: IncomingRecord, turn: number): HeadAt {
  const { epoch, at } = readHeader(topic, record, turn);
  const positions = positionsAfter(record);
  const head = { turn, hash: turnHash(bytesOf(record)), epoch, at, positions: positions ?? new Map<string, number>() };
  return { head, positionsKnown: positions !== null };
}
