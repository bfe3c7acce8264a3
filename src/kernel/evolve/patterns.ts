/**
 * What is learned of patterns of jobs: what was given for them, and what they took (policy.md: What a job is expected
 * to take).
 */
import type { Fold } from '../fold.js';
import { MAX_DURATION_MS } from '../limits.js';
import { PATTERN_SAMPLES, type Pattern, rowOfMark } from '../patterns.js';

/** A job of the pattern is accepted: the pattern has its place from now on, and what is given for it is noted. */
export function notePattern(fold: Fold, classSeq: number, pattern: Pattern, givenMs: number | null): void {
  const { state } = fold;
  const { patterns } = state;
  const { c, set } = patterns;
  const row = patterns.row(classSeq, pattern.place);
  if (c.key[row] !== pattern.key) {
    set.empty(row);
    set.key(row, pattern.key);
  }
  if (givenMs === null) return;
  const samples = c.told[row]!;
  set.given(row, learned(c.given[row]!, samples, givenMs));
  set.told(row, Math.min(samples + 1, PATTERN_SAMPLES));
}

/** A job of the pattern has ended well. */
export function teachPattern(fold: Fold, job: number, occupancyMs: number): void {
  const { jobs, patterns } = fold.state;
  const mark = jobs.c.pattern[job]!;
  const row = mark === 0 ? 0 : rowOfMark(fold.state, jobs.c.class[job]!, mark);
  if (row === 0) return;
  const { c, set } = patterns;
  const samples = c.taught[row]!;
  set.actual(row, learned(c.actual[row]!, samples, Math.min(MAX_DURATION_MS, occupancyMs)));
  set.taught(row, Math.min(samples + 1, PATTERN_SAMPLES));
}

/**
 * The scaled sum after another sample: a plain mean up to so many samples; after that it moves by one part in so many.
 */
function learned(sum: number, samples: number, sample: number): number {
  return sum + sample - (samples === PATTERN_SAMPLES ? Math.floor(sum / PATTERN_SAMPLES) : 0);
}
