import type { FoldProgress, History } from '../../../replay/index.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { showing } from '../work.js';
import { findJournal } from './journal-folder.js';

/** Opens the history that a command line names; a wrong place is wrong usage. */
export async function openHistory(place: string): Promise<History> {
  const { openJournal, placeOf } = await import('../../../replay/index.js');
  await findJournal(placeOf(place));
  return openJournal(place);
}

/** Shows how far a pass over a history is while `run` makes it: at which rate, and how long the rest takes. */
export async function watching<T>(
  io: Io,
  label: string,
  history: History,
  run: (onProgress: (done: FoldProgress) => void) => Promise<T>,
): Promise<T> {
  // Only for who watches: it takes a look at the last segment.
  const total = io.isWatched ? (await history.lastTurn()) - history.firstTurn + 1 : null;
  return showing(io, label, 'entries', (show) =>
    run(({ turns, entries }) => show({ done: turns, total, counted: entries, detail: `${grouped(turns)} turns` })),
  );
}
