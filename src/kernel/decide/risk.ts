/** Deadlines: what the kernel does when time passes, the same under every policy (policy.md: Deadlines). */

import { Code, Risk } from '../../catalogue/generated/codes.js';
import type { Deadline } from '../../catalogue/generated/types.js';
import { forEachFlowClass } from '../evolve/dags.js';
import { deadlineAhead, marginOf } from '../evolve/deadlines.js';
import type { OpenTurn } from '../open-turn.js';
import { volumeOf } from '../planner/volume.js';
import { DagRule } from '../rows/flags.js';
import { classOfFlow, flowKey, shapeOfFlow } from '../rows/keys.js';
import { beginEnding, endDagIfDone } from './ended.js';
import { deadlineOf, lookAgainAt } from './ready.js';

/** Computes need, risk and wake time of one flow again. */
export function recomputeFlow(t: OpenTurn, dagSeq: number, key: number): void {
  const { flows, dags } = t.state;
  const flow = flows.find(dagSeq, key);
  const head = flow === 0 ? 0 : t.indexes.heads.head(flow);
  if (head === 0) return;
  const dag = dags.find(dagSeq);
  const deadline = lookedAt(t, dag, flow, deadlineOf(t, dag, head, volumeOf(t, flow)));
  t.emit(Code.FlowRiskChanged, { dag: dagSeq, class: classOfFlow(key), shape: shapeOfFlow(key), deadline });
}

/**
 * A flow that would be late by now, and is not, needs less than it did: tokens came in. As it waits for more of them its
 * slack stays what it is, and may be a millisecond. Once its deadline has passed it is late.
 */
function lookedAt(t: OpenTurn, dag: number, flow: number, deadline: Deadline): Deadline {
  const { risk, wakeAtMs } = t.state.flows.c;
  const isAgain = risk[flow] === Risk.atRisk && wakeAtMs[flow]! <= t.at && deadline.risk === Risk.atRisk;
  if (!isAgain) return deadline;
  const again = Math.min(lookAgainAt(t.at, deadline.needMs), deadlineAhead(t, dag) + 1);
  return { ...deadline, wakeAtMs: Math.max(deadline.wakeAtMs, again) };
}

/** Flows of a DAG that are looked at when its deadline changes; others are at their next job, dispatch or wake time. */
const MAX_FLOWS = 64;

/** A deadline of the DAG has changed: its flows are looked at again. */
export function recomputeDag(t: OpenTurn, dag: number): void {
  const seq = t.state.dags.keyA[dag]!;
  let flows = 0;
  forEachFlowClass(t, dag, (classSeq, shape) => {
    flows += 1;
    if (flows <= MAX_FLOWS) recomputeFlow(t, seq, flowKey(classSeq, shape));
  });
}

/** riskAt has come: at risk once per run, or the timer is armed again. */
export function lookAtRisk(t: OpenTurn, dag: number): void {
  const { dags, flows } = t.state;
  const seq = dags.keyA[dag]!;
  let isAtRisk = false;
  let nextAt = -1;
  forEachFlowClass(t, dag, (classSeq, shape) => {
    const flow = flows.find(seq, flowKey(classSeq, shape));
    const head = t.indexes.heads.head(flow);
    if (head === 0) return;
    const { needMs, risk } = deadlineOf(t, dag, head, volumeOf(t, flow));
    if (risk !== Risk.safe) isAtRisk = true;
    const at = deadlineAhead(t, dag) - needMs - marginOf(needMs);
    if (at > t.at && (nextAt < 0 || at < nextAt)) nextAt = at;
  });
  if (isAtRisk) t.emit(Code.DeadlineAtRisk, { dag: seq });
  else t.emit(Code.DeadlineRiskDeferred, { dag: seq, riskAtMs: nextAt });
}

/**
 * The deadline has passed, of a DAG that is held or open, and for the first time: no row names its timer after that.
 */
export function missDeadline(t: OpenTurn, dag: number): void {
  const { dags } = t.state;
  t.emit(Code.DeadlineMissed, { dag: dags.keyA[dag]! });
}

/** The hard deadline has passed, in the same way: the DAG fails, or goes on at the lowest priority. */
export function passHardDeadline(t: OpenTurn, dag: number): void {
  const { dags } = t.state;
  const demoted = (dags.c.rules[dag]! & DagRule.demotes) !== 0;
  t.emit(Code.HardDeadlinePassed, { dag: dags.keyA[dag]!, demoted });
  if (demoted) return;
  beginEnding(t, dag, 'failed', 'hard-deadline', -1);
  endDagIfDone(t, dag);
}
