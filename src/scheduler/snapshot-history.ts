import { type Journal, readTurn } from '../journal/port.js';
import { type NamedSnapshot, snapshotName } from '../snapshot/index.js';

/** Whether a snapshot is of the history that a journal has; null if its turn was archived, and nobody can tell. */
export async function isOfHistory(
  journal: Pick<Journal, 'firstTurn' | 'read'>,
  { name, turn }: NamedSnapshot,
): Promise<boolean | null> {
  if (turn < journal.firstTurn()) return null;
  const record = await readTurn(journal, turn);
  if (record === 'gone') return null;
  return record !== 'to-come' && name === snapshotName(record);
}
