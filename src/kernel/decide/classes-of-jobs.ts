import type { JobSpec } from '../../catalogue/generated/types.js';
import { IdKind, seqOf } from '../ids.js';
import type { State } from '../state.js';

/** The executor classes that the jobs of a submission name. */
export interface ClassesOfJobs {
  /** Sequence number of each, in the order in which they are named; 0 for one that nobody has named before. */
  readonly seqs: readonly number[];
  /** For each job the place of its class in `seqs`; -1 when it has none. */
  readonly placeOf: Int32Array;
  /** How many of them nobody has named before. */
  readonly unknown: number;
}

/** Finds each class once, however many jobs are of it. */
export function classesOf(state: State, jobs: readonly JobSpec[]): ClassesOfJobs {
  const seqs: number[] = [];
  const placeOf = new Int32Array(jobs.length).fill(-1);
  const places = new Map<string, number>();
  let unknown = 0;
  let last: JobSpec | null = null;
  let place = -1;
  for (const [i, job] of jobs.entries()) {
    if (job.kind !== 'executor') continue;
    if (last === null || job.executorClass !== last.executorClass || job.group !== last.group) {
      last = job;
      const key = `${job.group}\u0000${job.executorClass}`;
      place = places.get(key) ?? seqs.length;
      if (place === seqs.length) {
        places.set(key, place);
        const seq = seqOf(state, IdKind.class, job.group, job.executorClass);
        seqs.push(seq);
        if (seq === 0) unknown += 1;
      }
    }
    placeOf[i] = place;
  }
  return { seqs, placeOf, unknown };
}
