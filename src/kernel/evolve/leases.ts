import { JobState, Lane, LeaseState, Shape } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { classOfLease, type Fold, fairKey, slotsOf } from '../fold.js';
import { RECLAIM_AFTER_MS } from '../limits.js';
import { ExecutorState } from '../tables.js';
import { correctBuckets, payBuckets, unitsUsed } from './buckets.js';
import { learnOccupancy, noteShape, payLanes } from './classes.js';
import { dagRow } from './dags.js';
import { advertised, changeCapacity } from './executors.js';
import { chargeDag, correctDag } from './fair-dags.js';
import { costOf, leaveFlow, shapeOf } from './flows.js';
import { jobOf, jobRow, setFlowDeadline } from './jobs.js';
import { charge, correct } from './tags.js';

/** Row of a lease by its token; assertion failure when there is none. */
export function leaseRow(fold: Fold, token: number): number {
  const lease = fold.state.leases.find(token);
  if (lease === 0 || fold.state.leases.c.state[lease] === 0) throw new Error(`assertion failed: no lease ${token}`);
  return lease;
}

export function leaseGranted(fold: Fold, body: E.LeaseGranted): void {
  const { state } = fold;
  const { leases, jobs, cell, cellRow } = state;
  const job = jobRow(fold, body.dag, body.job);
  const lease = state.row(leases, body.token, 0);
  const { f } = leases;
  state.set(cell, cellRow, cell.f.nextToken, body.token);
  state.set(leases, lease, f.state, LeaseState.inForce);
  state.set(leases, lease, f.dag, body.dag);
  if (body.job !== 0) state.set(leases, lease, f.job, body.job);
  state.set(leases, lease, f.executor, body.executor);
  if (jobs.c.timeoutMs[job] !== 0) state.set(leases, lease, f.timeoutAtMs, fold.running + jobs.c.timeoutMs[job]!);
  state.set(jobs, job, jobs.f.token, body.token);
  state.set(jobs, job, jobs.f.attempt, body.attempt);
}

export function slotReserved(fold: Fold, body: E.SlotReserved): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const lease = leaseRow(fold, body.token);
  if (body.slots !== 1) state.set(leases, lease, leases.f.moreSlots, body.slots - 1);
  state.set(leases, lease, leases.f.reservedAtMs, fold.at);
  const executor = executors.find(body.executor);
  state.add(executors, executor, executors.f.reserved, body.slots);
  state.add(classes, classes.find(executors.c.class[executor]!), classes.f.reserved, body.slots);
}

export function jobDispatched(fold: Fold, body: E.JobDispatched): void {
  const { state } = fold;
  const { leases, jobs, dags, classes, tenants } = state;
  const lease = leaseRow(fold, body.token);
  const dag = dagRow(fold, body.dag);
  const job = jobOf(fold, dag, body.job);
  const classSeq = jobs.c.class[job]!;
  const cls = classes.find(classSeq);
  const tenantSeq = dags.c.tenant[dag]!;
  const tenant = tenants.find(tenantSeq);
  const priority = dags.c.priority[dag]!;
  const weight = Math.max(1, tenants.c.weight[tenant]!);
  const { cost, lane } = body.evidence;
  state.set(jobs, job, jobs.f.state, JobState.dispatched);
  state.set(jobs, job, jobs.f.waitMs, Math.min(0xffff_ffff, fold.at - jobs.c.readyAtMs[job]!));
  if (jobs.c.permille[job] !== 0) state.set(jobs, job, jobs.f.permille, 0);
  if (dags.c.startedAtMs[dag] === 0) state.set(dags, dag, dags.f.startedAtMs, fold.at);
  state.add(classes, cls, classes.f.ready, -1);
  state.add(tenants, tenant, tenants.f.runnableJobs, -1);
  const shape = shapeOf(jobs.c.flags[job]!);
  payLanes(fold, cls, lane, cost);
  noteShape(fold, cls, lease, shape);
  charge(fold, { class: classSeq, priority, tenant: tenantSeq, weight }, cost, lane === Lane.regular);
  chargeDag(fold, dag, classSeq, cost);
  leaveFlow(fold, dag, job);
  advanceFair(fold, priority, tenantSeq, costOf(jobs.c.estimateMs[job]!, slotsOf(state, job)));
  const units = jobs.c.units[job]!;
  if (classes.c.buckets[cls] !== 0) payBuckets(fold, classSeq, units);
  if (units !== 0) state.set(leases, lease, leases.f.units, units);
  if (priority !== 0) state.set(leases, lease, leases.f.priority, priority);
  state.set(leases, lease, leases.f.tenant, tenantSeq);
  if (weight !== 1) state.set(leases, lease, leases.f.moreWeight, weight - 1);
  state.set(leases, lease, leases.f.cost, cost);
  setFlowDeadline(fold, body.dag, classSeq * 4 + shape, body.deadline);
}

/** W of the tenant's DAGs of the priority advances by slot-ms / open DAGs, which is what their work is counted in, remainder kept (policy.md, section 3). */
function advanceFair(fold: Fold, priority: number, tenantSeq: number, cost: number): void {
  const { state } = fold;
  const { fairs } = state;
  const fair = fairs.find(fairKey(priority), tenantSeq);
  const open = Math.max(1, fairs.c.open[fair]!);
  const sum = fairs.c.rem[fair]! + cost;
  const moved = Math.floor(sum / open);
  state.set(fairs, fair, fairs.f.w, fairs.c.w[fair]! + moved);
  state.set(fairs, fair, fairs.f.rem, sum - moved * open);
}

