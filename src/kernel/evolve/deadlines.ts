/** Deadlines of DAGs, and what they mean for flows (policy.md: Deadlines). */
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { MAX_PRIORITY } from '../limits.js';
import { DeadlineFlag } from '../rows/flags.js';
import { flowKey } from '../rows/keys.js';
import { dagReprioritized, dagRow } from './dags.js';

/** The least slack up to which a flow is at risk. */
const MIN_MARGIN_MS = 2000;

export function deadlineChanged(fold: Fold, body: E.DeadlineChanged): void {
  const { state } = fold;
  const { dags } = state;
  const dag = dagRow(fold, body.dag);
  dags.set.deadlineAtMs(dag, Math.max(0, body.deadlineAtMs));
  dags.set.hardDeadlineAtMs(dag, Math.max(0, body.hardDeadlineAtMs));
  dags.set.riskAtMs(dag, Math.max(0, body.riskAtMs));
  dags.set.deadlineFlags(dag, 0);
}

export function deadlineRiskDeferred(fold: Fold, body: E.DeadlineRiskDeferred): void {
  const { dags } = fold.state;
  dags.set.riskAtMs(dagRow(fold, body.dag), Math.max(0, body.riskAtMs));
}

function addFlag(fold: Fold, dagSeq: number, flag: number): void {
  const { dags } = fold.state;
  const dag = dagRow(fold, dagSeq);
  dags.set.deadlineFlags(dag, dags.c.deadlineFlags[dag]! | flag);
}

export function deadlineAtRisk(fold: Fold, body: E.DeadlineAtRisk): void {
  const { dags } = fold.state;
  addFlag(fold, body.dag, DeadlineFlag.atRisk);
  dags.set.riskAtMs(dagRow(fold, body.dag), 0);
}

export function deadlineMissed(fold: Fold, body: E.DeadlineMissed): void {
  addFlag(fold, body.dag, DeadlineFlag.missed);
}

/** Demoted, the DAG goes on at the lowest priority; otherwise DagEnding follows. */
export function hardDeadlinePassed(fold: Fold, body: E.HardDeadlinePassed): void {
  addFlag(fold, body.dag, DeadlineFlag.hardPassed);
  if (body.demoted) dagReprioritized(fold, { dag: body.dag, priority: -MAX_PRIORITY });
}

/** Writes what the kernel computed of a flow's deadline into its row. */
export function setFlowDeadline(fold: Fold, dagSeq: number, key: number, deadline: E.Deadline | null): void {
  if (deadline === null) return;
  const { state } = fold;
  const { flows } = state;
  const flow = flows.find(dagSeq, key);
  flows.set.needMs(flow, deadline.needMs);
  flows.set.risk(flow, deadline.risk);
  flows.set.wakeAtMs(flow, Math.max(0, deadline.wakeAtMs));
  lowerRiskAt(fold, dagSeq, deadline.needMs);
}

/** The DAG is looked at when the first of its flows may come to be at risk. */
function lowerRiskAt(fold: Fold, dagSeq: number, needMs: number): void {
  const { dags } = fold.state;
  const dag = dagRow(fold, dagSeq);
  if ((dags.c.deadlineFlags[dag]! & DeadlineFlag.atRisk) !== 0) return;
  const deadline = deadlineAhead(fold, dag);
  if (deadline === 0) return;
  const riskAt = Math.max(1, deadline - needMs - marginOf(needMs));
  const known = dags.c.riskAtMs[dag]!;
  if (known === 0 || riskAt < known) dags.set.riskAtMs(dag, riskAt);
}

/** The earlier of the DAG's deadlines that are still ahead; 0 when there is none. */
export function deadlineAhead(fold: Fold, dag: number): number {
  const { c } = fold.state.dags;
  const soft = c.deadlineAtMs[dag]!;
  const hard = c.hardDeadlineAtMs[dag]!;
  const softAhead = soft !== 0 && fold.at <= soft ? soft : 0;
  const hardAhead = hard !== 0 && fold.at <= hard ? hard : 0;
  if (softAhead === 0 || hardAhead === 0) return softAhead + hardAhead;
  return Math.min(softAhead, hardAhead);
}

/** The slack up to which a flow is at risk, in ms, by what it needs. */
export function marginOf(needMs: number): number {
  return Math.max(MIN_MARGIN_MS, 2 * needMs);
}

export function flowRiskChanged(fold: Fold, body: E.FlowRiskChanged): void {
  setFlowDeadline(fold, body.dag, flowKey(body.class, body.shape), body.deadline);
}
