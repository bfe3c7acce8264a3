import type { Change } from '../../../replay/index.js';
import { misuse } from '../exit.js';
import { sweepText, whatIfText } from '../simulation/what-if.js';
import type { Io } from '../terminal/io.js';
import { openHistory, type Watch, watching } from './open-history.js';

export interface WhatIfOptions {
  readonly policy?: string;
  readonly slots: readonly string[];
  readonly weight: readonly string[];
  readonly without: readonly string[];
  readonly tenant: string;
  readonly sweep?: string;
}

/** `marie replay what-if`: what a history would have come to under a change. */
export async function replayWhatIf(io: Io, place: string, options: WhatIfOptions): Promise<void> {
  const history = await openHistory(place);
  const [{ Play, whatIf }, { sweep }, { MAX_WEIGHT }] = await Promise.all([
    import('../../../replay/what-if/what-if.js'),
    import('../../../replay/what-if/sweep.js'),
    import('../../../replay/what-if/change.js'),
  ]);
  if (options.sweep !== undefined) {
    const range = rangeOf(options.sweep);
    const { executorClass, from, to } = range;
    const change = changeOf(options, MAX_WEIGHT);
    if (Object.hasOwn(change.slots ?? {}, executorClass))
      throw misuse(`${options.sweep}: ${executorClass} has a number of slots already`);
    const curve = async (watch: Watch) => {
      const play = await Play.of(history, watch);
      const { recorded } = play;
      const playedOn = await play.playedOn();
      return { executorClass, change, recorded, playedOn, points: await sweep(play, range, change) };
    };
    const report = await watching(io, 'read', history, curve, { plays: to - from + 1 });
    io.emit('replay-what-if', report, (shown) => sweepText(io, executorClass, shown.points));
    return;
  }
  const change = changeOf(options, MAX_WEIGHT);
  const report = await watching(io, 'read', history, (watch) => whatIf(history, change, watch), { plays: 1 });
  io.emit('replay-what-if', report, (shown) => whatIfText(io, shown));
}

function changeOf({ policy, slots, weight, without, tenant }: WhatIfOptions, maxWeight: number): Change {
  return {
    ...(policy !== undefined && { policy }),
    ...(slots.length > 0 && { slots: pairsOf(slots) }),
    ...(weight.length > 0 && { weights: weightsOf(weight, maxWeight) }),
    ...(without.length > 0 && { without: without.map((dag) => ({ tenant, dag })) }),
  };
}

/** Numbers by name. One that is named twice is refused: which of the two was meant nobody can tell. */
function pairsOf(texts: readonly string[]): Record<string, number> {
  const pairs = new Map<string, number>();
  for (const text of texts) {
    const [, name, value] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
    if (name === undefined) throw misuse(`${text} is not NAME=NUMBER`);
    if (pairs.has(name)) throw misuse(`${text}: ${name} has ${pairs.get(name)} already`);
    pairs.set(name, Number(value));
  }
  return Object.fromEntries(pairs);
}

function weightsOf(texts: readonly string[], most: number): Record<string, number> {
  const weights = pairsOf(texts);
  for (const weight of Object.values(weights)) {
    if (weight >= 1 && weight <= most) continue;
    throw misuse(`the weight of a tenant is 1 to ${most}, not ${weight}`);
  }
  return weights;
}

function rangeOf(text: string): { executorClass: string; from: number; to: number } {
  const [, executorClass, from, to] = /^(?:class=)?(.+):(\d{1,7})\.\.(\d{1,7})$/.exec(text) ?? [];
  if (executorClass === undefined) throw misuse(`${text} is not class=NAME:FROM..TO`);
  if (Number(from) > Number(to)) throw misuse(`${text}: ${from} is more than ${to}`);
  return { executorClass, from: Number(from), to: Number(to) };
}
