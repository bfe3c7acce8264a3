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
  /** 99th percentile of their times from acceptance to the end; null: none has ended. */
  readonly latencyMs: number | null;
  readonly deadlines: RunReport['all']['deadlines'];
  /** Those that had not ended when the run did. */
  readonly open: number;
  /** Whether it reaches the plan's goal; null: the plan has none. */
  readonly isEnough: boolean | null;
}

/** What a run on so many slots says of that size. */
export function pointOf(factor: number, { classes, names, all }: RunReport, goal: Goal | undefined): CurvePoint {
  const { wait, latency, deadlines, open } = names.find(({ name }) => name === goal?.name) ?? all;
  const measured = { waitMs: wait?.p99Ms ?? null, latencyMs: latency?.p99Ms ?? null, deadlines, open };
  return {
    factor,
    classes: classes.map(({ name, slots, utilisation }) => ({ name, slots, utilisation })),
    ...measured,
    isEnough: goal === undefined ? null : reaches(goal, measured),
  };
}

type Measured = Pick<CurvePoint, 'waitMs' | 'latencyMs' | 'deadlines' | 'open'>;

/** Whether a size reaches a goal. A limit on the latency is missed while DAGs are open: nobody knows theirs. */
function reaches(goal: Goal, { waitMs, latencyMs, deadlines, open }: Measured): boolean {
  const { deadlines: share, wait, latency } = goal;
  if (share !== undefined && deadlines.met < share * deadlines.decided) return false;
  if (wait !== undefined && (waitMs ?? 0) > wait) return false;
  return latency === undefined || (open === 0 && (latencyMs ?? 0) <= latency);
}

/** The smallest size that reaches the goal; null: none does, or there is no goal. */
export function smallestEnough(curve: readonly CurvePoint[]): CurvePoint | null {
  const enough = curve.filter(({ isEnough }) => isEnough === true);
  return enough.reduce<CurvePoint | null>(
    (best, one) => (best === null || one.factor < best.factor ? one : best),
    null,
  );
}
