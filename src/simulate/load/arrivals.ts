/** When the DAGs of a stream arrive. */

import { className } from '../class-name.js';
import type { Plan, Stream } from '../plan/plan.js';
import { type Chance, Draw } from './chance.js';

/** Moments in ms after the beginning, in order. */
export type Moments = Generator<number, void, void>;

/** How many DAGs of a stream arrive, on average, until a run ends that doesn't wait for them. */
export function expectedDags(stream: Stream, plan: Plan): number {
  const { load, perSecond, count, every, from, until = plan.duration } = stream.arrivals;
  const end = plan.end === 'duration' ? plan.duration : Number.POSITIVE_INFINITY;
  const last = every === undefined ? until : from + count! * every;
  if (count !== undefined) return last <= end ? count : (count * Math.max(0, end - from)) / (last - from);
  const gapMs = load === undefined ? 1_000 / perSecond! : gapOf(stream, load, plan);
  return Math.max(0, Math.min(until, end) - from) / gapMs;
}

/** The arrivals of a stream; `index` tells its draws from those of others. */
export function momentsOf(stream: Stream, index: number, plan: Plan, chance: Chance): Moments {
  const { load, perSecond, count, every, from, until = plan.duration } = stream.arrivals;
  if (count === undefined) {
    return poisson(load === undefined ? 1_000 / perSecond! : gapOf(stream, load, plan), from, until, index, chance);
  }
  return every === undefined ? scattered(count, from, until, index, chance) : regular(count, every, from);
}

/** Mean time between arrivals for a load: the share that they take of the class that they use most, unscaled. */
function gapOf({ templates }: Stream, load: number, { classes }: Plan): number {
  let longest = 0;
  for (const [name, { group, executors, slots }] of Object.entries(classes)) {
    const key = className(group, name);
    const slotMs = templates.reduce((sum, { demand }) => sum + (demand.get(key) ?? 0), 0) / templates.length;
    longest = Math.max(longest, slotMs / (executors * slots));
  }
  return longest / load;
}

function* poisson(gapMs: number, from: number, until: number, index: number, chance: Chance): Moments {
  let at = from;
  for (let n = 0; ; n++) {
    at += chance.exponential(gapMs, Draw.gap, index, n);
    if (at >= until) return;
    yield Math.floor(at);
  }
}

function* scattered(count: number, from: number, until: number, index: number, chance: Chance): Moments {
  const moments = Array.from({ length: count }, (_, n) =>
    Math.floor(chance.between(from, until, Draw.place, index, n)),
  );
  yield* moments.sort((a, b) => a - b);
}

function* regular(count: number, every: number, from: number): Moments {
  for (let n = 0; n < count; n++) yield from + n * every;
}
