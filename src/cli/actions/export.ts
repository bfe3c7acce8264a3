import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import type { CommonOptions } from '../arguments.js';
import { grouped } from '../format.js';
import { openIo } from '../io.js';
import { findJournal } from './journal-folder.js';

export interface ExportOptions extends CommonOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `marie export`: copies turns into a journal of their own. */
export async function exportJournal(dir: string, out: string, options: ExportOptions): Promise<void> {
  const io = openIo(options);
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
  if (io.json) io.out(JSON.stringify({ out, firstTurn, lastTurn, turns }));
  else io.out(`${grouped(turns)} turns (${firstTurn} to ${lastTurn}) in ${out}`);
}
