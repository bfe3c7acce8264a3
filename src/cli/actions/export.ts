import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { lastTurnIn, openForReading } from '../../journal/files/reader.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { showing } from '../work.js';
import { findJournal } from './journal-folder.js';

export interface ExportOptions {
  readonly from?: number;
  readonly to?: number;
}

interface RangeOfTurns {
  readonly fromTurn?: number;
  readonly toTurn?: number;
}

/** `marie export`: copies turns into a journal of their own. */
export async function exportJournal(io: Io, dir: string, out: string, options: ExportOptions): Promise<void> {
  const place = await findJournal(dir);
  const fromTurn = options.from ?? place.fromTurn;
  const toTurn = options.to ?? place.toTurn;
  const range: RangeOfTurns = { ...(fromTurn !== null && { fromTurn }), ...(toTurn !== null && { toTurn }) };
  // Only for who watches: it takes a look at the last segment.
  const total = io.isWatched ? await turnsIn(place.folder, range) : null;
  const { firstTurn, lastTurn } = await showing(io, (show) => {
    let [done, counted] = [0, 0];
    const onTurn = (bytes: number): void => {
      done += 1;
      counted += bytes;
      show({ phase: 'copied', done, total, counted, unit: 'bytes', detail: `${grouped(done)} turns` });
    };
    return exportTurns({ disk: nodeDisk, from: place.folder, to: out, ...range, onTurn });
  });
  const turns = Math.max(0, lastTurn - firstTurn + 1);
  const copied = { out, firstTurn, lastTurn, turns };
  io.emit('export', copied, () => `${grouped(turns)} turns (${firstTurn} to ${lastTurn}) in ${out}`);
  io.next(`marie replay verify ${out}`, 'folds them again');
}

/** How many turns of a range a folder has now. */
async function turnsIn(folder: string, { fromTurn, toTurn = Number.POSITIVE_INFINITY }: RangeOfTurns): Promise<number> {
  const first = fromTurn ?? (await openForReading(nodeDisk, folder)).firstTurn();
  return Math.min(toTurn, await lastTurnIn(nodeDisk, folder)) - first + 1;
}
