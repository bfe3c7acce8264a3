import { Code, JobState, Lane, LeaseState, Shape } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { type Fold, slotsOfReady } from '../fold.js';
import { MAX_TAG, RECLAIM_AFTER_MS } from '../limits.js';
import { ExecutorState } from '../rows/flags.js';
import { fairKey, flowKey } from '../rows/keys.js';
import { correctBuckets, payBuckets, unitsUsed } from './buckets.js';
import { capacityOf, changeCapacity, changeClosed, classOf, closed } from './capacity.js';
import { correctGuard, correctRegular, keepFree, learnOccupancy, noteShape, payLanes } from './classes.js';
import { dagRow } from './dags.js';
import { setFlowDeadline } from './deadlines.js';
import { chargeDag, correctDag } from './fair-dags.js';
import { costOf, leaveFlow, shapeOf } from './flows.js';
import { jobOf, jobRow } from './jobs.js';
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
  const lease = leases.row(body.token);
  cell.set.nextToken(cellRow, body.token);
  leases.set.state(lease, LeaseState.inForce);
  leases.set.dag(lease, body.dag);
  leases.set.job(lease, body.job);
  leases.set.attempt(lease, body.attempt);
  leases.set.executor(lease, body.executor);
  if (jobs.c.timeoutMs[job] !== 0) leases.set.timeoutAtMs(lease, fold.running + jobs.c.timeoutMs[job]!);
  jobs.set.token(job, body.token);
  jobs.set.attempt(job, body.attempt);
}

export function slotReserved(fold: Fold, body: E.SlotReserved): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const lease = leaseRow(fold, body.token);
  leases.set.moreSlots(lease, body.slots - 1);
  leases.set.reservedAtMs(lease, fold.at);
  const executor = executors.find(body.executor);
  const cls = classOf(state, executor);
  keepFree(fold, cls);
  executors.add.reserved(executor, body.slots);
  classes.add.reserved(cls, body.slots);
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
  jobs.set.state(job, JobState.dispatched);
  jobs.set.waitMs(job, Math.min(0xffff_ffff, fold.at - jobs.c.readyAtMs[job]!));
  // Of a first attempt nothing has been heard yet.
  if (jobs.c.attempt[job]! > 1) jobs.set.permille(job, 0);
  if (dags.c.startedAtMs[dag] === 0) dags.set.startedAtMs(dag, fold.at);
  classes.add.ready(cls, -1);
  tenants.add.runnableJobs(tenant, -1);
  const shape = shapeOf(jobs.c.flags[job]!);
  payLanes(fold, cls, lease, lane, cost);
  noteShape(fold, cls, lease, shape);
  charge(fold, { class: classSeq, priority, tenant: tenantSeq, weight }, cost, lane === Lane.regular);
  chargeDag(fold, dag, classSeq, cost);
  leaveFlow(fold, dag, job);
  advanceFair(fold, priority, tenantSeq, costOf(jobs.c.estimateMs[job]!, slotsOfReady(state, job)));
  const units = jobs.c.units[job]!;
  if (classes.c.buckets[cls] !== 0) payBuckets(fold, classSeq, units);
  leases.set.units(lease, units);
  leases.set.priority(lease, priority);
  leases.set.tenant(lease, tenantSeq);
  leases.set.moreWeight(lease, weight - 1);
  leases.set.cost(lease, cost);
  leases.set.lane(lease, lane);
  setFlowDeadline(fold, body.dag, flowKey(classSeq, shape), body.deadline);
}

/**
 * W of the tenant's DAGs of the priority advances by slot-ms / open DAGs, which is what their work is counted in,
 * remainder kept (policy.md: DAGs of one tenant).
 */
function advanceFair(fold: Fold, priority: number, tenantSeq: number, cost: number): void {
  const { state } = fold;
  const { fairs } = state;
  const fair = fairs.find(fairKey(priority), tenantSeq);
  const open = Math.max(1, fairs.c.open[fair]!);
  const sum = fairs.c.rem[fair]! + cost;
  const moved = Math.floor(sum / open);
  fairs.set.w(fair, Math.min(MAX_TAG, fairs.c.w[fair]! + moved));
  fairs.set.rem(fair, sum - moved * open);
}

export function dispatchAcknowledged(fold: Fold, body: E.DispatchAcknowledged): void {
  const { state } = fold;
  const { leases, jobs } = state;
  const lease = leaseRow(fold, body.token);
  leases.set.acknowledged(lease, 1);
  const job = jobRow(fold, leases.c.dag[lease]!, leases.c.job[lease]!);
  if (jobs.c.state[job] === JobState.dispatched) jobs.set.state(job, JobState.running);
}

/** The lease is over; SlotReleased or SlotReclaiming follows and says what became of its slots. */
export function leaseReleased(fold: Fold, body: E.LeaseReleased): void {
  const { leases } = fold.state;
  leases.set.state(leaseRow(fold, body.token), LeaseState.released);
}

export function leaseExpired(fold: Fold, body: E.LeaseExpired): void {
  const { leases } = fold.state;
  leases.set.state(leaseRow(fold, body.token), LeaseState.released);
}

/** The slots move from reserved to reclaiming: still occupied, still charged. */
export function slotReclaiming(fold: Fold, body: E.SlotReclaiming): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const lease = leaseRow(fold, body.token);
  const slots = leases.c.moreSlots[lease]! + 1;
  const executor = executors.find(leases.c.executor[lease]!);
  const cls = classOf(state, executor);
  leases.set.state(lease, LeaseState.reclaiming);
  leases.set.reclaimingAtMs(lease, fold.at);
  leases.set.reclaimAtMs(lease, fold.running + RECLAIM_AFTER_MS);
  executors.add.reserved(executor, -slots);
  executors.add.reclaiming(executor, slots);
  classes.add.reserved(cls, -slots);
  classes.add.reclaiming(cls, slots);
}

