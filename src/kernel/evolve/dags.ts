import { Code, CursorKind, DagState } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { fairTime, finishAfter } from '../dag-finish.js';
import type { Fold } from '../fold.js';
import { graphOf, isGraph, upwardRanks } from '../graph.js';
import { INLINE_JOBS } from '../limits.js';
import { DagRule } from '../rows/flags.js';
import { IdKind, nameIt } from '../rows/ids.js';
import { fairKey, flowKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { classesOfDag } from './classes-of-dag.js';
import { forgetDag } from './fair-dags.js';
import { compete, competes } from './flows.js';
import { layOutJobs } from './layout.js';
import { makeCursor, makeScan } from './make-cursor.js';
import { activateIfNotPlain } from './settle.js';
import { idle } from './tags.js';

/** Row of a DAG by its sequence number. */
export function dagRow(fold: Fold, dagSeq: number): number {
  const dag = fold.state.dags.find(dagSeq);
  if (dag === 0) throw new Error(`assertion failed: DAG ${dagSeq} is not in memory`);
  return dag;
}

/** Journal time at which the run of a DAG began: its acceptance, or its last reopening. */
export function openedAt({ dags }: State, dag: number): number {
  const { reopenedAtMs, acceptedAtMs } = dags.c;
  return reopenedAtMs[dag]! || acceptedAtMs[dag]!;
}

export function dagAccepted(fold: Fold, body: E.DagAccepted): void {
  const { state, input } = fold;
  if (input?.code !== Code.SubmitDag) throw new Error('assertion failed: DagAccepted without its submission');
  const submission = input.body;
  const graph = graphOf(submission.jobs);
  if (!isGraph(graph)) throw new Error('assertion failed: an accepted submission has no graph');
  const { dags, cell, cellRow } = state;
  const tenant = tenantRow(fold, submission.tenant, body.tenant);
  const dag = dags.row(body.dag);
  cell.set.nextDag(cellRow, body.dag);
  cell.add.openDags(cellRow, 1);
  cell.add.knownJobs(cellRow, submission.jobs.length);
  state.tenants.add.openDags(tenant, 1);
  nameDag(fold, dag, submission, body.dag);
  setDagFields(fold, dag, submission, body);
  openFair(fold, submission.priority, body.tenant, 1);
  layOutJobs(fold, dag, submission, graph, body.estimates, upwardRanks(graph, body.estimates));
  fold.cold({ kind: 'spec', dag: body.dag, submission, encoded: input.encoded ?? null });
  if (body.held) return;
  state.tenants.add.activeDags(tenant, 1);
  startDag(fold, dag);
}

function setDagFields(fold: Fold, dag: number, submission: E.SubmitDag, body: E.DagAccepted): void {
  const { state } = fold;
  const { dags } = state;
  const { set } = dags;
  set.state(dag, body.held ? DagState.held : DagState.open);
  set.tenant(dag, body.tenant);
  set.priority(dag, submission.priority);
  set.run(dag, 1);
  set.rules(dag, rulesOf(submission));
  set.acceptedTurn(dag, fold.turn);
  set.acceptedAtMs(dag, fold.at);
  set.deadlineAtMs(dag, submission.deadlineAtMs ?? 0);
  set.hardDeadlineAtMs(dag, submission.hardDeadlineAtMs ?? 0);
  set.work(dag, body.work);
  set.dagFinish(dag, body.dagFinish);
  set.dueAtMs(dag, body.dueAtMs);
  set.jobsTotal(dag, submission.jobs.length);
  set.jobsLeft(dag, submission.jobs.length);
  set.specJobs(dag, submission.jobs.length);
  const digest = fold.input!.envelope.digest;
  set.specA(dag, wordAt(digest, 0));
  set.specB(dag, wordAt(digest, 4));
}

function rulesOf({ failurePolicy, onHardDeadline }: E.SubmitDag): number {
  const continues = failurePolicy === 'continue' ? DagRule.continues : 0;
  return continues | (onHardDeadline === 'demote' ? DagRule.demotes : 0);
}

/** Four bytes of a digest as an unsigned number. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function nameDag({ state }: Fold, dag: number, { tenant, dagId, idempotencyKey }: E.SubmitDag, seq: number): void {
  const id = nameIt(state, IdKind.dag, tenant, dagId, seq);
  const key = nameIt(state, IdKind.idempotency, tenant, idempotencyKey, seq);
  state.names.set(dag, id, key);
}

/** The tenant's row, made with its first DAG or its first limits. */
export function tenantRow(fold: Fold, name: string, seq: number): number {
  const { state } = fold;
  const { tenants, cell, cellRow } = state;
  const tenant = tenants.row(seq);
  if (tenants.c.name[tenant] === name) return tenant;
  tenants.set.name(tenant, name);
  nameIt(state, IdKind.tenant, '', name, seq);
  cell.set.nextTenant(cellRow, seq);
  return tenant;
}

/** Counts a tenant's open DAGs of a priority; the row goes with the last one. */
export function openFair(fold: Fold, priority: number, tenant: number, change: 1 | -1): void {
  const { state } = fold;
  const { fairs } = state;
  const fair = fairs.row(fairKey(priority), tenant);
  if (fairs.add.open(fair, change) === 0) fairs.clear(fair);
}

/**
 * A few jobs are looked at now, those that are plain by who decides; many by a cursor. A DAG whose jobs have all been
 * cancelled while it was held has one too: it ends with its last cursor.
 */
function startDag(fold: Fold, dag: number): void {
  const { space, dags } = fold.state;
  const count = dags.c.jobsTotal[dag]!;
  if (count > INLINE_JOBS || dags.c.jobsLeft[dag] === 0) {
    makeScan(fold, dag);
    return;
  }
  for (let i = 0; i < count; i++) {
    const job = space.handle(dag, i);
    if (job !== 0) activateIfNotPlain(fold, dag, job);
  }
}

export function dagHeld(fold: Fold, body: E.DagHeld): void {
  const { state } = fold;
  const { tenants, dags } = state;
  tenants.add.heldDags(tenants.find(dags.c.tenant[dagRow(fold, body.dag)]!), 1);
}

export function dagReleased(fold: Fold, body: E.DagReleased): void {
  const { state } = fold;
  const { tenants, dags } = state;
  const dag = dagRow(fold, body.dag);
  const tenant = tenants.find(dags.c.tenant[dag]!);
  tenants.add.heldDags(tenant, -1);
  tenants.add.activeDags(tenant, 1);
  tenants.set.lastRelease(tenant, state.cell.add.nextRelease(state.cellRow, 1));
  dags.set.state(dag, DagState.open);
  if (dags.c.reopening[dag] === 0) startDag(fold, dag);
}

export function dagPaused(fold: Fold, body: E.DagPaused): void {
  const { dags } = fold.state;
  const dag = dagRow(fold, body.dag);
  withdrawFlows(fold, dag);
  dags.set.paused(dag, 1);
}

export function dagResumed(fold: Fold, body: E.DagResumed): void {
  const { dags } = fold.state;
  const dag = dagRow(fold, body.dag);
  dags.set.paused(dag, 0);
  if (dags.c.state[dag] === DagState.open) enterFlows(fold, dag);
}

export function dagReprioritized(fold: Fold, body: E.DagReprioritized): void {
  const { state } = fold;
  const { dags } = state;
  const dag = dagRow(fold, body.dag);
  // Its tenant has not been away: it would lose what it is owed.
  if (body.priority === dags.c.priority[dag]) return;
  const isCompeting = competes(fold, dag);
  if (isCompeting) withdrawFlows(fold, dag);
  changePriority(fold, dag, body.priority);
  if (isCompeting) enterFlows(fold, dag);
}

/**
 * Virtual times of another priority count from now on: the DAG
 * keeps its distance from W, and what it has had is forgotten.
 */
function changePriority(fold: Fold, dag: number, priority: number): void {
  const { state } = fold;
  const { dags } = state;
  const tenant = dags.c.tenant[dag]!;
  const before = dags.c.priority[dag]!;
  openFair(fold, priority, tenant, 1);
  const left = Math.max(0, dags.c.dagFinish[dag]! - fairTime(state, before, tenant));
  dags.set.dagFinish(dag, finishAfter(fairTime(state, priority, tenant), left));
  openFair(fold, before, tenant, -1);
  if (dags.c.fairDags[dag] !== 0) forgetDag(fold, dag);
  dags.set.priority(dag, priority);
}

/** The DAG's flows no longer count in the tags of its tenant. */
function withdrawFlows(fold: Fold, dag: number): void {
  const { dags } = fold.state;
  if (!competes(fold, dag)) return;
  forEachFlowClass(fold, dag, (classSeq) => idle(fold, classSeq, dags.c.priority[dag]!, dags.c.tenant[dag]!));
}

function enterFlows(fold: Fold, dag: number): void {
  forEachFlowClass(fold, dag, (classSeq) => compete(fold, dag, classSeq, true));
}

/** Calls back with the class of each flow that the DAG has, in the order of classes and shapes. */
export function forEachFlowClass(fold: Fold, dag: number, each: (classSeq: number, shape: number) => void): void {
  const { flows, dags } = fold.state;
  for (const classSeq of classesOfDag(fold.state, dag)) {
    for (let shape = 0; shape < 3; shape++) {
      const flow = flows.find(dags.keyA[dag]!, flowKey(classSeq, shape));
      if (flow !== 0 && flows.c.ready[flow]! > 0) each(classSeq, shape);
    }
  }
}

export function dagEnding(fold: Fold, body: E.DagEnding): void {
  const { state } = fold;
  const { dags, tenants } = state;
  const dag = dagRow(fold, body.dag);
  if (dags.c.state[dag] === DagState.held) {
    const tenant = tenants.find(dags.c.tenant[dag]!);
    tenants.add.heldDags(tenant, -1);
    tenants.add.activeDags(tenant, 1);
  } else withdrawFlows(fold, dag);
  dags.set.state(dag, DagState.ending);
  dags.set.outcome(dag, OUTCOMES.indexOf(body.outcome));
  dags.set.code(dag, body.code);
  makeCursor(fold, CursorKind.cancel, body.dag, 0);
}

/** Outcomes by the number that a DAG's row keeps. */
export const OUTCOMES: readonly E.Outcome[] = ['succeeded', 'failed', 'cancelled'];

/** Ends a DAG: it leaves the counts of what is open and waits to be forgotten. */
function endDag(fold: Fold, dagSeq: number, dagState: number, code: string): void {
  const { state } = fold;
  const { dags, tenants, cell, cellRow, retired } = state;
  const dag = dagRow(fold, dagSeq);
  const tenant = tenants.find(dags.c.tenant[dag]!);
  dags.set.state(dag, dagState);
  dags.set.endedAtMs(dag, fold.at);
  dags.set.code(dag, code);
  cell.add.openDags(cellRow, -1);
  cell.add.knownJobs(cellRow, -dags.c.jobsTotal[dag]!);
  cell.add.retiredJobs(cellRow, dags.c.jobsTotal[dag]!);
  tenants.add.openDags(tenant, -1);
  tenants.add.activeDags(tenant, -1);
  openFair(fold, dags.c.priority[dag]!, dags.c.tenant[dag]!, -1);
  if (dags.c.fairDags[dag] !== 0) forgetDag(fold, dag);
  const seq = state.cell.add.nextRetired(state.cellRow, 1);
  const row = retired.row(seq);
  retired.set.dag(row, dagSeq);
  retired.set.jobs(row, dags.c.jobsTotal[dag]!);
  retired.set.atMs(row, fold.at);
  retired.set.turn(row, fold.turn);
  dags.set.retiredSeq(dag, seq);
}

export function dagSucceeded(fold: Fold, body: E.DagSucceeded): void {
  endDag(fold, body.dag, DagState.succeeded, '');
}

export function dagFailed(fold: Fold, body: E.DagFailed): void {
  endDag(fold, body.dag, DagState.failed, body.code);
}

export function dagCancelled(fold: Fold, body: E.DagCancelled): void {
  const { dags } = fold.state;
  endDag(fold, body.dag, DagState.cancelled, dags.c.code[dagRow(fold, body.dag)]!);
}
