/** What is learned of patterns of jobs: what was given for them, and what they took (policy.md, section 6). */
import type { Fold } from '../fold.js';
import { MAX_DURATION_MS } from '../limits.js';
import { PATTERN_SAMPLES, type Pattern, rowOfMark } from '../patterns.js';

/** A job of the pattern is accepted: the pattern has its place from now on, and what is given for it is noted. */
export function notePattern(fold: Fold, classSeq: number, pattern: Pattern, givenMs: number | null): void {
  const { state } = fold;
  const { patterns } = state;
  const { f, c } = patterns;
  const row = state.row(patterns, classSeq, pattern.place);
  if (c.key[row] !== pattern.key) {
    state.set(patterns, row, f.key, pattern.key);
    for (const field of [f.actual, f.taught, f.given, f.told]) state.set(patterns, row, field, 0);
  }
  if (givenMs !== null) learn(fold, row, f.given, f.told, givenMs);
}

/** A job of the pattern has ended well. */
export function teachPattern(fold: Fold, job: number, occupancyMs: number): void {
  const { jobs } = fold.state;
  const mark = jobs.c.pattern[job]!;
  const row = mark === 0 ? 0 : rowOfMark(fold.state, jobs.c.class[job]!, mark);
  const { f } = fold.state.patterns;
  if (row !== 0) learn(fold, row, f.actual, f.taught, Math.min(MAX_DURATION_MS, occupancyMs));
}

/** A plain mean up to so many samples; after that it moves by one part in so many. */
function learn(fold: Fold, row: number, sum: number, count: number, sample: number): void {
  const { state } = fold;
  const { patterns } = state;
  const isFull = patterns.number(count, row) === PATTERN_SAMPLES;
  const before = patterns.number(sum, row);
  state.set(patterns, row, sum, before + sample - (isFull ? Math.floor(before / PATTERN_SAMPLES) : 0));
  if (!isFull) state.add(patterns, row, count, 1);
}
