/** The same load on more and fewer slots: what a cluster of each size would do. */
import type { Goal } from './plan-schema.js';
import type { RunReport } from './report.js';

/** One size on the curve. */
export interface CurvePoint {
  /** What multiplies the slots of every class. */
  readonly factor: number;
  readonly classes: readonly { readonly name: string; readonly slots: number; readonly utilisation: number }[];
  /** Of the DAGs that the goal is about, else of all: 99th percentile of their jobs' waits; null: nothing ran. */
  readonly waitMs: number | null;
  /** 99th percentile of the times that limits of their tenants held them; null: they held none. */
  readonly heldMs: number | null;
  /** 99th percentile of their times from acceptance to the end; null: none has ended. */
  readonly latencyMs: number | null;
  readonly deadlines: RunReport['all']['deadlines'];
  /** Those that had not ended when the run did. */
  readonly open: number;
  /** DAGs of the load that were refused because too many others were open. */
  readonly refused: number;
  /** Whether it reaches the plan's goal; null: the plan has none. */
  readonly isEnough: boolean | null;
}

/** Why a DAG is refused that would have been accepted with fewer others. */
const FULL: ReadonlySet<string> = new Set(['tenant-open-dags', 'cell-known-jobs']);

/** What a run on so many slots says of that size. */
export function pointOf(
  factor: number,
  { classes, names, all, refusals }: RunReport,
  goal: Goal | undefined,
): CurvePoint {
  const about = goal?.name;
  const group = about === undefined ? all : names.find(({ name }) => name === about);
  const measured = {
    waitMs: group?.wait?.p99Ms ?? null,
    heldMs: group?.held?.p99Ms ?? null,
    latencyMs: group?.latency?.p99Ms ?? null,
    deadlines: group?.deadlines ?? { decided: 0, met: 0 },
    open: group?.open ?? 0,
    refused: refusals.filter(({ code }) => FULL.has(code)).reduce((sum, { count }) => sum + count, 0),
  };
  return {
    factor,
    classes: classes.map(({ name, slots, utilisation }) => ({ name, slots, utilisation })),
    ...measured,
    isEnough: goal === undefined ? null : reaches(goal, measured),
  };
}

type Measured = Pick<CurvePoint, 'waitMs' | 'heldMs' | 'latencyMs' | 'deadlines' | 'open' | 'refused'>;

/**
 * Whether a size reaches a goal. What nobody knows is not reached: the latency of DAGs that are open, how long those
 * would have waited that were refused, and anything of DAGs that never came. Jobs of a DAG that is held wait too, though
 * none of them is ready: it may be held no longer than jobs may wait.
 */
function reaches(goal: Goal, measured: Measured): boolean {
  const {
    waitMs,
    heldMs,
    latencyMs,
    deadlines: { decided, met },
    open,
    refused,
  } = measured;
  if (refused > 0) return false;
  const { deadlines: share, wait, latency } = goal;
  if (share !== undefined && (decided === 0 || met < share * decided)) return false;
  if (wait !== undefined && (waitMs === null || waitMs > wait)) return false;
  if (wait !== undefined && heldMs !== null && heldMs > wait) return false;
  return latency === undefined || (open === 0 && latencyMs !== null && latencyMs <= latency);
}

/** The smallest size that reaches the goal; null: none does, or there is no goal. */
export function smallestEnough(curve: readonly CurvePoint[]): CurvePoint | null {
  const enough = curve.filter(({ isEnough }) => isEnough === true);
  return enough.reduce<CurvePoint | null>(
    (best, one) => (best === null || one.factor < best.factor ? one : best),
    null,
  );
}
