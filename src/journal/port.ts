/**
 * The journal port: one totally ordered log of turn records, the only source of truth (laws 1 and 3).
 *
 * Promises that every adapter keeps, and that `test/contract/journal.ts` checks:
 * - Ordering: records are read in the order in which they were appended.
 * - Ownership: one writer at a time; the writer awaits each append before the next one.
 * - Durability: when `append` resolves, the record survives what the adapter's sync policy promises.
 * - Failure: a rejected `append` of a file journal is fatal (its fsync may not be repeated); the caller exits. Every
 *   later one is rejected with the same error.
 * - Every record that is read has passed the reader's rule (`rule.ts`).
 */

import { errorCode } from '../catalogue/thrown.js';

/** Where the accepted log ends: what the next record must chain on. */
export interface Head {
  /** Number of the last accepted turn; 0 for an empty journal. */
  readonly turn: number;
  /** SHA-256 of the last accepted record's bytes; 32 zeros for an empty journal. */
  readonly hash: Uint8Array;
  /** Epoch of the last accepted record; 0 for an empty journal. */
  readonly epoch: number;
  /** Journal time of the last accepted record in ms; 0 for an empty journal. */
  readonly at: number;
  /** For each input partition, the first position that no accepted turn has taken. */
  readonly positions: ReadonlyMap<string, number>;
}

/** One accepted turn record, as it stands in the log. */
export interface JournalRecord {
  readonly turn: number;
  /** Canonical Avro bytes of the Turn. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array;
}

/** What can be read without writing. */
export interface JournalReader {
  /**
   * Accepted records from `fromTurn` (inclusive) to the end that is known when the iteration reaches it. The first
   * record is found without a scan of what comes before it. Records and their bytes stay as they are: no buffer is used
   * again. Throws `JournalDamaged` naming the turn, and `JournalError` (`not-found`) for a turn that is
   * archived, also while the journal is open.
   */
  read(fromTurn: number): AsyncIterable<JournalRecord>;
  /** The earliest turn that was there when it was opened; 1 unless the log was archived. */
  firstTurn(): number;
}

/**
 * The records from one turn to another, both included. The one after them isn't asked for: it may be damaged, and
 * doesn't concern who wants these. Throws as `read` does.
 */
export async function* readTo(
  journal: Pick<JournalReader, 'read'>,
  fromTurn: number,
  toTurn: number,
): AsyncGenerator<JournalRecord> {
  if (fromTurn > toTurn) return;
  for await (const record of journal.read(fromTurn)) {
    yield record;
    if (record.turn >= toTurn) return;
  }
}

/**
 * One turn's record; `gone` where it is archived, which is found out by reading it, as a journal may be archived while
 * it is open; `to-come` after the end.
 */
export async function readTurn(
  journal: Pick<JournalReader, 'read'>,
  turn: number,
): Promise<JournalRecord | 'gone' | 'to-come'> {
  try {
    for await (const record of journal.read(turn)) return record;
    return 'to-come';
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** Whether reading a turn failed because it is archived. */
export function isGone(error: unknown): boolean {
  return errorCode(error) === 'not-found';
}

export interface Journal extends JournalReader {
  /** The head after opening, and after every append that resolved. */
  head(): Head;
  /**
   * Appends one encoded Turn whose `prev` is the hash of the head. `hash` is the SHA-256 of `bytes` (the caller has it
   * already, the next turn is chained on it). Resolves when it is durable under the sync policy. `bytes` may be used
   * again then, `hash` belongs to the journal. A record that the reader's rule would not accept is refused before
   * anything is written. Rejects with `JournalError` (`append-failed`, `journal-foreign-cell`, `disk-full`).
   */
  append(bytes: Uint8Array, hash: Uint8Array): Promise<void>;
  /** Waits for what is under way and releases all resources. */
  close(): Promise<void>;
}

/** What came after the head. */
export interface Followed {
  /** Records that were accepted, in order. */
  readonly records: readonly JournalRecord[];
  /** Whether that is all there is for now. */
  readonly isAtEnd: boolean;
  /** When the last of the records was taken, by the clock of the log's brokers; absent where there are none. */
  readonly appendedAtMs?: number;
}

/**
 * A journal that other processes append to as well (ADR 0010). Its `append` rejects with `TurnVoided` when a
 * foreign turn was accepted first, and with what else makes appending of no use; while the outcome is unknown it finds
 * out, however long that takes.
 */
export interface SharedJournal extends Journal {
  /**
   * The records that were accepted after the head, after waiting at most `waitMs` for one; the head moves past them.
   * Not while an append is under way. Throws `JournalDamaged`, or that the journal is out of reach for now, and at once
   * when it is closed meanwhile.
   */
  follow(waitMs: number): Promise<Followed>;
}
