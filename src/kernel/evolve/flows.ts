/**
 * Rows of the frontier: flows (policy.md: In one paragraph). They are kept whatever the policy, so that a switch finds
 * them.
 */

import { DagState, Shape } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { slotsOfReady } from '../fold.js';
import { MAX_COST } from '../limits.js';
import { JobFlag } from '../rows/flags.js';
import { flowKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { backlogDag } from './fair-dags.js';
import { backlog, idle } from './tags.js';

/** The shape under which a job stands in the frontier. */
export function shapeOf(flags: number): number {
  if ((flags & JobFlag.wide) !== 0) return Shape.wide;
  return (flags & JobFlag.long) !== 0 ? Shape.long : Shape.short;
}

/** Slot-ms that a job is charged: its estimate on all its slots, cut off at `MAX_COST`. */
export function costOf(estimateMs: number, slots: number): number {
  return Math.min(MAX_COST, estimateMs * slots);
}

/** What a dispatch of a job is charged: its slot-ms, or its units where the class says that they cost more. */
export function chargeOf(state: State, job: number): number {
  const { jobs, classes } = state;
  const slotMs = costOf(jobs.c.estimateMs[job]!, slotsOfReady(state, job));
  const units = jobs.c.units[job]!;
  if (units === 0) return slotMs;
  return Math.max(slotMs, costOf(units, classes.c.unitCost[classes.find(jobs.c.class[job]!)]!));
}

/** Whether the DAG's flows compete: it is open and not paused. */
export function competes({ state: { dags } }: Pick<Fold, 'state'>, dag: number): boolean {
  return dags.c.state[dag] === DagState.open && dags.c.paused[dag] === 0;
}

/** A flow of the DAG begins to compete in the class; `comesBack`: with all others that the DAG has there. */
export function compete(fold: Fold, dag: number, classSeq: number, comesBack: boolean): void {
  const { priority, tenant } = fold.state.dags.c;
  backlog(fold, classSeq, priority[dag]!, tenant[dag]!);
  backlogDag(fold, dag, classSeq, comesBack);
}

/** A ready job enters its flow; the flow starts with its first job. */
export function enterFlow(fold: Fold, dag: number, job: number, shape: number): void {
  const { state } = fold;
  const { flows, jobs, dags } = state;
  const classSeq = jobs.c.class[job]!;
  const flow = flows.row(dags.keyA[dag]!, flowKey(classSeq, shape));
  if (flows.c.ready[flow] === 0) {
    flows.set.flowSeq(flow, state.cell.add.nextFlow(state.cellRow, 1));
    if (competes(fold, dag)) compete(fold, dag, classSeq, false);
  }
  flows.add.ready(flow, 1);
  flows.add.work(flow, costOf(jobs.c.estimateMs[job]!, slotsOfReady(state, job)));
  if (jobs.c.units[job] !== 0) flows.add.units(flow, jobs.c.units[job]!);
}

/**
 * A job leaves its flow, dispatched or ended; the flow ends with its last job. Gives the flow's row, 0 when it ended.
 */
export function leaveFlow(fold: Fold, dag: number, job: number): number {
  const { state } = fold;
  const { flows, jobs, dags } = state;
  const classSeq = jobs.c.class[job]!;
  const flow = flows.find(dags.keyA[dag]!, flowKey(classSeq, shapeOf(jobs.c.flags[job]!)));
  flows.add.work(flow, -costOf(jobs.c.estimateMs[job]!, slotsOfReady(state, job)));
  if (jobs.c.units[job] !== 0) flows.add.units(flow, -jobs.c.units[job]!);
  if (flows.add.ready(flow, -1) > 0) return flow;
  flows.clear(flow);
  if (competes(fold, dag)) idle(fold, classSeq, dags.c.priority[dag]!, dags.c.tenant[dag]!);
  return 0;
}
