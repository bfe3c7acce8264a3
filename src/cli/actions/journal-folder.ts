import { findJournalIn, type JournalPlace, type NoJournal } from '../../journal/files/find.js';
import type { ReadableJournal } from '../../journal/readable.js';
import { openReadable } from '../../main/readable.js';
import { CliError, Exit } from '../exit.js';

const WHY: Readonly<Record<NoJournal, string>> = {
  'nothing-there': 'there is no such folder or file',
  'no-journal-in-folder': 'there is no journal in this folder',
  'no-segment': 'this file is no segment of a journal (0000000000000001.turns, …)',
};

/** Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns). */
export async function findJournal(place: string): Promise<JournalPlace> {
  return theOne(place, await findJournalIn(place));
}

/** Opens a journal for reading: in the same places, or of a cell on Kafka. */
export async function readJournal(place: string): Promise<ReadableJournal> {
  return theOne(place, await openReadable(place));
}

function theOne<T>(place: string, found: T | NoJournal): T {
  if (typeof found !== 'string') return found as T;
  const todo = 'Name a data directory of `marie up`, a journal folder, an export, or kafka://host:port/cell.';
  throw new CliError(Exit.Usage, 'no-journal', WHY[found as NoJournal], { where: place, todo });
}
