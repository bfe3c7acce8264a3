/** `bisect`: the first turn at which two policies decide differently on the same history. */
import type { History } from '../history.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Change } from './change.js';
import { type Dispatch, dispatchesOf, firstDifference } from './dispatches.js';
import { type DispatchView, dispatchView, type PartingView, Play, type WhatIfOptions } from './what-if.js';

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

/** Plays a history again under both and compares their dispatches. Without `a` the recorded turns are compared with. */
export async function bisect(
  history: History,
  a: string | null,
  b: string,
  options: WhatIfOptions = {},
): Promise<BisectReport> {
  const play = await Play.of(history, options);
  const first: Turn[] = [];
  await play.run(changeOf(a), (at, entries) => {
    const dispatches = dispatchesOf(entries);
    if (dispatches.length > 0) first.push({ at, dispatches });
  });
  const found = new Comparison(first);
  await play.run(changeOf(b), (at, entries, fold) => found.take(at, dispatchesOf(entries), fold));
  return { a, b, same: found.same, parting: await found.parting };
}

interface Turn {
  readonly at: number;
  readonly dispatches: readonly Dispatch[];
}

function changeOf(policy: string | null): Change {
  return policy === null ? {} : { policy };
}

class Comparison {
  same = 0;
  parting: Promise<PartingView> | null = null;
  #next = 0;

  constructor(private readonly first: readonly Turn[]) {}

  take(at: number, dispatches: readonly Dispatch[], fold: ScratchFold): void {
    if (this.parting !== null || dispatches.length === 0) return;
    const expected = this.first[this.#next++] ?? { at, dispatches: [] };
    const place = firstDifference(expected.dispatches, dispatches);
    if (place < 0 && expected.at === at) {
      this.same += dispatches.length;
      return;
    }
    this.same += Math.max(0, place);
    const turn = fold.turn;
    const i = Math.max(0, place);
    this.parting = viewOf(fold, { turn, atMs: at }, expected.dispatches[i], dispatches[i]);
  }
}

async function viewOf(
  fold: ScratchFold,
  place: Pick<PartingView, 'turn' | 'atMs'>,
  a: Dispatch | undefined,
  b: Dispatch | undefined,
): Promise<PartingView> {
  const view = (dispatch: Dispatch | undefined): Promise<DispatchView | null> =>
    dispatchView(new Names(fold), dispatch ?? null);
  return { ...place, recorded: await view(a), other: await view(b) };
}
