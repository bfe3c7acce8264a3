import type { ErrorCode } from '../catalogue/generated/errors.js';
import { errnoOf } from '../catalogue/thrown.js';

/** Where a journal is wrong, and how. */
export interface Damage {
  /** The first turn that cannot be trusted. */
  readonly turn: number;
  /** Name of the file inside the journal's folder; the topic, for a journal that isn't made of files. */
  readonly file: string;
  /** Where the damaged record begins. */
  readonly offset: number;
  /** What `offset` counts: bytes of a file, or records of a topic. */
  readonly unit: 'byte' | 'offset';
  /** A short reason, for people. */
  readonly reason: string;
  /**
   * Whether this is what losing power during an append leaves: the last record, and torn. A writer cuts it when it
   * opens the journal, and a reader takes it for the end, unless a store position or snapshot covers the turn.
   */
  readonly torn: boolean;
}

/**
 * A record cannot be read, or the reader's rule stops at it, and it is no torn tail. Never healed silently: nothing is
 * read past it until somebody has repaired the journal and accepted the loss.
 */
export class JournalDamaged extends Error implements Damage {
  override readonly name = 'JournalDamaged';
  readonly code = 'journal-damaged' satisfies ErrorCode;
  readonly turn: number;
  readonly file: string;
  readonly offset: number;
  readonly unit: Damage['unit'];
  readonly reason: string;
  readonly torn: boolean;

  constructor(damage: Omit<Damage, 'torn' | 'unit'> & Partial<Pick<Damage, 'torn' | 'unit'>>, cause?: unknown) {
    const { turn, file, offset, unit = 'byte', reason } = damage;
    super(`the journal is damaged at turn ${turn} (${file}, ${unit} ${offset}): ${reason}`, { cause });
    this.unit = unit;
    this.turn = damage.turn;
    this.file = damage.file;
    this.offset = damage.offset;
    this.reason = damage.reason;
    this.torn = damage.torn ?? false;
  }
}

/** The codes with which a journal fails that isn't damaged. */
export type JournalErrorCode = Extract<
  ErrorCode,
  | 'append-failed'
  | 'disk-full'
  | 'journal-ahead'
  | 'journal-locked'
  | 'journal-foreign-cell'
  | 'not-found'
  | 'target-not-empty'
  | 'unknown-version'
>;

/**
 * A journal that cannot be opened, read or appended to as asked. `errno` is the system's name of the cause (ENOSPC,
 * EIO, EROFS, …) where there is one, and `path` the file of which the system said so.
 */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly errno: string | null;
  readonly path: string | undefined;

  constructor(
    readonly code: JournalErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.errno = errnoOf(cause);
    this.path = (cause as { readonly path?: string } | undefined)?.path;
  }
}

/** Another process's turn was accepted where the appended one should stand, or after it: who appended it leads no longer. */
export class TurnVoided extends Error {
  override readonly name = 'TurnVoided';
  readonly code = 'turn-voided' satisfies ErrorCode;

  constructor(turn: number) {
    super(`another leader's turn ${turn} is in the journal`);
  }
}
