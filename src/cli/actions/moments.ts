import type { History } from '../../../replay/index.js';
import { type Moment, momentOf } from '../../../replay/moment.js';
import type { ReadableJournal } from '../../journal/readable.js';
import { CliError, Exit, misuse } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { moment } from '../text/format.js';

/** A moment of a history as a command line gives it. */
export function theMoment(text: string): Moment {
  const moment = momentOf(text);
  if (moment !== null) return moment;
  const todo = 'Give the number of a turn, or a time such as 2026-01-31T08:30:00Z.';
  throw misuse(`${text} is no turn and no time`, { todo });
}

/** A range that ends before it begins is a mistake: of what is in it everything could be said. */
export function mustBeRange(from: Moment | undefined, to: Moment | undefined, what = '--to is before --from'): void {
  if (from === undefined || to === undefined) return;
  const isTurned = 'turn' in from ? 'turn' in to && to.turn < from.turn : 'atMs' in to && to.atMs < from.atMs;
  if (isTurned) throw misuse(what);
}

/** The same for numbers of turns. */
export function mustBeTurns({ from, to }: { readonly from?: number; readonly to?: number }): void {
  mustBeRange(from === undefined ? from : { turn: from }, to === undefined ? to : { turn: to });
}

/** What is asked of a moment before the first turn. */
export function beginsLater(place: string): CliError {
  return new CliError(Exit.Usage, 'not-found', 'the history begins later', { where: place });
}

/**
 * A range that was named has turns that are there. Asked when none came: what is at the end may be damaged, and not
 * wanted.
 */
export async function mustHaveTurns(
  journal: Pick<ReadableJournal, 'firstTurn' | 'lastTurn'>,
  place: string,
  { from, to }: { readonly from?: number; readonly to?: number },
): Promise<void> {
  if (to !== undefined && to < journal.firstTurn()) throw beginsLater(place);
  if (from !== undefined) throw endsBefore(place, await journal.lastTurn());
}

/** What is asked of a turn behind the last one. */
export function endsBefore(place: string, turn: number): CliError {
  return new CliError(Exit.Usage, 'not-found', `the history ends with turn ${turn}`, { where: place });
}

/** Where a fold stands that was to come to a moment. */
interface Reached {
  readonly turn: number;
  readonly atMs: number;
}

/** A turn behind the end is not in a history. A time is: but who reads how it stood then is told what that goes by. */
export async function mustReach(
  io: Io,
  history: History,
  place: string,
  wanted: Moment,
  { turn, atMs }: Reached,
): Promise<void> {
  if ('turn' in wanted) {
    if (turn >= wanted.turn) return;
    throw endsBefore(place, turn);
  }
  if (atMs >= wanted.atMs || turn < (await history.lastTurn())) return;
  io.note(`the history ends with turn ${turn}, ${moment(atMs)}: nothing is known of later`);
}
