import type { FoldProgress, History, PlayProgress } from '../../../replay/index.js';
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

/** What is told of passes over a history, and of histories that are played again. */
export interface Watch {
  readonly onProgress: (done: FoldProgress) => void;
  readonly onPlayed: (done: PlayProgress) => void;
}

/**
 * Shows how far passes over a history are while `run` makes them: at which rate, and how long the rest takes. `plays`:
 * how often it is played again after them; null where nobody knows.
 */
export async function watching<T>(
  io: Io,
  phase: string,
  history: History,
  run: (watch: Watch) => Promise<T>,
  plays: number | null = null,
): Promise<T> {
  // Only for who watches: it takes a look at the last segment.
  const turnsInAll = io.isWatched ? (await history.lastTurn()) - history.firstTurn + 1 : null;
  return showing(io, (show) =>
    run({
      onProgress: ({ turns, entries }) =>
        show({ phase, done: turns, total: turnsInAll, counted: entries, unit: 'entries', detail: turnsText(turns) }),
      onPlayed: ({ turns, entries, recordedEntries }) => {
        const total = plays === null ? null : plays * recordedEntries;
        show({ phase: 'played', done: entries, total, unit: 'entries', detail: turnsText(turns) });
      },
    }),
  );
}

function turnsText(turns: number): string {
  return `${grouped(turns)} turns`;
}
