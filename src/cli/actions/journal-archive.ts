import type { History } from '../../../replay/index.js';
import { unlessMissing } from '../../catalogue/thrown.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { openForReading } from '../../journal/files/reader.js';
import { type Archivable, archivableFolder, archive, lastToArchive } from '../../main/archive.js';
import { archiveBeside, isOnKafka } from '../../main/readable.js';
import { listSnapshots } from '../../snapshot/index.js';
import { CliError, Exit, misuse } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { type Far, showing } from '../terminal/work.js';
import { counted, grouped } from '../text/format.js';
import { copying, verifying } from './how-far.js';
import { findJournal, mustNotBeInBackup } from './journal-folder.js';
import { type HistoryOptions, openHistory } from './open-history.js';

export interface ArchiveOptions extends HistoryOptions {
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** `marie journal archive`: moves the turns below the newest good snapshot into an archive. */
export async function journalArchive(io: Io, place: string, options: ArchiveOptions): Promise<void> {
  const { source, to } = await placesOf(place, options.to);
  for (const folder of [source.journal.place, to]) mustNotBeInBackup(folder);
  const history = await openHistory(place, options);
  const done = await showing(io, async (show) => {
    const snapshot = await newestGood(io, place, history, show);
    const last = await lastToArchive(source, to, snapshot.turn);
    const most = Math.max(0, last - source.journal.firstTurn() + 1);
    if (options.dryRun === true) return { snapshot, archived: null, turns: most, most, last };
    const archived = await archive(source, to, snapshot.turn, copying(show, most));
    return { snapshot, archived, turns: archived.copied, most, last };
  });
  const { snapshot, archived, turns, most, last } = done;
  const journalFirstTurn = archived?.journalFirstTurn ?? source.journal.firstTurn();
  const found = { archive: to, snapshot: snapshot.name, turns, journalFirstTurn, dryRun: options.dryRun === true };
  io.emit('journal-archive', found, () => {
    const begins = `the journal begins with turn ${grouped(journalFirstTurn)}${stayingIn(source, last, snapshot.turn)}`;
    if (most === 0) return `nothing below ${snapshot.name} can go yet; ${begins}`;
    return archived === null
      ? `${counted(turns, 'turn')}, up to turn ${grouped(last)}, would go into ${to}${stayingIn(source, last, snapshot.turn)}`
      : `${counted(turns, 'turn')} archived in ${to}; ${begins}`;
  });
}

/** What is to be said of turns that stay although they are below the snapshot. */
function stayingIn({ staying }: Archivable, last: number, snapshotTurn: number): string {
  if (staying === null || last >= snapshotTurn - 1) return '';
  return `; those from ${grouped(last + 1)} on are ${staying}`;
}

async function placesOf(place: string, to: string | undefined): Promise<{ readonly source: Archivable; to: string }> {
  if (!isOnKafka(place)) {
    const { folder } = await findJournal(place);
    return { source: archivableFolder(await openForReading(nodeDisk, folder)), to: to ?? archiveBeside(folder) };
  }
  if (to === undefined) {
    throw misuse('an archive of a cell on Kafka needs a folder', { todo: 'Name it with --to.' });
  }
  const { archivableOnKafka } = await import('../../main/kafka/place.js');
  return { source: await archivableOnKafka(place), to };
}

/** The newest snapshot of which everything is right, and of which the journal has the turn. */
async function newestGood(io: Io, place: string, history: History, show: (far: Far) => void) {
  const { verifySnapshot } = await import('../../../replay/snapshot/verify.js');
  const storage = history.snapshots;
  for (const { name, turn } of storage === null ? [] : await listSnapshots(storage)) {
    const verified = await unlessMissing(verifySnapshot(storage!, name, history, verifying(show)), null);
    if (verified === null) continue;
    const { ok, problem } = verified;
    if (ok) return { name, turn };
    io.note(`${name} is passed over: ${problem?.code}: ${problem?.detail}`);
  }
  throw new CliError(Exit.Unavailable, 'no-snapshot', 'there is no snapshot below which turns could go', {
    where: place,
    todo: 'Take one with `marie snapshot create`, or name the folder of the snapshots with --snapshots.',
  });
}
