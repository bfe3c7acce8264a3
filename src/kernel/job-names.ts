/** Jobs of a submission by what they are called in it: few are looked through, of many an index is made once. */
import type { JobSpec } from '../catalogue/generated/types.js';

/** Jobs up to which to look through them takes no longer than to make an index. */
const FEW = 32;

interface Names {
  readonly ids: ReadonlyMap<string, number>;
  /** Jobs that wait for each signal, in their order. */
  readonly signals: ReadonlyMap<string, readonly number[]>;
}

/** As long as a submission is in memory. */
const made = new WeakMap<readonly JobSpec[], Names>();

/** Index of the job with this id; -1 when there is none. */
export function indexOfJob(jobs: readonly JobSpec[], id: string): number {
  if (jobs.length <= FEW) return jobs.findIndex((job) => job.id === id);
  return namesOf(jobs).ids.get(id) ?? -1;
}

/** Indexes of the jobs that wait for this signal, in their order. */
export function jobsOfSignal(jobs: readonly JobSpec[], signal: string): readonly number[] {
  return namesOf(jobs).signals.get(signal) ?? [];
}

function namesOf(jobs: readonly JobSpec[]): Names {
  let names = made.get(jobs);
  if (names === undefined) {
    names = indexed(jobs);
    made.set(jobs, names);
  }
  return names;
}

function indexed(jobs: readonly JobSpec[]): Names {
  const ids = new Map<string, number>();
  const signals = new Map<string, number[]>();
  for (const [index, { id, kind, signalName }] of jobs.entries()) {
    ids.set(id, index);
    if (kind !== 'signal') continue;
    const waiting = signals.get(signalName ?? id);
    if (waiting === undefined) signals.set(signalName ?? id, [index]);
    else waiting.push(index);
  }
  return { ids, signals };
}
