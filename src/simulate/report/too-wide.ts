/** Jobs that no executor of a size can hold: those that fit into the executors of the plan may not into smaller ones. */
import type { JobSpec } from '../../catalogue/generated/types.js';
import { className } from '../class-name.js';
import { largestByClass } from '../load/fleet.js';
import type { PlanRun } from '../run-plan.js';
import type { DagRecord } from './records.js';

/** A job that can never run. */
export interface TooWide {
  /** The name of its DAGs. */
  readonly name: string;
  readonly job: string;
  readonly executorClass: string;
  /** Slots that it needs. */
  readonly slots: number;
  /** Slots of the largest executor of its class. */
  readonly largest: number;
}

/** The jobs of the DAGs that came which need more slots than any executor has, each once. */
export function tooWideJobs({ plan, recorder }: Pick<PlanRun, 'plan' | 'recorder'>): readonly TooWide[] {
  const largest = largestByClass(plan);
  const found = new Map<string, TooWide>();
  // DAGs of a stream share their jobs, so that few lists have to be looked at.
  const seen = new Set<readonly JobSpec[]>();
  for (const { submission } of recorder.dags) {
    if (seen.has(submission.jobs)) continue;
    seen.add(submission.jobs);
    for (const wide of ofDag(submission, largest)) found.set(JSON.stringify([wide.name, wide.job]), wide);
  }
  return [...found.values()];
}

function* ofDag({ name, jobs }: DagRecord['submission'], largest: ReadonlyMap<string, number>): Generator<TooWide> {
  for (const { id, kind, group, executorClass, slots } of jobs) {
    const own = className(group, executorClass);
    const most = kind === 'executor' ? largest.get(own) : undefined;
    if (most !== undefined && slots > most) yield { name, job: id, executorClass: own, slots, largest: most };
  }
}
