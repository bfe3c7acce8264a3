import { findJournalIn, type JournalPlace, type NoJournal } from '../../journal/files/find.js';
import type { ReadableJournal } from '../../journal/readable.js';
import { backupAround } from '../../main/data-folder.js';
import { isOnKafka, openReadable } from '../../main/readable.js';
import { CliError, Exit } from '../exit.js';
import { sh } from '../text/shell.js';

const WHY: Readonly<Record<NoJournal, string>> = {
  'nothing-there': 'there is no such folder or file',
  'no-journal-in-folder': 'there is no journal in this folder',
  'no-segment': 'this file is no segment of a journal (0000000000000001.turns, …)',
};

/** What a command that works on files says of a cell on Kafka. */
export interface OnKafka {
  readonly what: string;
  /** What is done instead, for a cell that is named so. */
  readonly todo: (place: string) => string;
}

/**
 * Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns). A
 * cell on Kafka has none, and neither has a data directory of one: there `onKafka` is said.
 */
export async function findJournal(place: string, onKafka?: OnKafka): Promise<JournalPlace> {
  const found = await findJournalIn(place);
  if (onKafka === undefined) return theOne(place, found, `Name ${FOLDERS} or an export.`);
  const { what, todo } = onKafka;
  if (isOnKafka(place)) {
    throw new CliError(Exit.Usage, 'journal-on-kafka', what, { where: place, todo: todo(place) });
  }
  const elsewhere = `If its cell is on Kafka, the journal is in the topic: ${todo('kafka://host:port/cell')}`;
  return theOne(place, found, `Name ${FOLDERS} or an export. ${elsewhere}`);
}

/** Refuses a folder whose files are to be changed where it is a part of a backup. */
export function mustNotBeInBackup(folder: string): void {
  const backup = backupAround(folder);
  if (backup === null) return;
  throw new CliError(Exit.Usage, 'is-a-backup', `${backup} is a backup: changed, it could not be restored any more`, {
    where: folder,
    todo: sh`Do it in the data directory that marie restore ${backup} other-data makes; repair what it refuses in a copy without manifest.json.`,
  });
}

/** Opens a journal for reading: in the same places, or of a cell on Kafka. */
export async function readJournal(place: string): Promise<ReadableJournal> {
  return theOne(place, await openReadable(place), `Name ${FOLDERS}, an export, or kafka://host:port/cell.`);
}

const FOLDERS = 'a data directory of `marie up`, a journal folder';

function theOne<T extends object>(place: string, found: T | NoJournal, todo: string): T {
  if (typeof found !== 'string') return found;
  throw new CliError(Exit.Usage, 'no-journal', WHY[found], { where: place, todo });
}
