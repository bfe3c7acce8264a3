import { basename, dirname, join, resolve } from 'node:path';
import type { PassedOver } from '../../../replay/index.js';
import { type BackupError, listedIn, type Manifest } from '../../main/backup/manifest.js';
import type { BackupPhase } from '../../main/backup/progress.js';
import type { CheckSnapshot } from '../../main/backup/snapshot.js';
import { ARCHIVE, BLOBS, inData, JOURNAL, SNAPSHOTS } from '../../main/data-folder.js';
import { archiveBeside } from '../../main/readable.js';
import { CliError, Exit } from '../exit.js';
import { sizeOf } from '../files/size.js';
import type { Io } from '../terminal/io.js';
import { type Far, showingUntilInterrupted } from '../terminal/work.js';
import { counted, grouped } from '../text/format.js';
import { sh } from '../text/shell.js';
import { visibleIn } from '../text/visible.js';
import { findJournal, type OnKafka } from './journal-folder.js';
import { findFolder, type HistoryOptions, passingOver } from './open-history.js';

export interface BackupOptions extends HistoryOptions {
  readonly blobs?: string;
  readonly withoutArchive?: boolean;
}

const ON_KAFKA: OnKafka = {
  what: 'a backup is made of files, and the journal of this cell is a topic',
  todo: (place) =>
    `marie export ${place} OUT copies its turns, also while it runs; copy the folder of its blobs after that. ` +
    `marie journal import OUT ${place} writes them into an empty topic.`,
};

/** `marie backup`: copies journal and blobs of a fabric, whether it runs or not. */
export async function backup(io: Io, dir: string, out: string, options: BackupOptions): Promise<void> {
  const { folder } = await findJournal(dir, ON_KAFKA);
  await findFolder(options.snapshots);
  await findFolder(options.blobs);
  const [{ backUp }, { snapshotsBeside }] = await Promise.all([
    import('../../main/backup/backup.js'),
    import('../../../replay/snapshot/places.js'),
  ]);
  const blobs = options.blobs ?? inData(dirname(resolve(folder))).blobs;
  const snapshots = options.snapshots ?? snapshotsBeside(resolve(folder)).folder;
  const { withoutArchive = false } = options;
  const blobsNamed = options.blobs !== undefined;
  const source = { journal: resolve(folder), snapshots, blobs, blobsNamed, withoutArchive };
  const manifest = await showingUntilInterrupted(io, async (show) => {
    const archive = archiveBeside(source.journal);
    const totals = await totalsOf(io, withoutArchive ? [folder] : [folder, archive], blobs);
    const tell = (phase: BackupPhase, done: number) => show(farOf(phase, done, totals));
    return backUp(source, resolve(out), snapshotCheck(io), tell).catch(tellTheWay);
  });
  io.emit('backup', { backup: out, ...shown(manifest) }, () => `${textOf(visibleIn(manifest))} in ${out}`);
  if (startsFromArchive(manifest)) {
    io.note(
      'no snapshot is in it, only the archive: what is restored of it needs marie snapshot create before it starts',
    );
  }
  io.next(sh`marie restore ${out} other-data`, 'makes a data folder of it, and checks it on the way');
}

/** Throws what a backup has thrown; of blobs that are elsewhere, and of an archive with a gap, with the way round it. */
function tellTheWay(error: unknown): never {
  const { code, message, path } = error as Partial<BackupError>;
  if (code === 'blob-not-found') {
    throw new CliError(Exit.Usage, code, message ?? '', {
      where: path ?? '',
      todo: 'Name the folder that the configuration has as blobs: with --blobs. It may be an empty one where all were removed.',
    });
  }
  if (code !== 'history-incomplete') throw error;
  throw new CliError(Exit.Unavailable, code, message ?? '', {
    where: path ?? '',
    todo: 'Put the turns between them back into the archive; or leave it out with --without-archive: a snapshot goes with the backup then.',
  });
}

/** Whether a copied snapshot is whole, and of the journal that was copied; says why not. */
function snapshotCheck(io: Io): CheckSnapshot {
  return async (storage, name, journal) => {
    const [{ openJournal }, { verifySnapshot }] = await Promise.all([
      import('../../../replay/history.js'),
      import('../../../replay/snapshot/verify.js'),
    ]);
    const { problem } = await verifySnapshot(storage, name, await openJournal(journal));
    if (problem !== null) passingOver(io)({ name, ...problem });
    return problem === null;
  };
}

