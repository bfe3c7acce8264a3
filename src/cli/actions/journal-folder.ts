import { findJournalIn, type JournalPlace, type NoJournal } from '../../journal/files/find.js';
import { CliError, Exit } from '../exit.js';

const WHY: Readonly<Record<NoJournal, string>> = {
  'nothing-there': 'there is no such folder or file',
  'no-journal-in-folder': 'there is no journal in this folder',
  'no-segment': 'this file is no segment of a journal (0000000000000001.turns, …)',
};

/** Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns). */
export async function findJournal(place: string): Promise<JournalPlace> {
  const found = await findJournalIn(place);
  if (typeof found !== 'string') return found;
  const todo = 'Name a data directory of `marie up`, a journal folder, or an export.';
  throw new CliError(Exit.Usage, 'no-journal', WHY[found], { where: place, todo });
}
