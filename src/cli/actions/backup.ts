import { dirname, join, resolve } from 'node:path';
import type { VerifyProgress } from '../../../replay/index.js';
import type { Manifest } from '../../main/backup/manifest.js';
import type { BackupPhase } from '../../main/backup/progress.js';
import { counted, grouped } from '../format.js';
import type { Io } from '../io.js';
import { sh } from '../shell.js';
import { sizeOf } from '../size.js';
import { visibleIn } from '../visible.js';
import { type Far, showingUntilInterrupted } from '../work.js';
import { findJournal } from './journal-folder.js';

export interface BackupOptions {
  readonly blobs?: string;
}

/** `marie backup`: copies journal and blobs of a fabric, whether it runs or not. */
export async function backup(io: Io, dir: string, out: string, options: BackupOptions): Promise<void> {
  const { folder } = await findJournal(dir);
  const { backUp } = await import('../../main/backup/backup.js');
  const blobs = options.blobs ?? join(dirname(resolve(folder)), 'blobs');
  const manifest = await showingUntilInterrupted(io, async (show) => {
    const totals = await totalsOf(io, folder, blobs);
    return backUp({ journal: folder, blobs }, resolve(out), (phase, done) => show(copying(phase, done, totals)));
  });
  io.emit('backup', { backup: out, ...shown(manifest) }, () => `${textOf(visibleIn(manifest))} in ${out}`);
  io.next(sh`marie restore ${out} other-data`, 'makes a data folder of it, and checks it on the way');
}

/** `marie restore`: makes a data folder of a backup. */
export async function restoreBackup(io: Io, from: string, dir: string): Promise<void> {
  const [{ restore }, { BLOBS, JOURNAL }, { verify }] = await Promise.all([
    import('../../main/backup/restore.js'),
    import('../../main/backup/manifest.js'),
    import('../../../replay/index.js'),
  ]);
  const manifest = await showingUntilInterrupted(io, async (show) => {
    const totals = await totalsOf(io, join(from, JOURNAL), join(from, BLOBS));
    const checkFold = async (journal: string) => {
      const onProgress = ({ bytes: done, turns, events: counted }: VerifyProgress): void => {
        const detail = `${grouped(turns)} turns`;
        show({ phase: 'folded again', done, total: totals.journal, counted, unit: 'events', detail });
      };
      const { problem } = await verify(journal, { onProgress });
      return problem === null ? null : `turn ${problem.turn}: ${problem.detail}`;
    };
    return restore(resolve(from), resolve(dir), checkFold, (phase, done) => show(copying(phase, done, totals)));
  });
  io.emit(
    'restore',
    { data: dir, ...shown(manifest) },
    () => `${textOf(visibleIn(manifest))} in ${dir}; every turn was folded again`,
  );
  io.next(sh`marie up --data ${dir} --cell ${manifest.cell}`, 'starts a fabric on it');
}

/** How large what is copied is, in bytes; null where nobody asks. */
interface Totals {
  readonly journal: number | null;
  readonly blobs: number | null;
}

/** Only for who watches: it takes a look at every file. */
async function totalsOf({ isWatched }: Io, journal: string, blobs: string): Promise<Totals> {
  if (!isWatched) return { journal: null, blobs: null };
  return { journal: await sizeOf(journal), blobs: await sizeOf(blobs) };
}

function copying(phase: BackupPhase, done: number, { journal, blobs }: Totals): Far {
  return { phase, done, total: phase === 'blobs copied' ? blobs : journal, unit: 'bytes' };
}

function shown({ cell, turn, files, blobs }: Manifest) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, blobs.bytes);
  return { cell, turn, blobs: blobs.count, bytes };
}

function textOf(manifest: Manifest): string {
  const { cell, turn, blobs, bytes } = shown(manifest);
  return `cell ${cell} up to turn ${grouped(turn)}, ${counted(blobs, 'blob')}, ${counted(bytes, 'byte')}`;
}
