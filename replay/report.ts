/** What an audit says of a journal. */

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
   * `state-diverged`, `history-incomplete`; `fold-failed` when the kernel can't apply an event.
   */
  readonly code: string;
  readonly detail: string;
  /** The events of that turn by name, with how many there are; null when the turn could not be decoded. */
  readonly entries: Readonly<Record<string, number>> | null;
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
