import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { findJournal } from './journal-folder.js';

export interface ExportOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `marie export`: copies turns into a journal of their own. */
export async function exportJournal(io: Io, dir: string, out: string, options: ExportOptions): Promise<void> {
  const place = await findJournal(dir);
  const fromTurn = options.from ?? place.fromTurn;
  const toTurn = options.to ?? place.toTurn;
  const { firstTurn, lastTurn } = await exportTurns({
    disk: nodeDisk,
    from: place.folder,
    to: out,
    ...(fromTurn === null ? {} : { fromTurn }),
    ...(toTurn === null ? {} : { toTurn }),
  });
  const turns = Math.max(0, lastTurn - firstTurn + 1);
  const copied = { out, firstTurn, lastTurn, turns };
  io.emit('export', copied, () => `${grouped(turns)} turns (${firstTurn} to ${lastTurn}) in ${out}`);
  io.next(`marie replay verify ${out}`, 'folds them again');
}
