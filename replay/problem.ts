import { CODE_NAMES } from '../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { errnoOf, errorCode, messageOf } from '../src/catalogue/thrown.js';
import { JournalDamaged, JournalError } from '../src/journal/errors.js';
import type { Problem } from './report.js';

/** The kernel could not apply an event of a turn: it names rows that are not there, or would make one impossible. */
const FOLD_FAILED = 'fold-failed';

/** A turn at which an audit ends. */
export class Wrong extends Error {
  override readonly name = 'Wrong';

  constructor(
    readonly code: string,
    readonly turn: number,
    detail: string,
    readonly record: TurnRecord | null,
    cause?: unknown,
  ) {
    super(detail, { cause });
  }

  /**
   * What an error at a turn means. Errors of the system (a disk that can't be read), and turns that are archived while they
   * are read, say nothing about the journal and are thrown on.
   */
  static of(error: unknown, turn: number, record: TurnRecord | null = null): Wrong {
    if (error instanceof Wrong) return new Wrong(error.code, error.turn, error.message, record ?? error.record, error);
    if (error instanceof JournalDamaged) return new Wrong(error.code, error.turn, error.message, null, error);
    if (error instanceof JournalError) {
      if (error.errno !== null || error.code === 'not-found') throw error;
      return new Wrong(error.code, turn, error.message, null, error);
    }
    const code = errorCode(error);
    const detail = messageOf(error);
    if (record !== null) return new Wrong(code ?? FOLD_FAILED, turn, detail, record, error);
    if (code === null || errnoOf(error) !== null) throw error;
    return new Wrong(code, turn, detail, null, error);
  }

  /** As the report says it, as far as the error itself knows. */
  problem(): Problem {
    const { code, turn, message, record } = this;
    const entries = record === null ? null : namesOf(record);
    return { turn, code, detail: message, entries, violations: [], differences: null };
  }
}

function namesOf({ entries }: TurnRecord): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of entries) {
    const name = CODE_NAMES.get(code) ?? String(code);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
