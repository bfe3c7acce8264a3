/** What an audit says of a journal. */
import type { RowName, Violation } from './invariants/violation.js';

/** The last turn that was folded. */
export interface VerifiedHead {
  readonly turn: number;
  /** SHA-256 of its record, in hex: what the next record chains on. */
  readonly hash: string;
  /** The state hash after it, in hex. */
  readonly stateHash: string;
}

/** Why an audit stopped: nothing after this turn was looked at. */
export interface Problem {
  /** The first turn that is wrong. */
  readonly turn: number;
  /**
   * A stable code: `journal-damaged`, `unknown-version`, `journal-foreign-cell`, `undecodable`, `digest-mismatch`,
   * `state-diverged`, `history-incomplete`; `fold-failed` when the kernel can't apply an event; `invariant-broken` when
   * an invariant of faults.md doesn't hold; `decided-otherwise` when the turn comes out otherwise decided again.
   */
  readonly code: string;
  readonly detail: string;
  /** The events of that turn by name, with how many there are; null when the turn could not be decoded. */
  readonly entries: Readonly<Record<string, number>> | null;
  /** Invariants that do not hold at it. */
  readonly violations: readonly NamedViolation[];
  /** What differs from the turn that the kernel decides in its place; null when that can't be told. */
  readonly differences: TurnDifferences | null;
}

/** An invariant that does not hold, with the rows that it is about. */
export interface NamedViolation extends Omit<Violation, 'rows'> {
  readonly rows: readonly NamedRow[];
}

/** A row with what it is about, by name. */
export interface NamedRow extends RowName {
  readonly name: string | null;
}

/** An entry as it is printed, without its place. */
export interface EntryView {
  readonly type: string;
  readonly cause: number | null;
  readonly data: unknown;
}

/** An entry that is another one when the turn is decided again. */
export interface EntryDifference {
  readonly index: number;
  /** null: there is none. */
  readonly recorded: EntryView | null;
  readonly decided: EntryView | null;
}

/** A row that is another one after the recorded turn than after the one that the kernel decides in its place. */
export interface RowDifference extends NamedRow {
  readonly fields: Readonly<Record<string, readonly [recorded: number | string, decided: number | string]>>;
}

/** How a recorded turn differs from what the kernel decides from the state before it and the turn's inputs. */
export interface TurnDifferences {
  /** The state hash that the record has, what its entries come to (null: they can't be applied), and the decided turn's. */
  readonly stateHash: { readonly recorded: string; readonly folded: string | null; readonly decided: string };
  /** The first that differ. */
  readonly entries: readonly EntryDifference[];
  /** How many differ. */
  readonly entriesInAll: number;
  readonly rows: readonly RowDifference[];
  readonly rowsInAll: number;
}

/** A record at the journal's end that is torn, or was being written: no part of the history, and no fault. */
export interface TornEnd {
  readonly turn: number;
  readonly file: string;
  readonly offset: number;
  readonly detail: string;
}

export interface VerifyReport {
  /** Every record chains on the one before it, and every turn came out as it was recorded. */
  readonly ok: boolean;
  /** The turn of the snapshot that the audit went on from, which is taken for right; 0: it began with the first turn. */
  readonly after: number;
  /** Turns that were folded and compared. */
  readonly turns: number;
  /** Inputs and events of those turns. */
  readonly entries: number;
  /** Events alone. */
  readonly events: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** The state hash after the last turn that was folded, in hex: the head's. */
  readonly stateHash: string;
  readonly head: VerifiedHead;
  readonly torn: TornEnd | null;
  readonly problem: Problem | null;
}
