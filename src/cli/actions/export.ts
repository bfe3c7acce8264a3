import { exportTurns } from '../../journal/files/export.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import type { ReadableJournal } from '../../journal/readable.js';
import type { Io } from '../terminal/io.js';
import { showingUntilInterrupted } from '../terminal/work.js';
import { counted } from '../text/format.js';
import { sh } from '../text/shell.js';
import { copying } from './how-far.js';
import { readJournal } from './journal-folder.js';
import { mustBeTurns, mustHaveTurns } from './moments.js';

export interface ExportOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `marie export`: copies turns into a journal of their own. */
export async function exportJournal(io: Io, place: string, out: string, options: ExportOptions): Promise<void> {
  mustBeTurns(options);
  const from = await readJournal(place);
  const { from: fromTurn = from.firstTurn(), to: toTurn = Number.MAX_SAFE_INTEGER } = options;
  // Only for who watches: it takes a look at the end.
  const total = io.isWatched ? await turnsIn(from, fromTurn, toTurn) : null;
  const { makeWhole } = await import('../../main/backup/whole-folder.js');
  const { firstTurn, lastTurn } = await showingUntilInterrupted(io, (show) =>
    makeWhole(out, async (to) => {
      const copied = await exportTurns({ disk: nodeDisk, from, to, fromTurn, toTurn, onTurn: copying(show, total) });
      if (copied.lastTurn < copied.firstTurn) await mustHaveTurns(from, place, options);
      return copied;
    }),
  );
  const turns = Math.max(0, lastTurn - firstTurn + 1);
  const copied = { out, firstTurn, lastTurn, turns };
  io.emit('export', copied, () => `${counted(turns, 'turn')} (${firstTurn} to ${lastTurn}) in ${out}`);
  if (firstTurn === 1) io.next(sh`marie replay verify ${out}`, 'folds them again');
  else io.next(sh`marie journal cat ${out}`, 'prints them; to be folded again, a journal needs its first turn');
}

/** How many turns of a range a journal has now. */
async function turnsIn(journal: ReadableJournal, fromTurn: number, toTurn: number): Promise<number> {
  return Math.min(toTurn, await journal.lastTurn()) - fromTurn + 1;
}
