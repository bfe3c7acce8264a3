import { errorCode } from '../catalogue/thrown.js';
import type { Journal } from '../journal/port.js';
import { type NamedSnapshot, snapshotName } from '../snapshot/index.js';

/** Whether a snapshot is of the history that a journal has; null if its turn was archived, and nobody can tell. */
export async function isOfHistory(
  journal: Pick<Journal, 'firstTurn' | 'read'>,
  { name, turn }: NamedSnapshot,
): Promise<boolean | null> {
  if (turn < journal.firstTurn()) return null;
  try {
    for await (const { hash } of journal.read(turn)) return name === snapshotName({ turn, hash });
    return false;
  } catch (error) {
    // It was archived while the journal is open.
    if (errorCode(error) === 'not-found') return null;
    throw error;
  }
}
