import { dirname, join, resolve } from 'node:path';
import type { Manifest } from '../../main/backup/manifest.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { showing } from '../work.js';
import { findJournal } from './journal-folder.js';

export interface BackupOptions {
  readonly blobs?: string;
}

/** `marie backup`: copies journal and blobs of a fabric, whether it runs or not. */
export async function backup(io: Io, dir: string, out: string, options: BackupOptions): Promise<void> {
  const { folder } = await findJournal(dir);
  const { backUp } = await import('../../main/backup/backup.js');
  const blobs = options.blobs ?? join(dirname(resolve(folder)), 'blobs');
  const manifest = await backUp({ journal: folder, blobs }, resolve(out));
  io.emit('backup', { backup: out, ...shown(manifest) }, () => `${textOf(manifest)} in ${out}`);
  io.next(`marie restore ${out} other-data`, 'makes a data folder of it, and checks it on the way');
}

/** `marie restore`: makes a data folder of a backup. */
export async function restoreBackup(io: Io, from: string, dir: string): Promise<void> {
  const [{ restore }, { verify }] = await Promise.all([
    import('../../main/backup/restore.js'),
    import('../../../replay/index.js'),
  ]);
  const manifest = await restore(resolve(from), resolve(dir), async (journal) => {
    const { problem } = await showing(io, (show) =>
      verify(journal, {
        onProgress: ({ turns, events }) =>
          show({ step: 'folded again', done: turns, total: null, counted: events, unit: 'events' }),
      }),
    );
    return problem === null ? null : `turn ${problem.turn}: ${problem.detail}`;
  });
  io.emit(
    'restore',
    { data: dir, ...shown(manifest) },
    () => `${textOf(manifest)} in ${dir}; every turn was folded again`,
  );
  io.next(`marie up --data ${dir} --cell ${manifest.cell}`, 'starts a fabric on it');
}

function shown({ cell, turn, files, blobs }: Manifest) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, blobs.bytes);
  return { cell, turn, blobs: blobs.count, bytes };
}

function textOf(manifest: Manifest): string {
  const { cell, turn, blobs, bytes } = shown(manifest);
  return `cell ${cell} up to turn ${grouped(turn)}, ${grouped(blobs)} blobs, ${grouped(bytes)} bytes`;
}
