/** Whether a run reaches a goal, as far as it can tell. */

import type { Goal } from '../plan/plan-schema.js';
import type { Bounds } from './bounds.js';
import type { DeadlineReport } from './deadlines.js';
import type { GroupReport, RunReport } from './report.js';

/** undecided: what is open when the run ends could still turn it, or nothing came that the goal is about. */
export type Verdict = 'yes' | 'no' | 'undecided';

/** Why a DAG is refused that would have been accepted with fewer others. */
const FULL: ReadonlySet<string> = new Set(['tenant-open-dags', 'cell-known-jobs']);

/** DAGs of the load that were refused because too many others were open. */
export function refusedDags({ refusals }: Pick<RunReport, 'refusals'>): number {
  return refusals.filter(({ code }) => FULL.has(code)).reduce((sum, { count }) => sum + count, 0);
}

/** The DAGs that a goal is about; undefined: none of them came. */
export function aboutOf(goal: Goal | undefined, { names, all }: Pick<RunReport, 'names' | 'all'>) {
  const about = goal?.name;
  return about === undefined ? all : names.find(({ name }) => name === about);
}

/**
 * Whether a run reaches a goal: yes if it does however what is open would end, no if it does not however that would. A
 * run that refuses DAGs, or has some that can never go on, does not, whatever the others came to.
 */
export function verdictOf(goal: Goal, report: RunReport): Verdict {
  if (refusedDags(report) > 0 || neverEnds(report)) return 'no';
  const group = aboutOf(goal, report);
  if (group === undefined || group.dags === 0) return 'undecided';
  const parts = [...partsOf(goal, group)];
  return parts.find((part) => part === 'no') ?? parts.find((part) => part === 'undecided') ?? 'yes';
}

/**
 * Some of its DAGs will never end: for want of slots, or of something else. Jobs behind what is stuck are in no wait, so
 * that a goal of waits would not notice.
 */
function neverEnds({ end, tooWide, stuck }: RunReport): boolean {
  return tooWide.length > 0 || stuck.length > 0 || end === 'stalled';
}

function* partsOf({ deadlines, wait, latency }: Goal, { deadlines: counted, p99 }: GroupReport): Generator<Verdict> {
  if (deadlines !== undefined) yield metVerdict(deadlines, counted);
  // Jobs of a DAG that is held wait too, though none of them is ready: it may be held no longer than jobs may wait.
  if (wait !== undefined) yield* [within(wait, p99.wait), within(wait, p99.held)];
  if (latency !== undefined) yield within(latency, p99.latency);
}

function metVerdict(share: number, { decided, met, open }: DeadlineReport): Verdict {
  const all = decided + open;
  if (all === 0) return 'undecided';
  // Divided they are the very number that the plan says; the share of all may come out a little above a whole number.
  if (met / all >= share) return 'yes';
  return (met + open) / all < share ? 'no' : 'undecided';
}

function within(limitMs: number, bounds: Bounds | null): Verdict {
  if (bounds === null) return 'undecided';
  const { leastMs, mostMs } = bounds;
  if (leastMs === null || leastMs > limitMs) return 'no';
  return mostMs !== null && mostMs <= limitMs ? 'yes' : 'undecided';
}
