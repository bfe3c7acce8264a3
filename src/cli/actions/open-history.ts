import { stat } from 'node:fs/promises';
import type { FoldProgress, History, Moment, PassedOver, PlayProgress } from '../../../replay/index.js';
import type { Io } from '../terminal/io.js';
import { showing, showingUntilInterrupted } from '../terminal/work.js';
import { counted } from '../text/format.js';
import { readJournal } from './journal-folder.js';

export interface HistoryOptions {
  /** The folder of its snapshots. */
  readonly snapshots?: string;
  /** Whether that folder is made where it is not there. */
  readonly makesSnapshots?: boolean;
}

/** Opens the history that a command line names; a wrong place is wrong usage. */
export async function openHistory(
  place: string,
  { snapshots, makesSnapshots = false }: HistoryOptions = {},
): Promise<History> {
  if (!makesSnapshots) await findFolder(snapshots);
  const { openJournal, placeOf } = await import('../../../replay/history.js');
  const journal = await readJournal(placeOf(place));
  return openJournal(journal, snapshots === undefined ? {} : { snapshots });
}

/** Refuses a folder that is named and not there: misspelt, it would pass for one with nothing in it. */
export async function findFolder(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await stat(folder);
}

/** Says of snapshots that they can't be used. */
export function passingOver(io: Io): (what: PassedOver) => void {
  return ({ name, code, detail }) => io.note(`${name} is passed over: ${code}: ${detail}`);
}

/** The last turn, whichever it is. */
const END: Moment = { turn: Number.MAX_SAFE_INTEGER };

/** What is told of passes over a history, and of histories that are played again. */
export interface Watch {
  readonly onProgress: (done: FoldProgress) => void;
  readonly onPlayed: (done: PlayProgress) => void;
  /** Of a pass of another name, over all turns. */
  readonly onPass: (phase: string) => (done: FoldProgress) => void;
}

/** What is known of passes before they begin. */
export interface Passes {
  /** Where they end: a moment, by default the last turn; null where nobody knows. */
  readonly until?: Moment | null;
  /** How often the history is played again after them; not given where nobody knows. */
  readonly plays?: number;
  /** Whether what they make is taken away at Ctrl-C. */
  readonly takesBack?: boolean;
}

/** Shows how far passes over a history are while `run` makes them: at which rate, and how long the rest takes. */
export async function watching<T>(
  io: Io,
  phase: string,
  history: History,
  run: (watch: Watch) => Promise<T>,
  { until = END, plays, takesBack = false }: Passes = {},
): Promise<T> {
  // Only for who watches: it takes a look at the end.
  const lastTurn = io.isWatched ? await history.lastTurn() : null;
  return (takesBack ? showingUntilInterrupted : showing)(io, (show) => {
    const pass =
      (name: string, total: number | null) =>
      ({ turns, entries }: FoldProgress) =>
        show({ phase: name, done: turns, total, counted: entries, unit: 'entries', detail: turnsText(turns) });
    return run({
      onProgress: pass(phase, turnsUntil(until, history.firstTurn, lastTurn)),
      onPass: (name) => pass(name, turnsUntil(END, history.firstTurn, lastTurn)),
      onPlayed: ({ turns, entries, recordedEntries }) => {
        const total = plays === undefined ? null : plays * recordedEntries;
        show({ phase: 'played', done: entries, total, unit: 'entries', detail: turnsText(turns) });
      },
    });
  });
}

/** How many turns a history has up to a moment; null for a time, of which nobody knows before it has been come to. */
function turnsUntil(until: Moment | null, firstTurn: number, lastTurn: number | null): number | null {
  if (lastTurn === null || until === null || 'atMs' in until) return null;
  return Math.min(until.turn, lastTurn) - firstTurn + 1;
}

function turnsText(turns: number): string {
  return counted(turns, 'turn');
}