/** `marie restore`: makes a data folder of a backup. */
export async function restoreBackup(io: Io, from: string, dir: string): Promise<void> {
  const [{ restore }, { namesIn }] = await Promise.all([
    import('../../main/backup/restore.js'),
    import('../../main/backup/files.js'),
  ]);
  let after = 0;
  const manifest = await showingUntilInterrupted(io, async (show) => {
    const totals = await totalsOf(io, [join(from, JOURNAL), join(from, ARCHIVE)], join(from, BLOBS));
    const checkFold = async (journal: string) => {
      const report = await foldAgain(from, journal, totals, show);
      after = report.after;
      return report.problem === null ? null : `turn ${report.problem.turn}: ${report.problem.detail}`;
    };
    return restore(resolve(from), resolve(dir), checkFold, (phase, done) => show(farOf(phase, done, totals)));
  });
  const folded = after === 0 ? 'every turn' : `every turn after that of the snapshot, ${grouped(after)},`;
  io.emit(
    'restore',
    { data: dir, ...shown(manifest), after },
    () => `${textOf(visibleIn(manifest))} in ${dir}; ${folded} was folded again`,
  );
  if (startsFromArchive(manifest) && (await namesIn(join(dir, SNAPSHOTS))).length === 0) {
    io.note(`the journal begins later than with turn 1, and no snapshot is there: a start needs one`);
    io.next(sh`marie snapshot create ${dir}`, 'takes one of the archive and the journal; then marie up starts');
    return;
  }
  io.next(sh`marie up --data ${dir} --cell ${manifest.cell}`, 'starts a fabric on it');
}

/** Folds what was copied from the first turn on, or from the newest snapshot where the turns before are not there. */
async function foldAgain(from: string, journal: string, totals: Totals, show: (far: Far) => void) {
  const [{ openWithArchive }, { verify }] = await Promise.all([
    import('../../main/readable.js'),
    import('../../../replay/verify.js'),
  ]);
  const reader = await openWithArchive(journal);
  const firstTurn = reader.firstTurn();
  const passedOver: PassedOver[] = [];
  const report = await verify(reader, {
    ...(firstTurn > 1 && { from: { turn: (await reader.lastTurn()) + 1 } }),
    onPassedOver: (what) => passedOver.push(what),
    onProgress: ({ bytes: done, turns, events: counted }) => {
      const detail = `${grouped(turns)} turns`;
      show({ phase: 'folded again', done, total: totals.journal, counted, unit: 'events', detail });
    },
  });
  if (report.problem?.code === 'history-incomplete') {
    const what = `the backup's journal begins with turn ${grouped(firstTurn)}, and no snapshot in it can be used`;
    throw new CliError(Exit.Unavailable, 'no-snapshot', what, {
      where: from,
      todo: 'Copy the folder `archive` of the fabric into the backup, or its `snapshots`, and restore it again.',
      problems: passedOver.map(({ name, code, detail }) => `${name}: ${code}: ${detail}`),
    });
  }
  return report;
}

/** Whether a backup has an archive and no snapshot: all of it can be folded, but a fabric begins with a snapshot. */
function startsFromArchive(manifest: Manifest): boolean {
  return listedIn(manifest, 'archive').length > 0 && listedIn(manifest, 'snapshots').length === 0;
}

/** How large what is copied is, in bytes, the archive with the journal; null where nobody asks. */
interface Totals {
  readonly journal: number | null;
  readonly blobs: number | null;
}

/** Only for who watches: it takes a look at every file. */
async function totalsOf({ isWatched }: Io, journals: readonly string[], blobs: string): Promise<Totals> {
  if (!isWatched) return { journal: null, blobs: null };
  let journal = 0;
  for (const folder of journals) journal += await sizeOf(folder);
  return { journal, blobs: await sizeOf(blobs) };
}

function farOf(phase: BackupPhase, done: number, { journal, blobs }: Totals): Far {
  const total = phase === 'blobs copied' ? blobs : phase === 'snapshots copied' ? null : journal;
  return { phase, done, total, unit: 'bytes' };
}

function shown(manifest: Manifest) {
  const { cell, turn, files, blobs } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, blobs.bytes);
  const [snapshot] = listedIn(manifest, 'snapshots');
  return {
    cell,
    turn,
    blobs: blobs.count,
    bytes,
    archive: listedIn(manifest, 'archive').length > 0,
    snapshot: snapshot === undefined ? null : basename(snapshot.file),
  };
}

function textOf(manifest: Manifest): string {
  const { cell, turn, blobs, bytes, archive, snapshot } = shown(manifest);
  const parts = [`cell ${cell} up to turn ${grouped(turn)}`];
  if (archive) parts.push('the archive');
  if (snapshot !== null) parts.push(`the snapshot ${snapshot}`);
  return [...parts, counted(blobs, 'blob'), counted(bytes, 'byte')].join(', ');
}
