/** `bisect`: the first turn at which two policies decide differently on the same history. */
import type { AnyEntry } from '../../src/catalogue/generated/types.js';
import type { History } from '../history.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Parting, TurnWatcher } from './counterfactual.js';
import { type Dispatch, dispatchesOf, firstDifference } from './dispatches.js';
import { type PartingView, Play, partingView, type WhatIfOptions } from './what-if.js';

/** Where two policies part. */
export interface BisectReport {
  /** null: the policy that was recorded. */
  readonly a: string | null;
  readonly b: string;
  /** Dispatches that both decide alike before. */
  readonly same: number;
  /** null: they decide alike to the end. `recorded` is what `a` decides, `other` what `b` does. */
  readonly parting: PartingView | null;
}

/**
 * Plays a history again under both and compares their dispatches. Without `a` those of the recorded turns are compared
 * with, as far as they go.
 */
export async function bisect(
  history: History,
  a: string | null,
  b: string,
  options: WhatIfOptions = {},
): Promise<BisectReport> {
  const play = await Play.of(history, options);
  const first = a === null ? await recorded(play.history) : await played(play, a);
  const found = new Comparison(first);
  let last: ScratchFold | null = null;
  const watch: TurnWatcher = (atMs, entries, fold) => {
    last = fold;
    for (const placed of placedIn({ turn: fold.turn, atMs }, entries)) found.take(placed);
  };
  // What comes later tells nothing more, and of what they part by it may forget the names.
  await play.run({ policy: b }, watch, () => found.hasParted);
  const parting = found.end();
  const view = parting === null || last === null ? null : await partingView(new Names(last), parting);
  return { a, b, same: found.same, parting: view };
}

/** A turn by its number and its moment. */
type Place = Pick<Parting, 'turn' | 'atMs'>;

/** A dispatch with the turn that decided it. */
interface Placed extends Place {
  readonly dispatch: Dispatch;
}

/** Dispatches in their order, and the turn after which nothing is known of them. */
interface Dispatches {
  readonly placed: readonly Placed[];
  readonly last: Place;
}

async function recorded(history: History): Promise<Dispatches> {
  const placed: Placed[] = [];
  let last: Place = { turn: 0, atMs: 0 };
  for await (const { record } of history.read()) {
    last = { turn: record.turn, atMs: record.at };
    placed.push(...placedIn(last, record.entries));
  }
  return { placed, last };
}

async function played(play: Play, policy: string): Promise<Dispatches> {
  const placed: Placed[] = [];
  await play.run({ policy }, (atMs, entries, fold) => {
    placed.push(...placedIn({ turn: fold.turn, atMs }, entries));
  });
  return { placed, last: { turn: 0, atMs: Number.POSITIVE_INFINITY } };
}

function placedIn({ turn, atMs }: Place, entries: readonly AnyEntry[]): readonly Placed[] {
  return dispatchesOf(entries).map((dispatch) => ({ turn, atMs, dispatch }));
}

/** Compares dispatches one by one with those that were before them, until one is another, or at another moment. */
class Comparison {
  same = 0;
  #parting: Parting | null = null;

  constructor(private readonly first: Dispatches) {}

  take(other: Placed): void {
    if (this.#parting !== null) return;
    const expected = this.first.placed[this.same];
    // Until they part the recorded turns are kept, and what goes on at the last moment has turns behind the last one.
    if (expected === undefined && compare(other, this.first.last) > 0) return;
    if (expected !== undefined && isSame(expected, other)) this.same += 1;
    else this.#parting = partingOf(expected, other);
  }

  get hasParted(): boolean {
    return this.#parting !== null;
  }

  /** Where they part, once there are no more. */
  end(): Parting | null {
    const left = this.first.placed[this.same];
    return this.#parting ?? (left === undefined ? null : partingOf(left, undefined));
  }
}

/** Turns that come to nothing aren't counted, so the same dispatch may have another turn: it is its moment that counts. */
function isSame(a: Placed, b: Placed): boolean {
  return a.atMs === b.atMs && firstDifference([a.dispatch], [b.dispatch]) < 0;
}

/** The earlier of two dispatches is one that the other side doesn't have in its turn. */
function partingOf(a: Placed | undefined, b: Placed | undefined): Parting {
  const isOfA = a !== undefined && (b === undefined || compare(a, b) <= 0);
  const isOfB = b !== undefined && (a === undefined || compare(b, a) <= 0);
  const { turn, atMs } = (isOfA ? a : b)!;
  return { turn, atMs, recorded: isOfA ? a.dispatch : null, other: isOfB ? b.dispatch : null };
}

function compare(a: Place, b: Place): number {
  return a.atMs - b.atMs || a.turn - b.turn;
}
