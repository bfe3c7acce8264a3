/**
 * Rates of a class as buckets of tokens (policy.md: Rates). A dispatch needs as many tokens as it has units, at most a
 * full bucket, and takes them all; its release gives back or takes what it really used. All in integers: a level is in
 * 1/perMs of a token, so that each ms adds a whole number.
 */
import type { State } from './rows/state.js';

/** The most that a bucket holds. */
export function fullOf(state: State, bucket: number): number {
  const { burst, perMs } = state.buckets.c;
  return burst[bucket]! * perMs[bucket]!;
}

/** Level of a bucket at a moment that is not before the one for which its row stands. */
export function levelAt(state: State, bucket: number, at: number): number {
  const { add, level, filledAtMs } = state.buckets.c;
  const room = fullOf(state, bucket) - level[bucket]!;
  // What is added is cut off at what fills it before it is multiplied, so that no product is too large.
  const ms = Math.min(at - filledAtMs[bucket]!, Math.ceil(room / add[bucket]!));
  return level[bucket]! + Math.min(room, ms * add[bucket]!);
}

/** Tokens that a bucket counts a dispatch of so many units as. */
export function tokensOf(state: State, bucket: number, units: number): number {
  return state.buckets.c.isUnits[bucket] === 0 ? 1 : units;
}

/** Beyond so many parts of a token nothing more is counted, so that it stays exact. */
const MAX_PARTS = 2 ** 52;

/** How long it takes, in ms, until the rates of a class have let so many jobs start, with so many units, if no others do. */
export function paceMs(state: State, classSeq: number, at: number, starts: number, units: number): number {
  const { buckets, classes } = state;
  const { perMs, add, isUnits } = buckets.c;
  const count = classes.c.buckets[classes.find(classSeq)]!;
  let pace = 0;
  for (let i = 0; i < count; i++) {
    const bucket = buckets.find(classSeq, i);
    const tokens = Math.min(isUnits[bucket] === 0 ? starts : units, Math.floor(MAX_PARTS / perMs[bucket]!));
    const missing = tokens * perMs[bucket]! - levelAt(state, bucket, at);
    if (missing > 0) pace = Math.max(pace, Math.floor(missing / add[bucket]!));
  }
  return pace;
}

/**
 * The earliest moment at which all buckets of a class have what a dispatch of so many units needs; `at` if they have
 * it.
 */
export function paidAt(state: State, classSeq: number, units: number, at: number): number {
  const { buckets, classes } = state;
  const { perMs, add, burst } = buckets.c;
  const count = classes.c.buckets[classes.find(classSeq)]!;
  let paid = at;
  for (let i = 0; i < count; i++) {
    const bucket = buckets.find(classSeq, i);
    const needed = Math.min(burst[bucket]!, tokensOf(state, bucket, units)) * perMs[bucket]!;
    const missing = needed - levelAt(state, bucket, at);
    if (missing > 0) paid = Math.max(paid, at + Math.ceil(missing / add[bucket]!));
  }
  return paid;
}
