import { turnHash } from '../../catalogue/digest.js';
import type { IncomingRecord } from '../../kafka/reading/partition-reader.js';
import type { Head } from '../port.js';
import { positionsIn } from './record.js';
import { bytesOf, readHeader } from './tail.js';

/**
 * The head as it was when the record of a turn was accepted, and whether the record says which inputs had been taken.
 * Throws `JournalDamaged` and `unknown-version`.
 */
export function headAt(topic: string, record: IncomingRecord, turn: number) {
  const { epoch, at } = readHeader(topic, record, turn);
  const positions = positionsIn(record);
  const head: Head = { turn, hash: turnHash(bytesOf(record)), epoch, at, positions: positions ?? new Map() };
  return { head, positionsKnown: positions !== null };
}
