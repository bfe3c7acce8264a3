import type { Change } from './change.js';
import type { Numbers } from './tally.js';
import type { Play } from './what-if.js';

/** What a history comes to with so many slots of a class. */
export interface SweepPoint {
  readonly slots: number;
  readonly numbers: Numbers;
  readonly end: 'drained' | 'stalled';
}

/** Plays a history again with each number of slots of a class from `from` to `to`: its capacity curve, under a change. */
export async function sweep(
  play: Play,
  { executorClass, from, to }: { readonly executorClass: string; readonly from: number; readonly to: number },
  change: Change = {},
): Promise<readonly SweepPoint[]> {
  const points: SweepPoint[] = [];
  // The most slots first: more than there can be is refused before anything has been played.
  for (let slots = to; slots >= from; slots--) {
    const { numbers, end } = await play.run({ ...change, slots: { ...change.slots, [executorClass]: slots } });
    points.push({ slots, numbers, end });
  }
  return points.reverse();
}
