import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, Evidence } from '../../src/catalogue/generated/types.js';

/** A dispatch of a turn. */
export interface Dispatch {
  readonly dag: number;
  readonly job: number;
  readonly attempt: number;
  readonly executor: number;
  readonly evidence: Evidence;
}

/** The dispatches of a turn, in their order. */
export function dispatchesOf(entries: readonly AnyEntry[]): Dispatch[] {
  const found: Dispatch[] = [];
  let attempt = 0;
  let executor = 0;
  for (const entry of entries) {
    if (entry.code === Code.LeaseGranted) {
      attempt = entry.body.attempt;
      executor = entry.body.executor;
    } else if (entry.code === Code.JobDispatched) {
      const { dag, job, evidence } = entry.body;
      found.push({ dag, job, attempt, executor, evidence });
    }
  }
  return found;
}

/** Place of the first dispatch in which two turns differ in job, executor, lane or cost; -1 when they don't. */
export function firstDifference(a: readonly Dispatch[], b: readonly Dispatch[]): number {
  const count = Math.max(a.length, b.length);
  for (let i = 0; i < count; i++) if (!isSame(a[i], b[i])) return i;
  return -1;
}

function isSame(a: Dispatch | undefined, b: Dispatch | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.dag !== b.dag || a.job !== b.job || a.attempt !== b.attempt || a.executor !== b.executor) return false;
  return a.evidence.lane === b.evidence.lane && a.evidence.cost === b.evidence.cost;
}
