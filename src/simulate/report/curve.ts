/** The same load on more and fewer slots: what a cluster of each size would do. */
import type { Goal } from '../plan/plan-schema.js';
import type { RunReport } from './report.js';
import { aboutOf, refusedDags, type Verdict, verdictOf } from './verdict.js';

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
  /** Jobs that can never run on so few slots. */
  readonly tooWide: RunReport['tooWide'];
  /** What can never go on, by reason. */
  readonly stuck: RunReport['stuck'];
  /** Whether it reaches the plan's goal; null: the plan has none. */
  readonly enough: Verdict | null;
}

/** What a run on so many slots says of that size. */
export function pointOf(factor: number, report: RunReport, goal: Goal | undefined): CurvePoint {
  const group = aboutOf(goal, report);
  return {
    factor,
    classes: report.classes.map(({ name, slots, utilisation }) => ({ name, slots, utilisation })),
    waitMs: group?.wait?.p99Ms ?? null,
    heldMs: group?.held?.p99Ms ?? null,
    latencyMs: group?.latency?.p99Ms ?? null,
    deadlines: group?.deadlines ?? { decided: 0, met: 0, open: 0 },
    open: group?.open ?? 0,
    refused: refusedDags(report),
    tooWide: report.tooWide,
    stuck: report.stuck,
    enough: goal === undefined ? null : verdictOf(goal, report),
  };
}

/** The smallest size that reaches the goal for certain; null: none does, or there is no goal. */
export function smallestEnough(curve: readonly CurvePoint[]): CurvePoint | null {
  return curve
    .filter(({ enough }) => enough === 'yes')
    .reduce<CurvePoint | null>((best, one) => (best === null || one.factor < best.factor ? one : best), null);
}
