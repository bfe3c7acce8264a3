import { decodeTurnHeader } from '../catalogue/turn.js';
import { JournalError } from './errors.js';
import type { ReaderRule, TurnHeader } from './rule.js';

/** The header of a record that the rule accepts at its head. Throws `JournalError` for every other one. */
export function judgeAppend(rule: ReaderRule, bytes: Uint8Array): TurnHeader {
  let header: TurnHeader;
  try {
    header = decodeTurnHeader(bytes);
  } catch (error) {
    throw refusedAppend(`it is no turn: ${String(error)}`, error);
  }
  const verdict = rule.judge(header);
  if (verdict.kind === 'accept') return header;
  if (verdict.kind === 'stop' && verdict.reason === 'other-cell') {
    throw new JournalError('journal-foreign-cell', verdict.detail);
  }
  throw refusedAppend(verdict.kind === 'stop' ? verdict.detail : `turn ${header.turn} is void: ${verdict.reason}`);
}

/** An append that was refused before anything was written. */
export function refusedAppend(reason: string, cause?: unknown): JournalError {
  return new JournalError('append-failed', `the record was refused, nothing was written: ${reason}`, cause);
}
