import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import type { IncomingRecord } from '../../kafka/reading/partition-reader.js';
import { positionsAfter, type TurnHeader } from '../rule.js';

/** What the value of a journal record is. */
export const TURN_CONTENT_TYPE = 'application/vnd.marie.turn+avro';

/**
 * A turn as a record. The value is the turn's bytes, and nothing else counts for the rule; headers let people and
 * programs see what it is without decoding it. `positions` are those of all inputs after the turn: who begins to read
 * here need not read what comes before.
 */
export function recordOfTurn(
  header: TurnHeader,
  bytes: Uint8Array,
  before: ReadonlyMap<string, number>,
): OutgoingRecord {
  return {
    key: null,
    value: bytes,
    headers: {
      'content-type': TURN_CONTENT_TYPE,
      cell: header.cell,
      turn: String(header.turn),
      epoch: String(header.epoch),
      positions: JSON.stringify([...positionsAfter(before, header.inputs)]),
    },
  };
}

/** The positions of all inputs after a record's turn, or null if its headers don't say. */
export function positionsIn({ headers }: IncomingRecord): ReadonlyMap<string, number> | null {
  const text = headers.positions;
  if (!Buffer.isBuffer(text)) return null;
  try {
    const pairs: unknown = JSON.parse(text.toString('utf8'));
    return Array.isArray(pairs) && pairs.every(isPosition) ? new Map(pairs) : null;
  } catch {
    return null;
  }
}

function isPosition(pair: unknown): pair is [string, number] {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]);
}