/**
 * Takes the slots of a lease off its executor and class, given by their rows, and corrects its charge by what was
 * really used.
 */
function freeSlots(fold: Fold, lease: number, executor: number, cls: number): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const slots = leases.c.moreSlots[lease]! + 1;
  const wasClosed = closed(state, executor);
  keepFree(fold, cls);
  if (leases.c.state[lease] === LeaseState.reclaiming) {
    executors.add.reclaiming(executor, -slots);
    classes.add.reclaiming(cls, -slots);
  } else {
    executors.add.reserved(executor, -slots);
    classes.add.reserved(cls, -slots);
  }
  changeClosed(state, executor, wasClosed);
  if (leases.c.shape[lease] === Shape.long) classes.add.longRunning(cls, -1);
  if (leases.c.tenant[lease] === 0) return;
  const units = leases.c.units[lease]!;
  const used = unitsUsed(fold.input, leases.keyA[lease]!) ?? units;
  const slotMs = costOf(fold.at - leases.c.reservedAtMs[lease]!, slots);
  const actual = Math.max(slotMs, costOf(used, classes.c.unitCost[cls]!));
  const { priority, tenant, moreWeight, cost, lane, earned, given } = leases.c;
  const account = {
    class: executors.c.class[executor]!,
    priority: priority[lease]!,
    tenant: tenant[lease]!,
    weight: moreWeight[lease]! + 1,
  };
  correct(fold, account, leases.keyA[lease]!, cost[lease]!, actual);
  // What was dispatched before the policy came into force is in neither the credits nor what DAGs have had: both began at 0.
  if (leases.keyA[lease]! > state.cell.c.policyToken[state.cellRow]!) {
    correctGuard(fold, cls, lane[lease]!, { cost: cost[lease]!, actual, earned: earned[lease]! });
    correctRegular(fold, cls, lane[lease]!, { cost: cost[lease]!, actual, given: given[lease]! });
    correctDag(fold, leases.c.dag[lease]!, account, leases.keyA[lease]!, cost[lease]!, actual);
  }
  correctBuckets(fold, account.class, leases.keyA[lease]!, units, used);
}

export function slotReleased(fold: Fold, body: E.SlotReleased): void {
  const { state } = fold;
  const { leases, executors } = state;
  const lease = leaseRow(fold, body.token);
  const executor = executors.find(leases.c.executor[lease]!);
  const cls = classOf(state, executor);
  freeSlots(fold, lease, executor, cls);
  executors.set.lastRelease(executor, state.cell.add.nextRelease(state.cellRow, 1));
  learnOccupancy(fold, lease, cls, body.occupancyMs);
  leases.clear(lease);
}

/** Nobody said that the work stopped: the slots leave the executor's capacity until it registers again. */
export function slotWithdrawn(fold: Fold, body: E.SlotWithdrawn): void {
  const { state } = fold;
  const { leases, executors } = state;
  const lease = leaseRow(fold, body.token);
  const executor = executors.find(leases.c.executor[lease]!);
  freeSlots(fold, lease, executor, classOf(state, executor));
  if (executors.c.state[executor] === ExecutorState.live) {
    const before = capacityOf(state, executor);
    executors.add.withdrawn(executor, body.slots);
    changeCapacity(state, executor, before);
  }
  leases.clear(lease);
}

/** A registration listed the lease: it goes on in the new session, or is told once more to stop. */
export function leaseAdopted(fold: Fold, body: E.LeaseAdopted): void {
  const { leases } = fold.state;
  const lease = leaseRow(fold, body.token);
  leases.set.session(lease, body.session);
  if (leases.c.state[lease] !== LeaseState.reclaiming) return;
  leases.set.reclaimAtMs(lease, fold.running + RECLAIM_AFTER_MS);
}

/** Keeps under which name the executor has the work: only by that it can be told to stop it. */
function nameReported({ state, input }: Fold, lease: number, token: number): void {
  if (input?.code !== Code.RegisterExecutor) return;
  const { leases, cell, cellRow } = state;
  const named = input.body.held.find((held) => held.lease.token === token)?.lease;
  if (named === undefined || named.dag < 1 || named.dag > cell.c.nextDag[cellRow]!) return;
  leases.set.dag(lease, named.dag);
  leases.set.job(lease, Math.max(0, named.job));
  leases.set.attempt(lease, Math.max(0, named.attempt));
}

/** A registration listed work without a lease in force: its slots are reclaiming. */
export function slotReportedHeld(fold: Fold, body: E.SlotReportedHeld): void {
  const { state } = fold;
  const { leases, executors, classes } = state;
  const executor = executors.find(body.executor);
  const cls = classOf(state, executor);
  keepFree(fold, cls);
  const lease = leases.row(body.token);
  leases.set.state(lease, LeaseState.reclaiming);
  nameReported(fold, lease, body.token);
  leases.set.executor(lease, body.executor);
  leases.set.moreSlots(lease, body.slots - 1);
  leases.set.reservedAtMs(lease, fold.at);
  leases.set.session(lease, executors.c.session[executor]!);
  leases.set.reclaimingAtMs(lease, fold.at);
  leases.set.reclaimAtMs(lease, fold.running + RECLAIM_AFTER_MS);
  const wasClosed = closed(state, executor);
  executors.add.reclaiming(executor, body.slots);
  classes.add.reclaiming(cls, body.slots);
  changeClosed(state, executor, wasClosed);
}
