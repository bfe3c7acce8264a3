/** What dispatches and releases take from the buckets of their class, and what its limits make of them. */

import { Code } from '../../catalogue/generated/codes.js';
import type { InputEntry, Rate } from '../../catalogue/generated/types.js';
import { fullOf, levelAt, tokensOf } from '../buckets.js';
import type { Fold } from '../fold.js';
import { MAX_BUCKET_DEBT } from '../limits.js';
import type { State } from '../rows/state.js';

/** Gives a class these rates. A bucket that stays as it was keeps its level, wherever in the list; any other begins full. */
export function setRates(fold: Fold, classSeq: number, rates: readonly Rate[]): void {
  const { state } = fold;
  const { classes, buckets } = state;
  const cls = classes.find(classSeq);
  const { set } = buckets;
  const known = classes.c.buckets[cls]!;
  const before = Array.from({ length: known }, (_, i) => bucketOf(state, buckets.find(classSeq, i)));
  rates.forEach((rate, i) => {
    const isUnits = rate.per === 'units' ? 1 : 0;
    const { add, perMs, burst } = rate;
    const same = before.findIndex(
      (one) => one.isUnits === isUnits && one.add === add && one.perMs === perMs && one.burst === burst,
    );
    // Each bucket goes on as one at most.
    const [kept] = same < 0 ? [] : before.splice(same, 1);
    const bucket = buckets.row(classSeq, i);
    set.isUnits(bucket, isUnits);
    set.add(bucket, add);
    set.perMs(bucket, perMs);
    set.burst(bucket, burst);
    set.level(bucket, kept?.level ?? burst * perMs);
    set.filledAtMs(bucket, kept?.filledAtMs ?? fold.at);
    set.sinceToken(bucket, kept?.sinceToken ?? state.cell.c.nextToken[state.cellRow]!);
  });
  for (let i = rates.length; i < known; i++) buckets.clear(buckets.find(classSeq, i));
  classes.set.buckets(cls, rates.length);
}

/** All that a bucket is, apart from its place. */
function bucketOf({ buckets }: State, bucket: number) {
  const { isUnits, add, perMs, burst, level, filledAtMs, sinceToken } = buckets.c;
  return {
    isUnits: isUnits[bucket]!,
    add: add[bucket]!,
    perMs: perMs[bucket]!,
    burst: burst[bucket]!,
    level: level[bucket]!,
    filledAtMs: filledAtMs[bucket]!,
    sinceToken: sinceToken[bucket]!,
  };
}

/** A dispatch takes its tokens, though there may be fewer: it needed no more than a full bucket. */
export function payBuckets(fold: Fold, classSeq: number, units: number): void {
  const { state } = fold;
  const count = state.classes.c.buckets[state.classes.find(classSeq)]!;
  for (let i = 0; i < count; i++) {
    const bucket = state.buckets.find(classSeq, i);
    take(fold, bucket, tokensOf(state, bucket, units));
  }
}

/** The release of a lease corrects what its dispatch took of units, where it took them from, by what was used. */
export function correctBuckets(fold: Fold, classSeq: number, token: number, charged: number, used: number): void {
  const { state } = fold;
  if (charged === used) return;
  const { isUnits, sinceToken } = state.buckets.c;
  const count = state.classes.c.buckets[state.classes.find(classSeq)]!;
  for (let i = 0; i < count; i++) {
    const bucket = state.buckets.find(classSeq, i);
    if (isUnits[bucket] !== 0 && token > sinceToken[bucket]!) take(fold, bucket, used - charged);
  }
}

function take(fold: Fold, bucket: number, tokens: number): void {
  const { state } = fold;
  const { buckets } = state;
  const left = levelAt(state, bucket, fold.at) - tokens * buckets.c.perMs[bucket]!;
  buckets.set.level(bucket, Math.max(-MAX_BUCKET_DEBT, Math.min(fullOf(state, bucket), left)));
  buckets.set.filledAtMs(bucket, fold.at);
}

/** Units that the executor says the lease has used, in the callback that is being applied; null where it says nothing. */
export function unitsUsed(input: InputEntry | null, token: number): number | null {
  if (input?.code !== Code.CompleteJob && input?.code !== Code.FailJob && input?.code !== Code.ReturnJob) return null;
  return input.body.lease.token === token ? input.body.unitsUsed : null;
}
