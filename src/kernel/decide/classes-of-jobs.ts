import type { JobSpec } from '../../catalogue/generated/types.js';
import { IdKind, seqOf } from '../rows/ids.js';
import type { State } from '../rows/state.js';

/** The executor classes that the jobs of a submission name. */
export interface ClassesOfJobs {
  /** Sequence number of each, in the order in which they are named; 0 for one that nobody has named before. */
  readonly seqs: readonly number[];
  /** For each job the place of its class in `seqs`; -1 when it has none. */
  readonly placeOf: readonly number[];
  /** How many of them nobody has named before. */
  readonly unknown: number;
}

/** Finds each class once, however many jobs are of it. */
export function classesOf(state: State, jobs: readonly JobSpec[]): ClassesOfJobs {
  const seqs: number[] = [];
  const placeOf = jobs.map(() => -1);
  /** By name, once there is more than one. */
  let places: Map<string, number> | null = null;
  let unknown = 0;
  let last: JobSpec | null = null;
  let place = -1;
  for (let i = 0; i < jobs.length; i++) {
    const job = jobs[i]!;
    if (job.kind !== 'executor') continue;
    if (last === null || job.executorClass !== last.executorClass || job.group !== last.group) {
      if (last !== null) places ??= new Map([[nameOf(last), place]]);
      last = job;
      place = places?.get(nameOf(job)) ?? seqs.length;
      if (place === seqs.length) {
        places?.set(nameOf(job), place);
        const seq = seqOf(state, IdKind.class, job.group, job.executorClass);
        seqs.push(seq);
        if (seq === 0) unknown += 1;
      }
    }
    placeOf[i] = place;
  }
  return { seqs, placeOf, unknown };
}

function nameOf({ group, executorClass }: JobSpec): string {
  return `${group}\u0000${executorClass}`;
}