export function dispatchAcknowledged(fold: Fold, body: E.DispatchAcknowledged): void {
  const { state } = fold;
  const { leases, jobs } = state;
  const lease = leaseRow(fold, body.token);
  state.set(leases, lease, leases.f.acknowledged, 1);
  const job = jobRow(fold, leases.c.dag[lease]!, leases.c.job[lease]!);
  if (jobs.c.state[job] === JobState.dispatched) state.set(jobs, job, jobs.f.state, JobState.running);
}

/** The lease is over; SlotReleased or SlotReclaiming follows and says what became of its slots. */
export function leaseReleased(fold: Fold, body: E.LeaseReleased): void {
  const { leases } = fold.state;
  fold.state.set(leases, leaseRow(fold, body.token), leases.f.state, LeaseState.released);
}

export function leaseExpired(fold: Fold, body: E.LeaseExpired): void {
  const { leases } = fold.state;
  fold.state.set(leases, leaseRow(fold, body.token), leases.f.state, LeaseState.released);
}

/** The slots move from reserved to reclaiming: still occupied, still charged. */
export function slotReclaiming(fold: Fold, body: E.SlotReclaiming): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const lease = leaseRow(fold, body.token);
  const slots = leases.c.moreSlots[lease]! + 1;
  const executor = executors.find(leases.c.executor[lease]!);
  const cls = classes.find(classOfLease(state, lease));
  state.set(leases, lease, leases.f.state, LeaseState.reclaiming);
  state.set(leases, lease, leases.f.reclaimAtMs, fold.running + RECLAIM_AFTER_MS);
  state.add(executors, executor, executors.f.reserved, -slots);
  state.add(executors, executor, executors.f.reclaiming, slots);
  state.add(classes, cls, classes.f.reserved, -slots);
  state.add(classes, cls, classes.f.reclaiming, slots);
}

/** Takes the slots of a lease off its executor, given by its row, and off its class, and corrects its charge by what was really used. */
function freeSlots(fold: Fold, lease: number, executor: number): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const slots = leases.c.moreSlots[lease]! + 1;
  const classSeq = executors.c.class[executor]!;
  const cls = classes.find(classSeq);
  const isReclaiming = leases.c.state[lease] === LeaseState.reclaiming;
  state.add(executors, executor, isReclaiming ? executors.f.reclaiming : executors.f.reserved, -slots);
  state.add(classes, cls, isReclaiming ? classes.f.reclaiming : classes.f.reserved, -slots);
  if (leases.c.shape[lease] === Shape.long) state.add(classes, cls, classes.f.longRunning, -1);
  if (leases.c.tenant[lease] === 0) return;
  const units = leases.c.units[lease]!;
  const used = unitsUsed(fold.input, leases.keyA[lease]!) ?? units;
  const slotMs = costOf(fold.at - leases.c.reservedAtMs[lease]!, slots);
  const actual = Math.max(slotMs, costOf(used, classes.c.unitCost[cls]!));
  const { priority, tenant, moreWeight, cost } = leases.c;
  const account = {
    class: classSeq,
    priority: priority[lease]!,
    tenant: tenant[lease]!,
    weight: moreWeight[lease]! + 1,
  };
  correct(fold, account, actual - cost[lease]!);
  correctBuckets(fold, account.class, units, used);
  correctDag(fold, leases.c.dag[lease]!, account, actual - cost[lease]!);
}

export function slotReleased(fold: Fold, body: E.SlotReleased): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const lease = leaseRow(fold, body.token);
  const executor = executors.find(leases.c.executor[lease]!);
  freeSlots(fold, lease, executor);
  state.set(executors, executor, executors.f.lastRelease, state.next(state.cell.f.nextRelease));
  learnOccupancy(fold, lease, classes.find(executors.c.class[executor]!), body.occupancyMs);
  state.clear(leases, lease);
}

/** Nobody said that the work stopped: the slots leave the executor's capacity until it registers again. */
export function slotWithdrawn(fold: Fold, body: E.SlotWithdrawn): void {
  const { state } = fold;
  const { leases, executors } = state;
  const lease = leaseRow(fold, body.token);
  const executor = executors.find(leases.c.executor[lease]!);
  freeSlots(fold, lease, executor);
  if (executors.c.state[executor] === ExecutorState.live) {
    const before = advertised(state, executor);
    state.add(executors, executor, executors.f.withdrawn, body.slots);
    changeCapacity(state, executor, before);
  }
  state.clear(leases, lease);
}

/** A registration listed the lease: it goes on in the new session, or is told once more to stop. */
export function leaseAdopted(fold: Fold, body: E.LeaseAdopted): void {
  const { leases } = fold.state;
  const lease = leaseRow(fold, body.token);
  fold.state.set(leases, lease, leases.f.session, body.session);
  if (leases.c.state[lease] !== LeaseState.reclaiming) return;
  fold.state.set(leases, lease, leases.f.reclaimAtMs, fold.running + RECLAIM_AFTER_MS);
}

/** A registration listed work without a lease in force: its slots are reclaiming. */
export function slotReportedHeld(fold: Fold, body: E.SlotReportedHeld): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const executor = executors.find(body.executor);
  const lease = state.row(leases, body.token, 0);
  state.set(leases, lease, leases.f.state, LeaseState.reclaiming);
  state.set(leases, lease, leases.f.executor, body.executor);
  if (body.slots !== 1) state.set(leases, lease, leases.f.moreSlots, body.slots - 1);
  state.set(leases, lease, leases.f.reservedAtMs, fold.at);
  state.set(leases, lease, leases.f.session, executors.c.session[executor]!);
  state.set(leases, lease, leases.f.reclaimAtMs, fold.running + RECLAIM_AFTER_MS);
  state.add(executors, executor, executors.f.reclaiming, body.slots);
  const cls = classes.find(executors.c.class[executor]!);
  state.add(classes, cls, classes.f.reclaiming, body.slots);
}
