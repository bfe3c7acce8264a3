import { errorCode } from '../catalogue/thrown.js';
import type { JournalReader, JournalRecord } from '../journal/port.js';

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
