// Generated from schemas/ by `npm run generate`. Do not edit.

import { CatalogueError } from '../error.js';
import type { Reader } from '../wire/reader.js';
import type { Writer } from '../wire/writer.js';
import type * as t from './types.js';

/** Writes the body of one code. The table's values take the body that belongs to their code. */
export type BodyWriter = (w: Writer, body: never) => void;
export type BodyReader = (r: Reader) => object;

const EMPTY: Readonly<Record<string, never>> = Object.freeze({});

function symbol(symbols: readonly string[], value: string): number {
  const index = symbols.indexOf(value);
  if (index < 0) throw new CatalogueError('invalid-value', `${String(value)} is none of ${symbols.join(', ')}`);
  return index;
}

function symbolAt<S extends string>(symbols: readonly S[], r: Reader): S {
  return symbols[r.index(symbols.length)] as S;
}

function readArray<T>(r: Reader, item: (r: Reader) => T): T[] {
  const items: T[] = [];
  for (let count = r.arrayCount(); count > 0; count = r.nextBlock()) {
    for (let i = 0; i < count; i++) items.push(item(r));
  }
  return items;
}

export function writeInputRange(w: Writer, v: t.InputRange): void {
  w.string(v.source);
  w.reserve(21);
  w.int(v.partition);
  w.long(v.from);
  w.long(v.to);
}

export function readInputRange(r: Reader): t.InputRange {
  return {
    source: r.string(),
    partition: r.int(),
    from: r.long(),
    to: r.long(),
  };
}

/** Writes a turn; `entries` writes its array of entries. */
export function writeTurn(w: Writer, v: t.TurnHeader, entries: (w: Writer) => void): void {
  w.reserve(5);
  w.int(v.format);
  w.fixed(v.catalogue, 8);
  w.string(v.cell);
  w.reserve(8);
  w.long(v.epoch);
  w.fixed(v.writer, 16);
  w.reserve(8);
  w.long(v.turn);
  w.fixed(v.prev, 32);
  w.reserve(16);
  w.long(v.at);
  w.long(v.stoppedMs);
  w.string(v.policy);
  w.string(v.kernel);
  w.reserve(19);
  w.boolean(v.caughtUp);
  w.boolean(v.full);
  w.long(v.published);
  w.long(v.syncEveryMs);
  w.reserve(8);
  w.index(v.inputs.length);
  if (v.inputs.length > 0) {
    for (const item of v.inputs) {
      writeInputRange(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
  entries(w);
  w.fixed(v.stateHash, 16);
}

/** Reads a turn; `entries` reads its array of entries, or passes over it. */
export function readTurn<T>(r: Reader, entries: (r: Reader) => T): t.TurnHeader & { readonly entries: T } {
  return {
    format: r.int(),
    catalogue: r.fixed(8),
    cell: r.string(),
    epoch: r.long(),
    writer: r.fixed(16),
    turn: r.long(),
    prev: r.fixed(32),
    at: r.long(),
    stoppedMs: r.long(),
    policy: r.string(),
    kernel: r.string(),
    caughtUp: r.boolean(),
    full: r.boolean(),
    published: r.long(),
    syncEveryMs: r.long(),
    inputs: readArray(r, readInputRange),
    entries: entries(r),
    stateHash: r.fixed(16),
  };
}

const writeCellLimitsChanged: BodyWriter = () => {};
const readCellLimitsChanged = (): t.CellLimitsChanged => EMPTY;

export function writeClassLimitsChanged(w: Writer, v: t.ClassLimitsChanged): void {
  w.reserve(8);
  w.long(v.class);
}

export function readClassLimitsChanged(r: Reader): t.ClassLimitsChanged {
  return {
    class: r.long(),
  };
}

export function writeClockAccepted(w: Writer, v: t.ClockAccepted): void {
  w.reserve(8);
  w.long(v.clockAtMs);
}

export function readClockAccepted(r: Reader): t.ClockAccepted {
  return {
    clockAtMs: r.long(),
  };
}

export function writeContinuationAdvanced(w: Writer, v: t.ContinuationAdvanced): void {
  w.reserve(24);
  w.long(v.cursor);
  w.long(v.next);
  w.long(v.to);
}

export function readContinuationAdvanced(r: Reader): t.ContinuationAdvanced {
  return {
    cursor: r.long(),
    next: r.long(),
    to: r.long(),
  };
}

export function writeDagAccepted(w: Writer, v: t.DagAccepted): void {
  w.reserve(41);
  w.long(v.dag);
  w.long(v.tenant);
  w.long(v.work);
  w.long(v.dagFinish);
  w.long(v.dueAtMs);
  w.reserve(8);
  w.index(v.estimates.length);
  if (v.estimates.length > 0) {
    for (const item of v.estimates) {
      w.reserve(8);
      w.long(item);
    }
    w.reserve(1);
    w.index(0);
  }
  w.reserve(1);
  w.boolean(v.held);
}

export function readDagAccepted(r: Reader): t.DagAccepted {
  return {
    dag: r.long(),
    tenant: r.long(),
    work: r.long(),
    dagFinish: r.long(),
    dueAtMs: r.long(),
    estimates: readArray(r, (r) => r.long()),
    held: r.boolean(),
  };
}

export function writeDagCancelled(w: Writer, v: t.DagCancelled): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDagCancelled(r: Reader): t.DagCancelled {
  return {
    dag: r.long(),
  };
}

const OUTCOME_SYMBOLS = ['succeeded', 'failed', 'cancelled'] as const;

export function writeDagEnding(w: Writer, v: t.DagEnding): void {
  w.reserve(9);
  w.long(v.dag);
  w.index(symbol(OUTCOME_SYMBOLS, v.outcome));
  w.string(v.code);
  w.reserve(5);
  w.int(v.job);
}

export function readDagEnding(r: Reader): t.DagEnding {
  return {
    dag: r.long(),
    outcome: symbolAt(OUTCOME_SYMBOLS, r),
    code: r.string(),
    job: r.int(),
  };
}

export function writeDagFailed(w: Writer, v: t.DagFailed): void {
  w.reserve(8);
  w.long(v.dag);
  w.string(v.code);
}

export function readDagFailed(r: Reader): t.DagFailed {
  return {
    dag: r.long(),
    code: r.string(),
  };
}

export function writeDagForgotten(w: Writer, v: t.DagForgotten): void {
  w.reserve(19);
  w.long(v.dag);
  w.int(v.from);
  w.int(v.to);
  w.boolean(v.last);
}

export function readDagForgotten(r: Reader): t.DagForgotten {
  return {
    dag: r.long(),
    from: r.int(),
    to: r.int(),
    last: r.boolean(),
  };
}

export function writeDagHeld(w: Writer, v: t.DagHeld): void {
  w.reserve(8);
  w.long(v.dag);
  w.string(v.reason);
}

export function readDagHeld(r: Reader): t.DagHeld {
  return {
    dag: r.long(),
    reason: r.string(),
  };
}

export function writeDagPaused(w: Writer, v: t.DagPaused): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDagPaused(r: Reader): t.DagPaused {
  return {
    dag: r.long(),
  };
}

export function writeDagReleased(w: Writer, v: t.DagReleased): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDagReleased(r: Reader): t.DagReleased {
  return {
    dag: r.long(),
  };
}

export function writeDagReopened(w: Writer, v: t.DagReopened): void {
  w.reserve(43);
  w.long(v.dag);
  w.int(v.run);
  w.int(v.job);
  w.long(v.work);
  w.long(v.dagFinish);
  w.long(v.dueAtMs);
  w.boolean(v.held);
}

export function readDagReopened(r: Reader): t.DagReopened {
  return {
    dag: r.long(),
    run: r.int(),
    job: r.int(),
    work: r.long(),
    dagFinish: r.long(),
    dueAtMs: r.long(),
    held: r.boolean(),
  };
}

export function writeDagReprioritized(w: Writer, v: t.DagReprioritized): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.priority);
}

export function readDagReprioritized(r: Reader): t.DagReprioritized {
  return {
    dag: r.long(),
    priority: r.int(),
  };
}

export function writeDagResumed(w: Writer, v: t.DagResumed): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDagResumed(r: Reader): t.DagResumed {
  return {
    dag: r.long(),
  };
}

export function writeDagSucceeded(w: Writer, v: t.DagSucceeded): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDagSucceeded(r: Reader): t.DagSucceeded {
  return {
    dag: r.long(),
  };
}

export function writeDeadlineAtRisk(w: Writer, v: t.DeadlineAtRisk): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDeadlineAtRisk(r: Reader): t.DeadlineAtRisk {
  return {
    dag: r.long(),
  };
}

export function writeDeadlineChanged(w: Writer, v: t.DeadlineChanged): void {
  w.reserve(32);
  w.long(v.dag);
  w.long(v.deadlineAtMs);
  w.long(v.hardDeadlineAtMs);
  w.long(v.riskAtMs);
}

export function readDeadlineChanged(r: Reader): t.DeadlineChanged {
  return {
    dag: r.long(),
    deadlineAtMs: r.long(),
    hardDeadlineAtMs: r.long(),
    riskAtMs: r.long(),
  };
}

export function writeDeadlineMissed(w: Writer, v: t.DeadlineMissed): void {
  w.reserve(8);
  w.long(v.dag);
}

export function readDeadlineMissed(r: Reader): t.DeadlineMissed {
  return {
    dag: r.long(),
  };
}

export function writeDeadlineRiskDeferred(w: Writer, v: t.DeadlineRiskDeferred): void {
  w.reserve(16);
  w.long(v.dag);
  w.long(v.riskAtMs);
}

export function readDeadlineRiskDeferred(r: Reader): t.DeadlineRiskDeferred {
  return {
    dag: r.long(),
    riskAtMs: r.long(),
  };
}

export function writeDispatchAcknowledged(w: Writer, v: t.DispatchAcknowledged): void {
  w.reserve(8);
  w.long(v.token);
}

export function readDispatchAcknowledged(r: Reader): t.DispatchAcknowledged {
  return {
    token: r.long(),
  };
}

export function writeProblem(w: Writer, v: t.Problem): void {
  w.string(v.code);
  w.string(v.path);
  w.string(v.detail);
}

export function readProblem(r: Reader): t.Problem {
  return {
    code: r.string(),
    path: r.string(),
    detail: r.string(),
  };
}

export function writeDuplicateInput(w: Writer, v: t.DuplicateInput): void {
  w.string(v.code);
  w.reserve(25);
  w.long(v.dag);
  w.long(v.turn);
  w.long(v.atMs);
  if (v.refused === null) {
    w.index(0);
  } else {
    w.index(1);
    writeProblem(w, v.refused);
  }
}

export function readDuplicateInput(r: Reader): t.DuplicateInput {
  return {
    code: r.string(),
    dag: r.long(),
    turn: r.long(),
    atMs: r.long(),
    refused: r.index(2) === 0 ? null : readProblem(r),
  };
}

export function writeExecutorCordoned(w: Writer, v: t.ExecutorCordoned): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorCordoned(r: Reader): t.ExecutorCordoned {
  return {
    executor: r.long(),
  };
}

export function writeExecutorDeregistered(w: Writer, v: t.ExecutorDeregistered): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorDeregistered(r: Reader): t.ExecutorDeregistered {
  return {
    executor: r.long(),
  };
}

export function writeExecutorDrained(w: Writer, v: t.ExecutorDrained): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorDrained(r: Reader): t.ExecutorDrained {
  return {
    executor: r.long(),
  };
}

export function writeExecutorForgotten(w: Writer, v: t.ExecutorForgotten): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorForgotten(r: Reader): t.ExecutorForgotten {
  return {
    executor: r.long(),
  };
}

export function writeExecutorLost(w: Writer, v: t.ExecutorLost): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorLost(r: Reader): t.ExecutorLost {
  return {
    executor: r.long(),
  };
}

export function writeExecutorRegistered(w: Writer, v: t.ExecutorRegistered): void {
  w.reserve(33);
  w.long(v.executor);
  w.long(v.class);
  w.long(v.session);
  w.long(v.untilMs);
  w.boolean(v.resumed);
}

export function readExecutorRegistered(r: Reader): t.ExecutorRegistered {
  return {
    executor: r.long(),
    class: r.long(),
    session: r.long(),
    untilMs: r.long(),
    resumed: r.boolean(),
  };
}

export function writeExecutorResized(w: Writer, v: t.ExecutorResized): void {
  w.reserve(13);
  w.long(v.executor);
  w.int(v.slots);
}

export function readExecutorResized(r: Reader): t.ExecutorResized {
  return {
    executor: r.long(),
    slots: r.int(),
  };
}

export function writeExecutorUncordoned(w: Writer, v: t.ExecutorUncordoned): void {
  w.reserve(8);
  w.long(v.executor);
}

export function readExecutorUncordoned(r: Reader): t.ExecutorUncordoned {
  return {
    executor: r.long(),
  };
}

export function writeDeadline(w: Writer, v: t.Deadline): void {
  w.reserve(21);
  w.long(v.needMs);
  w.int(v.risk);
  w.long(v.wakeAtMs);
}

export function readDeadline(r: Reader): t.Deadline {
  return {
    needMs: r.long(),
    risk: r.int(),
    wakeAtMs: r.long(),
  };
}

export function writeFlowRiskChanged(w: Writer, v: t.FlowRiskChanged): void {
  w.reserve(21);
  w.long(v.dag);
  w.long(v.class);
  w.int(v.shape);
  writeDeadline(w, v.deadline);
}

export function readFlowRiskChanged(r: Reader): t.FlowRiskChanged {
  return {
    dag: r.long(),
    class: r.long(),
    shape: r.int(),
    deadline: readDeadline(r),
  };
}

export function writeHardDeadlinePassed(w: Writer, v: t.HardDeadlinePassed): void {
  w.reserve(9);
  w.long(v.dag);
  w.boolean(v.demoted);
}

export function readHardDeadlinePassed(r: Reader): t.HardDeadlinePassed {
  return {
    dag: r.long(),
    demoted: r.boolean(),
  };
}

export function writeInputRefused(w: Writer, v: t.InputRefused): void {
  w.string(v.code);
  w.reserve(9);
  w.long(v.dag);
  w.reserve(8);
  w.index(v.problems.length);
  if (v.problems.length > 0) {
    for (const item of v.problems) {
      writeProblem(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
}

export function readInputRefused(r: Reader): t.InputRefused {
  return {
    code: r.string(),
    dag: r.long(),
    problems: readArray(r, readProblem),
  };
}

export function writeInputsLost(w: Writer, v: t.InputsLost): void {
  w.string(v.source);
  w.reserve(21);
  w.int(v.partition);
  w.long(v.from);
  w.long(v.to);
}

export function readInputsLost(r: Reader): t.InputsLost {
  return {
    source: r.string(),
    partition: r.int(),
    from: r.long(),
    to: r.long(),
  };
}

export function writeJobCancelled(w: Writer, v: t.JobCancelled): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.job);
  w.string(v.reason);
}

export function readJobCancelled(r: Reader): t.JobCancelled {
  return {
    dag: r.long(),
    job: r.int(),
    reason: r.string(),
  };
}

export function writeEvidence(w: Writer, v: t.Evidence): void {
  w.reserve(74);
  w.int(v.lane);
  w.long(v.cost);
  w.int(v.priority);
  w.long(v.tenantTag);
  w.long(v.dagFinish);
  w.long(v.rank);
  w.int(v.freeAfter);
  w.long(v.runnerUpDag);
  w.int(v.runnerUpJob);
  w.int(v.decidedBy);
  w.long(v.runnerUpValue);
  w.boolean(v.backfill);
}

export function readEvidence(r: Reader): t.Evidence {
  return {
    lane: r.int(),
    cost: r.long(),
    priority: r.int(),
    tenantTag: r.long(),
    dagFinish: r.long(),
    rank: r.long(),
    freeAfter: r.int(),
    runnerUpDag: r.long(),
    runnerUpJob: r.int(),
    decidedBy: r.int(),
    runnerUpValue: r.long(),
    backfill: r.boolean(),
  };
}

export function writeJobDispatched(w: Writer, v: t.JobDispatched): void {
  w.reserve(21);
  w.long(v.token);
  w.long(v.dag);
  w.int(v.job);
  writeEvidence(w, v.evidence);
  w.reserve(1);
  if (v.deadline === null) {
    w.index(0);
  } else {
    w.index(1);
    writeDeadline(w, v.deadline);
  }
}

export function readJobDispatched(r: Reader): t.JobDispatched {
  return {
    token: r.long(),
    dag: r.long(),
    job: r.int(),
    evidence: readEvidence(r),
    deadline: r.index(2) === 0 ? null : readDeadline(r),
  };
}

export function writeJobFailed(w: Writer, v: t.JobFailed): void {
  w.reserve(18);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
  w.string(v.code);
  w.reserve(1);
  w.boolean(v.final);
}

export function readJobFailed(r: Reader): t.JobFailed {
  return {
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
    code: r.string(),
    final: r.boolean(),
  };
}

export function writeJobProgressed(w: Writer, v: t.JobProgressed): void {
  w.reserve(18);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.permille);
}

export function readJobProgressed(r: Reader): t.JobProgressed {
  return {
    dag: r.long(),
    job: r.int(),
    permille: r.int(),
  };
}

export function writeJobReadied(w: Writer, v: t.JobReadied): void {
  w.reserve(19);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.shape);
  if (v.deadline === null) {
    w.index(0);
  } else {
    w.index(1);
    writeDeadline(w, v.deadline);
  }
}

export function readJobReadied(r: Reader): t.JobReadied {
  return {
    dag: r.long(),
    job: r.int(),
    shape: r.int(),
    deadline: r.index(2) === 0 ? null : readDeadline(r),
  };
}

export function writeJobReleased(w: Writer, v: t.JobReleased): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.job);
  w.string(v.reason);
}

export function readJobReleased(r: Reader): t.JobReleased {
  return {
    dag: r.long(),
    job: r.int(),
    reason: r.string(),
  };
}

export function writeJobReopened(w: Writer, v: t.JobReopened): void {
  w.reserve(14);
  w.long(v.dag);
  w.int(v.job);
  w.boolean(v.kept);
}

export function readJobReopened(r: Reader): t.JobReopened {
  return {
    dag: r.long(),
    job: r.int(),
    kept: r.boolean(),
  };
}

export function writeJobSkipped(w: Writer, v: t.JobSkipped): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.job);
  w.string(v.reason);
}

export function readJobSkipped(r: Reader): t.JobSkipped {
  return {
    dag: r.long(),
    job: r.int(),
    reason: r.string(),
  };
}

export function writeJobSucceeded(w: Writer, v: t.JobSucceeded): void {
  w.reserve(18);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
}

export function readJobSucceeded(r: Reader): t.JobSucceeded {
  return {
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
  };
}

export function writeJobTimedOut(w: Writer, v: t.JobTimedOut): void {
  w.reserve(19);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
  w.boolean(v.final);
}

export function readJobTimedOut(r: Reader): t.JobTimedOut {
  return {
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
    final: r.boolean(),
  };
}

export function writeJobsFannedOut(w: Writer, v: t.JobsFannedOut): void {
  w.reserve(70);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.base);
  w.int(v.count);
  w.int(v.from);
  w.int(v.to);
  w.long(v.work);
  w.long(v.dagFinish);
  w.long(v.dueAtMs);
  w.long(v.estimateMs);
  w.int(v.tolerate);
}

export function readJobsFannedOut(r: Reader): t.JobsFannedOut {
  return {
    dag: r.long(),
    job: r.int(),
    base: r.int(),
    count: r.int(),
    from: r.int(),
    to: r.int(),
    work: r.long(),
    dagFinish: r.long(),
    dueAtMs: r.long(),
    estimateMs: r.long(),
    tolerate: r.int(),
  };
}

export function writeLeaderElected(w: Writer, v: t.LeaderElected): void {
  w.reserve(16);
  w.long(v.epoch);
  w.long(v.noLossBeforeMs);
}

export function readLeaderElected(r: Reader): t.LeaderElected {
  return {
    epoch: r.long(),
    noLossBeforeMs: r.long(),
  };
}

export function writeLeaderResigned(w: Writer, v: t.LeaderResigned): void {
  w.reserve(8);
  w.long(v.epoch);
}

export function readLeaderResigned(r: Reader): t.LeaderResigned {
  return {
    epoch: r.long(),
  };
}

export function writeLeaseAdopted(w: Writer, v: t.LeaseAdopted): void {
  w.reserve(16);
  w.long(v.token);
  w.long(v.session);
}

export function readLeaseAdopted(r: Reader): t.LeaseAdopted {
  return {
    token: r.long(),
    session: r.long(),
  };
}

export function writeLeaseExpired(w: Writer, v: t.LeaseExpired): void {
  w.reserve(8);
  w.long(v.token);
}

export function readLeaseExpired(r: Reader): t.LeaseExpired {
  return {
    token: r.long(),
  };
}

export function writeLeaseGranted(w: Writer, v: t.LeaseGranted): void {
  w.reserve(34);
  w.long(v.token);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
  w.long(v.executor);
}

export function readLeaseGranted(r: Reader): t.LeaseGranted {
  return {
    token: r.long(),
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
    executor: r.long(),
  };
}

export function writeLeaseReleased(w: Writer, v: t.LeaseReleased): void {
  w.reserve(8);
  w.long(v.token);
  w.string(v.reason);
}

export function readLeaseReleased(r: Reader): t.LeaseReleased {
  return {
    token: r.long(),
    reason: r.string(),
  };
}

export function writePolicyChanged(w: Writer, v: t.PolicyChanged): void {
  w.string(v.policy);
}

export function readPolicyChanged(r: Reader): t.PolicyChanged {
  return {
    policy: r.string(),
  };
}

export function writeReservationEnded(w: Writer, v: t.ReservationEnded): void {
  w.reserve(29);
  w.long(v.class);
  w.long(v.dag);
  w.int(v.job);
  w.long(v.executor);
  w.string(v.reason);
}

export function readReservationEnded(r: Reader): t.ReservationEnded {
  return {
    class: r.long(),
    dag: r.long(),
    job: r.int(),
    executor: r.long(),
    reason: r.string(),
  };
}

export function writeReservationMade(w: Writer, v: t.ReservationMade): void {
  w.reserve(42);
  w.long(v.class);
  w.long(v.dag);
  w.int(v.job);
  w.long(v.executor);
  w.long(v.reservedAtMs);
  w.int(v.lane);
}

export function readReservationMade(r: Reader): t.ReservationMade {
  return {
    class: r.long(),
    dag: r.long(),
    job: r.int(),
    executor: r.long(),
    reservedAtMs: r.long(),
    lane: r.int(),
  };
}

export function writeRetryScheduled(w: Writer, v: t.RetryScheduled): void {
  w.reserve(26);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
  w.long(v.retryAtMs);
}

export function readRetryScheduled(r: Reader): t.RetryScheduled {
  return {
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
    retryAtMs: r.long(),
  };
}

export function writeSessionExtended(w: Writer, v: t.SessionExtended): void {
  w.reserve(16);
  w.long(v.executor);
  w.long(v.untilMs);
}

export function readSessionExtended(r: Reader): t.SessionExtended {
  return {
    executor: r.long(),
    untilMs: r.long(),
  };
}

export function writeSignalAwaited(w: Writer, v: t.SignalAwaited): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.job);
}

export function readSignalAwaited(r: Reader): t.SignalAwaited {
  return {
    dag: r.long(),
    job: r.int(),
  };
}

export function writeSignalResolved(w: Writer, v: t.SignalResolved): void {
  w.reserve(13);
  w.long(v.dag);
  w.int(v.job);
}

export function readSignalResolved(r: Reader): t.SignalResolved {
  return {
    dag: r.long(),
    job: r.int(),
  };
}

export function writeSlotReclaiming(w: Writer, v: t.SlotReclaiming): void {
  w.reserve(8);
  w.long(v.token);
}

export function readSlotReclaiming(r: Reader): t.SlotReclaiming {
  return {
    token: r.long(),
  };
}

export function writeSlotReleased(w: Writer, v: t.SlotReleased): void {
  w.reserve(21);
  w.long(v.token);
  w.int(v.slots);
  w.long(v.occupancyMs);
}

export function readSlotReleased(r: Reader): t.SlotReleased {
  return {
    token: r.long(),
    slots: r.int(),
    occupancyMs: r.long(),
  };
}

export function writeSlotReportedHeld(w: Writer, v: t.SlotReportedHeld): void {
  w.reserve(21);
  w.long(v.token);
  w.long(v.executor);
  w.int(v.slots);
}

export function readSlotReportedHeld(r: Reader): t.SlotReportedHeld {
  return {
    token: r.long(),
    executor: r.long(),
    slots: r.int(),
  };
}

export function writeSlotReserved(w: Writer, v: t.SlotReserved): void {
  w.reserve(21);
  w.long(v.token);
  w.long(v.executor);
  w.int(v.slots);
}

export function readSlotReserved(r: Reader): t.SlotReserved {
  return {
    token: r.long(),
    executor: r.long(),
    slots: r.int(),
  };
}

export function writeSlotWithdrawn(w: Writer, v: t.SlotWithdrawn): void {
  w.reserve(13);
  w.long(v.token);
  w.int(v.slots);
}

export function readSlotWithdrawn(r: Reader): t.SlotWithdrawn {
  return {
    token: r.long(),
    slots: r.int(),
  };
}

export function writeSnapshotTaken(w: Writer, v: t.SnapshotTaken): void {
  w.reserve(8);
  w.long(v.turn);
  w.string(v.uri);
}

export function readSnapshotTaken(r: Reader): t.SnapshotTaken {
  return {
    turn: r.long(),
    uri: r.string(),
  };
}

export function writeTenantLimitsChanged(w: Writer, v: t.TenantLimitsChanged): void {
  w.reserve(8);
  w.long(v.tenant);
}

export function readTenantLimitsChanged(r: Reader): t.TenantLimitsChanged {
  return {
    tenant: r.long(),
  };
}

export function writeTimeLeapt(w: Writer, v: t.TimeLeapt): void {
  w.reserve(8);
  w.long(v.gapMs);
}

export function readTimeLeapt(r: Reader): t.TimeLeapt {
  return {
    gapMs: r.long(),
  };
}

export function writeUpstreamSettled(w: Writer, v: t.UpstreamSettled): void {
  w.reserve(28);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.from);
  w.int(v.to);
  w.int(v.ending);
}

export function readUpstreamSettled(r: Reader): t.UpstreamSettled {
  return {
    dag: r.long(),
    job: r.int(),
    from: r.int(),
    to: r.int(),
    ending: r.int(),
  };
}

export function writeAcceptClock(w: Writer, v: t.AcceptClock): void {
  w.reserve(8);
  w.long(v.clockAtMs);
}

export function readAcceptClock(r: Reader): t.AcceptClock {
  return {
    clockAtMs: r.long(),
  };
}

export function writeLeaseRef(w: Writer, v: t.LeaseRef): void {
  w.reserve(26);
  w.long(v.dag);
  w.int(v.job);
  w.int(v.attempt);
  w.long(v.token);
}

export function readLeaseRef(r: Reader): t.LeaseRef {
  return {
    dag: r.long(),
    job: r.int(),
    attempt: r.int(),
    token: r.long(),
  };
}

export function writeAcknowledgeDispatch(w: Writer, v: t.AcknowledgeDispatch): void {
  writeLeaseRef(w, v.lease);
}

export function readAcknowledgeDispatch(r: Reader): t.AcknowledgeDispatch {
  return {
    lease: readLeaseRef(r),
  };
}

export function writeCancelDag(w: Writer, v: t.CancelDag): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.string(v.reason);
}

export function readCancelDag(r: Reader): t.CancelDag {
  return {
    tenant: r.string(),
    dagId: r.string(),
    reason: r.string(),
  };
}

export function writeCancelJob(w: Writer, v: t.CancelJob): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.string(v.job);
  w.string(v.reason);
}

export function readCancelJob(r: Reader): t.CancelJob {
  return {
    tenant: r.string(),
    dagId: r.string(),
    job: r.string(),
    reason: r.string(),
  };
}

export function writeBlobRef(w: Writer, v: t.BlobRef): void {
  w.string(v.uri);
  w.fixed(v.sha256, 32);
  w.reserve(8);
  w.long(v.bytes);
}

export function readBlobRef(r: Reader): t.BlobRef {
  return {
    uri: r.string(),
    sha256: r.fixed(32),
    bytes: r.long(),
  };
}

export function writeCompleteJob(w: Writer, v: t.CompleteJob): void {
  writeLeaseRef(w, v.lease);
  w.reserve(1);
  if (v.output === null) {
    w.index(0);
  } else {
    w.index(1);
    w.bytes(v.output);
  }
  w.reserve(1);
  if (v.blob === null) {
    w.index(0);
  } else {
    w.index(1);
    writeBlobRef(w, v.blob);
  }
  w.reserve(1);
  if (v.unitsUsed === null) {
    w.index(0);
  } else {
    w.reserve(6);
    w.index(1);
    w.int(v.unitsUsed);
  }
}

export function readCompleteJob(r: Reader): t.CompleteJob {
  return {
    lease: readLeaseRef(r),
    output: r.index(2) === 0 ? null : r.bytes(),
    blob: r.index(2) === 0 ? null : readBlobRef(r),
    unitsUsed: r.index(2) === 0 ? null : r.int(),
  };
}

export function writeCordonExecutor(w: Writer, v: t.CordonExecutor): void {
  w.string(v.executor);
}

export function readCordonExecutor(r: Reader): t.CordonExecutor {
  return {
    executor: r.string(),
  };
}

export function writeDeregisterExecutor(w: Writer, v: t.DeregisterExecutor): void {
  w.string(v.executor);
  w.string(v.incarnation);
}

export function readDeregisterExecutor(r: Reader): t.DeregisterExecutor {
  return {
    executor: r.string(),
    incarnation: r.string(),
  };
}

export function writeDrainExecutor(w: Writer, v: t.DrainExecutor): void {
  w.string(v.executor);
  w.reserve(1);
  if (v.incarnation === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.incarnation);
  }
}

export function readDrainExecutor(r: Reader): t.DrainExecutor {
  return {
    executor: r.string(),
    incarnation: r.index(2) === 0 ? null : r.string(),
  };
}

export function writeFailJob(w: Writer, v: t.FailJob): void {
  writeLeaseRef(w, v.lease);
  w.string(v.code);
  w.string(v.message);
  w.reserve(2);
  w.boolean(v.retryable);
  if (v.unitsUsed === null) {
    w.index(0);
  } else {
    w.reserve(6);
    w.index(1);
    w.int(v.unitsUsed);
  }
}

export function readFailJob(r: Reader): t.FailJob {
  return {
    lease: readLeaseRef(r),
    code: r.string(),
    message: r.string(),
    retryable: r.boolean(),
    unitsUsed: r.index(2) === 0 ? null : r.int(),
  };
}

export function writeHeartbeat(w: Writer, v: t.Heartbeat): void {
  w.string(v.executor);
  w.string(v.incarnation);
}

export function readHeartbeat(r: Reader): t.Heartbeat {
  return {
    executor: r.string(),
    incarnation: r.string(),
  };
}

export function writePauseDag(w: Writer, v: t.PauseDag): void {
  w.string(v.tenant);
  w.string(v.dagId);
}

export function readPauseDag(r: Reader): t.PauseDag {
  return {
    tenant: r.string(),
    dagId: r.string(),
  };
}

export function writePair(w: Writer, v: t.Pair): void {
  w.string(v.name);
  w.string(v.value);
}

export function readPair(r: Reader): t.Pair {
  return {
    name: r.string(),
    value: r.string(),
  };
}

export function writeHeldToken(w: Writer, v: t.HeldToken): void {
  writeLeaseRef(w, v.lease);
  w.reserve(5);
  w.int(v.slots);
}

export function readHeldToken(r: Reader): t.HeldToken {
  return {
    lease: readLeaseRef(r),
    slots: r.int(),
  };
}

export function writeRegisterExecutor(w: Writer, v: t.RegisterExecutor): void {
  w.string(v.executor);
  w.string(v.incarnation);
  w.string(v.group);
  w.string(v.executorClass);
  w.reserve(6);
  w.int(v.slots);
  w.reserve(8);
  w.index(v.labels.length);
  if (v.labels.length > 0) {
    for (const item of v.labels) {
      writePair(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
  w.reserve(9);
  w.long(v.sessionMs);
  w.reserve(8);
  w.index(v.held.length);
  if (v.held.length > 0) {
    for (const item of v.held) {
      writeHeldToken(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
}

export function readRegisterExecutor(r: Reader): t.RegisterExecutor {
  return {
    executor: r.string(),
    incarnation: r.string(),
    group: r.string(),
    executorClass: r.string(),
    slots: r.int(),
    labels: readArray(r, readPair),
    sessionMs: r.long(),
    held: readArray(r, readHeldToken),
  };
}

export function writeReportProgress(w: Writer, v: t.ReportProgress): void {
  writeLeaseRef(w, v.lease);
  w.reserve(6);
  w.int(v.permille);
  if (v.message === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.message);
  }
}

export function readReportProgress(r: Reader): t.ReportProgress {
  return {
    lease: readLeaseRef(r),
    permille: r.int(),
    message: r.index(2) === 0 ? null : r.string(),
  };
}

export function writeReportSnapshot(w: Writer, v: t.ReportSnapshot): void {
  w.reserve(8);
  w.long(v.turn);
  w.string(v.uri);
  w.fixed(v.stateHash, 16);
}

export function readReportSnapshot(r: Reader): t.ReportSnapshot {
  return {
    turn: r.long(),
    uri: r.string(),
    stateHash: r.fixed(16),
  };
}

export function writeReprioritizeDag(w: Writer, v: t.ReprioritizeDag): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.reserve(5);
  w.int(v.priority);
}

export function readReprioritizeDag(r: Reader): t.ReprioritizeDag {
  return {
    tenant: r.string(),
    dagId: r.string(),
    priority: r.int(),
  };
}

export function writeResolveSignal(w: Writer, v: t.ResolveSignal): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.string(v.signal);
  w.reserve(1);
  if (v.output === null) {
    w.index(0);
  } else {
    w.index(1);
    w.bytes(v.output);
  }
}

export function readResolveSignal(r: Reader): t.ResolveSignal {
  return {
    tenant: r.string(),
    dagId: r.string(),
    signal: r.string(),
    output: r.index(2) === 0 ? null : r.bytes(),
  };
}

export function writeResumeDag(w: Writer, v: t.ResumeDag): void {
  w.string(v.tenant);
  w.string(v.dagId);
}

export function readResumeDag(r: Reader): t.ResumeDag {
  return {
    tenant: r.string(),
    dagId: r.string(),
  };
}

export function writeRetryDag(w: Writer, v: t.RetryDag): void {
  w.string(v.tenant);
  w.string(v.dagId);
}

export function readRetryDag(r: Reader): t.RetryDag {
  return {
    tenant: r.string(),
    dagId: r.string(),
  };
}

export function writeRetryJob(w: Writer, v: t.RetryJob): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.string(v.job);
}

export function readRetryJob(r: Reader): t.RetryJob {
  return {
    tenant: r.string(),
    dagId: r.string(),
    job: r.string(),
  };
}

export function writeReturnJob(w: Writer, v: t.ReturnJob): void {
  writeLeaseRef(w, v.lease);
  w.string(v.reason);
  w.reserve(1);
  if (v.unitsUsed === null) {
    w.index(0);
  } else {
    w.reserve(6);
    w.index(1);
    w.int(v.unitsUsed);
  }
}

export function readReturnJob(r: Reader): t.ReturnJob {
  return {
    lease: readLeaseRef(r),
    reason: r.string(),
    unitsUsed: r.index(2) === 0 ? null : r.int(),
  };
}

export function writeSetCellLimits(w: Writer, v: t.SetCellLimits): void {
  w.reserve(1);
  if (v.knownJobs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.knownJobs);
  }
  w.reserve(1);
  if (v.retainTerminalMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.retainTerminalMs);
  }
  w.reserve(1);
  if (v.retainTerminalJobs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.retainTerminalJobs);
  }
  w.reserve(1);
  if (v.retainExecutorsMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.retainExecutorsMs);
  }
}

export function readSetCellLimits(r: Reader): t.SetCellLimits {
  return {
    knownJobs: r.index(2) === 0 ? null : r.long(),
    retainTerminalMs: r.index(2) === 0 ? null : r.long(),
    retainTerminalJobs: r.index(2) === 0 ? null : r.long(),
    retainExecutorsMs: r.index(2) === 0 ? null : r.long(),
  };
}

export function writeRate(w: Writer, v: t.Rate): void {
  w.string(v.per);
  w.reserve(24);
  w.long(v.add);
  w.long(v.perMs);
  w.long(v.burst);
}

export function readRate(r: Reader): t.Rate {
  return {
    per: r.string(),
    add: r.long(),
    perMs: r.long(),
    burst: r.long(),
  };
}

export function writeSetClassLimits(w: Writer, v: t.SetClassLimits): void {
  w.string(v.group);
  w.string(v.executorClass);
  w.reserve(1);
  if (v.maxSlots === null) {
    w.index(0);
  } else {
    w.reserve(6);
    w.index(1);
    w.int(v.maxSlots);
  }
  w.reserve(9);
  w.long(v.unitCost);
  if (v.shortReserve === null) {
    w.index(0);
  } else {
    w.reserve(6);
    w.index(1);
    w.int(v.shortReserve);
  }
  w.reserve(1);
  w.reserve(8);
  w.index(v.rates.length);
  if (v.rates.length > 0) {
    for (const item of v.rates) {
      writeRate(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
}

export function readSetClassLimits(r: Reader): t.SetClassLimits {
  return {
    group: r.string(),
    executorClass: r.string(),
    maxSlots: r.index(2) === 0 ? null : r.int(),
    unitCost: r.long(),
    shortReserve: r.index(2) === 0 ? null : r.int(),
    rates: readArray(r, readRate),
  };
}

export function writeSetDeadline(w: Writer, v: t.SetDeadline): void {
  w.string(v.tenant);
  w.string(v.dagId);
  w.reserve(1);
  if (v.deadlineAtMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.deadlineAtMs);
  }
  w.reserve(1);
  if (v.hardDeadlineAtMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.hardDeadlineAtMs);
  }
}

export function readSetDeadline(r: Reader): t.SetDeadline {
  return {
    tenant: r.string(),
    dagId: r.string(),
    deadlineAtMs: r.index(2) === 0 ? null : r.long(),
    hardDeadlineAtMs: r.index(2) === 0 ? null : r.long(),
  };
}

export function writeSetPolicy(w: Writer, v: t.SetPolicy): void {
  w.string(v.policy);
}

export function readSetPolicy(r: Reader): t.SetPolicy {
  return {
    policy: r.string(),
  };
}

export function writeSetTenantLimits(w: Writer, v: t.SetTenantLimits): void {
  w.string(v.tenant);
  w.reserve(6);
  w.int(v.weight);
  if (v.openDags === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.openDags);
  }
  w.reserve(1);
  if (v.activeDags === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.activeDags);
  }
  w.reserve(1);
  if (v.runnableJobs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.runnableJobs);
  }
}

export function readSetTenantLimits(r: Reader): t.SetTenantLimits {
  return {
    tenant: r.string(),
    weight: r.int(),
    openDags: r.index(2) === 0 ? null : r.long(),
    activeDags: r.index(2) === 0 ? null : r.long(),
    runnableJobs: r.index(2) === 0 ? null : r.long(),
  };
}

const ON_HARD_DEADLINE_SYMBOLS = ['fail', 'demote'] as const;

const FAILURE_POLICY_SYMBOLS = ['fail_fast', 'continue'] as const;

export function writeParentRef(w: Writer, v: t.ParentRef): void {
  w.string(v.dagId);
  w.string(v.job);
  w.reserve(8);
  w.long(v.token);
}

export function readParentRef(r: Reader): t.ParentRef {
  return {
    dagId: r.string(),
    job: r.string(),
    token: r.long(),
  };
}

const JOB_KIND_SYMBOLS = ['executor', 'noop', 'signal'] as const;

export function writeBinding(w: Writer, v: t.Binding): void {
  w.string(v.name);
  w.reserve(1);
  if (v.value === null) {
    w.index(0);
  } else {
    w.index(1);
    w.bytes(v.value);
  }
  w.reserve(1);
  if (v.uri === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.uri);
  }
  w.reserve(1);
  if (v.from === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.from);
  }
  w.reserve(1);
  if (v.at === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.at);
  }
}

export function readBinding(r: Reader): t.Binding {
  return {
    name: r.string(),
    value: r.index(2) === 0 ? null : r.bytes(),
    uri: r.index(2) === 0 ? null : r.string(),
    from: r.index(2) === 0 ? null : r.string(),
    at: r.index(2) === 0 ? null : r.string(),
  };
}

export function writeFanOut(w: Writer, v: t.FanOut): void {
  w.reserve(1);
  if (v.count === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.count);
  }
  w.reserve(1);
  if (v.from === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.from);
  }
  w.reserve(1);
  if (v.at === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.at);
  }
  w.reserve(6);
  w.boolean(v.over);
  w.int(v.tolerate);
}

export function readFanOut(r: Reader): t.FanOut {
  return {
    count: r.index(2) === 0 ? null : r.long(),
    from: r.index(2) === 0 ? null : r.string(),
    at: r.index(2) === 0 ? null : r.string(),
    over: r.boolean(),
    tolerate: r.int(),
  };
}

export function writeRetryPolicy(w: Writer, v: t.RetryPolicy): void {
  w.reserve(22);
  w.int(v.maxAttempts);
  w.long(v.baseMs);
  w.long(v.maxMs);
  w.reserve(8);
  w.index(v.nonRetryable.length);
  if (v.nonRetryable.length > 0) {
    for (const item of v.nonRetryable) {
      w.string(item);
    }
    w.reserve(1);
    w.index(0);
  }
}

export function readRetryPolicy(r: Reader): t.RetryPolicy {
  return {
    maxAttempts: r.int(),
    baseMs: r.long(),
    maxMs: r.long(),
    nonRetryable: readArray(r, (r) => r.string()),
  };
}

export function writeJobSpec(w: Writer, v: t.JobSpec): void {
  w.string(v.id);
  w.reserve(1);
  w.index(symbol(JOB_KIND_SYMBOLS, v.kind));
  w.string(v.executorClass);
  w.string(v.group);
  w.reserve(11);
  w.int(v.slots);
  w.int(v.units);
  w.reserve(8);
  w.index(v.after.length);
  if (v.after.length > 0) {
    for (const item of v.after) {
      w.string(item);
    }
    w.reserve(1);
    w.index(0);
  }
  w.reserve(6);
  w.int(v.join);
  if (v.when === null) {
    w.index(0);
  } else {
    w.index(1);
    w.bytes(v.when);
  }
  w.reserve(2);
  w.boolean(v.optional);
  w.reserve(8);
  w.index(v.inputs.length);
  if (v.inputs.length > 0) {
    for (const item of v.inputs) {
      writeBinding(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
  w.reserve(1);
  if (v.fanOut === null) {
    w.index(0);
  } else {
    w.index(1);
    writeFanOut(w, v.fanOut);
  }
  w.reserve(1);
  if (v.estimateMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.estimateMs);
  }
  w.reserve(1);
  if (v.timeoutMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.timeoutMs);
  }
  w.reserve(1);
  if (v.retry === null) {
    w.index(0);
  } else {
    w.index(1);
    writeRetryPolicy(w, v.retry);
  }
  w.reserve(1);
  if (v.signalName === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.signalName);
  }
}

export function readJobSpec(r: Reader): t.JobSpec {
  return {
    id: r.string(),
    kind: symbolAt(JOB_KIND_SYMBOLS, r),
    executorClass: r.string(),
    group: r.string(),
    slots: r.int(),
    units: r.int(),
    after: readArray(r, (r) => r.string()),
    join: r.int(),
    when: r.index(2) === 0 ? null : r.bytes(),
    optional: r.boolean(),
    inputs: readArray(r, readBinding),
    fanOut: r.index(2) === 0 ? null : readFanOut(r),
    estimateMs: r.index(2) === 0 ? null : r.long(),
    timeoutMs: r.index(2) === 0 ? null : r.long(),
    retry: r.index(2) === 0 ? null : readRetryPolicy(r),
    signalName: r.index(2) === 0 ? null : r.string(),
  };
}

export function writeSubmitDag(w: Writer, v: t.SubmitDag): void {
  w.string(v.dagId);
  w.string(v.idempotencyKey);
  w.string(v.tenant);
  w.string(v.name);
  w.reserve(1);
  if (v.template === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.template);
  }
  w.reserve(6);
  w.int(v.priority);
  if (v.deadlineAtMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.deadlineAtMs);
  }
  w.reserve(1);
  if (v.hardDeadlineAtMs === null) {
    w.index(0);
  } else {
    w.reserve(9);
    w.index(1);
    w.long(v.hardDeadlineAtMs);
  }
  w.reserve(2);
  w.index(symbol(ON_HARD_DEADLINE_SYMBOLS, v.onHardDeadline));
  w.reserve(8);
  w.index(v.labels.length);
  if (v.labels.length > 0) {
    for (const item of v.labels) {
      writePair(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
  w.reserve(2);
  w.index(symbol(FAILURE_POLICY_SYMBOLS, v.failurePolicy));
  if (v.parent === null) {
    w.index(0);
  } else {
    w.index(1);
    writeParentRef(w, v.parent);
  }
  w.reserve(1);
  w.reserve(8);
  w.index(v.jobs.length);
  if (v.jobs.length > 0) {
    for (const item of v.jobs) {
      writeJobSpec(w, item);
    }
    w.reserve(1);
    w.index(0);
  }
}

export function readSubmitDag(r: Reader): t.SubmitDag {
  return {
    dagId: r.string(),
    idempotencyKey: r.string(),
    tenant: r.string(),
    name: r.string(),
    template: r.index(2) === 0 ? null : r.string(),
    priority: r.int(),
    deadlineAtMs: r.index(2) === 0 ? null : r.long(),
    hardDeadlineAtMs: r.index(2) === 0 ? null : r.long(),
    onHardDeadline: symbolAt(ON_HARD_DEADLINE_SYMBOLS, r),
    labels: readArray(r, readPair),
    failurePolicy: symbolAt(FAILURE_POLICY_SYMBOLS, r),
    parent: r.index(2) === 0 ? null : readParentRef(r),
    jobs: readArray(r, readJobSpec),
  };
}

export function writeUncordonExecutor(w: Writer, v: t.UncordonExecutor): void {
  w.string(v.executor);
}

export function readUncordonExecutor(r: Reader): t.UncordonExecutor {
  return {
    executor: r.string(),
  };
}

export function writeUndecodable(w: Writer, v: t.Undecodable): void {
  w.string(v.reason);
  w.string(v.detail);
  w.fixed(v.sha256, 32);
  w.reserve(8);
  w.long(v.length);
  w.bytes(v.head);
}

export function readUndecodable(r: Reader): t.Undecodable {
  return {
    reason: r.string(),
    detail: r.string(),
    sha256: r.fixed(32),
    length: r.long(),
    head: r.bytes(),
  };
}

export function writeEnvelope(w: Writer, v: t.Envelope): void {
  w.string(v.inputId);
  w.reserve(9);
  w.long(v.receivedAtMs);
  if (v.principal === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.principal);
  }
  w.reserve(1);
  if (v.traceparent === null) {
    w.index(0);
  } else {
    w.index(1);
    w.string(v.traceparent);
  }
  w.fixed(v.digest, 16);
}

export function readEnvelope(r: Reader): t.Envelope {
  return {
    inputId: r.string(),
    receivedAtMs: r.long(),
    principal: r.index(2) === 0 ? null : r.string(),
    traceparent: r.index(2) === 0 ? null : r.string(),
    digest: r.fixed(16),
  };
}

/** By code. */
export const BODY_WRITERS: ReadonlyMap<number, BodyWriter> = new Map<number, BodyWriter>([
  [1, writeSubmitDag],
  [10, writeRegisterExecutor],
  [11, writeDeregisterExecutor],
  [12, writeHeartbeat],
  [13, writeAcknowledgeDispatch],
  [14, writeReportProgress],
  [15, writeCompleteJob],
  [16, writeFailJob],
  [17, writeReturnJob],
  [30, writeCancelDag],
  [31, writeCancelJob],
  [32, writePauseDag],
  [33, writeResumeDag],
  [34, writeReprioritizeDag],
  [35, writeSetDeadline],
  [36, writeRetryDag],
  [37, writeRetryJob],
  [38, writeResolveSignal],
  [39, writeCordonExecutor],
  [40, writeUncordonExecutor],
  [41, writeDrainExecutor],
  [42, writeSetPolicy],
  [43, writeSetClassLimits],
  [44, writeSetTenantLimits],
  [45, writeSetCellLimits],
  [46, writeAcceptClock],
  [47, writeReportSnapshot],
  [60, writeUndecodable],
  [100, writeDagAccepted],
  [101, writeDagHeld],
  [102, writeDagReleased],
  [103, writeDagPaused],
  [104, writeDagResumed],
  [105, writeDagReprioritized],
  [106, writeDeadlineChanged],
  [107, writeDeadlineRiskDeferred],
  [108, writeDeadlineAtRisk],
  [109, writeDeadlineMissed],
  [110, writeHardDeadlinePassed],
  [111, writeDagEnding],
  [112, writeDagReopened],
  [113, writeDagSucceeded],
  [114, writeDagFailed],
  [115, writeDagCancelled],
  [116, writeDagForgotten],
  [120, writeJobReadied],
  [121, writeJobsFannedOut],
  [122, writeUpstreamSettled],
  [123, writeJobSkipped],
  [124, writeJobCancelled],
  [125, writeJobProgressed],
  [126, writeJobSucceeded],
  [127, writeJobFailed],
  [128, writeJobTimedOut],
  [129, writeRetryScheduled],
  [130, writeSignalAwaited],
  [131, writeSignalResolved],
  [132, writeJobReopened],
  [133, writeJobReleased],
  [140, writeLeaseGranted],
  [141, writeLeaseReleased],
  [142, writeLeaseExpired],
  [145, writeSlotReserved],
  [146, writeSlotReclaiming],
  [147, writeSlotReleased],
  [148, writeSlotWithdrawn],
  [150, writeJobDispatched],
  [151, writeDispatchAcknowledged],
  [160, writeExecutorRegistered],
  [161, writeSessionExtended],
  [162, writeExecutorResized],
  [163, writeExecutorCordoned],
  [164, writeExecutorUncordoned],
  [165, writeExecutorDrained],
  [166, writeExecutorDeregistered],
  [167, writeExecutorLost],
  [168, writeLeaseAdopted],
  [169, writeSlotReportedHeld],
  [170, writeFlowRiskChanged],
  [171, writeReservationMade],
  [172, writeReservationEnded],
  [173, writeExecutorForgotten],
  [180, writePolicyChanged],
  [181, writeClassLimitsChanged],
  [182, writeTenantLimitsChanged],
  [183, writeCellLimitsChanged],
  [184, writeInputRefused],
  [185, writeClockAccepted],
  [186, writeTimeLeapt],
  [187, writeInputsLost],
  [188, writeLeaderElected],
  [189, writeLeaderResigned],
  [190, writeSnapshotTaken],
  [191, writeContinuationAdvanced],
  [192, writeDuplicateInput],
]);

/** By code. */
export const BODY_READERS: ReadonlyMap<number, BodyReader> = new Map<number, BodyReader>([
  [1, readSubmitDag],
  [10, readRegisterExecutor],
  [11, readDeregisterExecutor],
  [12, readHeartbeat],
  [13, readAcknowledgeDispatch],
  [14, readReportProgress],
  [15, readCompleteJob],
  [16, readFailJob],
  [17, readReturnJob],
  [30, readCancelDag],
  [31, readCancelJob],
  [32, readPauseDag],
  [33, readResumeDag],
  [34, readReprioritizeDag],
  [35, readSetDeadline],
  [36, readRetryDag],
  [37, readRetryJob],
  [38, readResolveSignal],
  [39, readCordonExecutor],
  [40, readUncordonExecutor],
  [41, readDrainExecutor],
  [42, readSetPolicy],
  [43, readSetClassLimits],
  [44, readSetTenantLimits],
  [45, readSetCellLimits],
  [46, readAcceptClock],
  [47, readReportSnapshot],
  [60, readUndecodable],
  [100, readDagAccepted],
  [101, readDagHeld],
  [102, readDagReleased],
  [103, readDagPaused],
  [104, readDagResumed],
  [105, readDagReprioritized],
  [106, readDeadlineChanged],
  [107, readDeadlineRiskDeferred],
  [108, readDeadlineAtRisk],
  [109, readDeadlineMissed],
  [110, readHardDeadlinePassed],
  [111, readDagEnding],
  [112, readDagReopened],
  [113, readDagSucceeded],
  [114, readDagFailed],
  [115, readDagCancelled],
  [116, readDagForgotten],
  [120, readJobReadied],
  [121, readJobsFannedOut],
  [122, readUpstreamSettled],
  [123, readJobSkipped],
  [124, readJobCancelled],
  [125, readJobProgressed],
  [126, readJobSucceeded],
  [127, readJobFailed],
  [128, readJobTimedOut],
  [129, readRetryScheduled],
  [130, readSignalAwaited],
  [131, readSignalResolved],
  [132, readJobReopened],
  [133, readJobReleased],
  [140, readLeaseGranted],
  [141, readLeaseReleased],
  [142, readLeaseExpired],
  [145, readSlotReserved],
  [146, readSlotReclaiming],
  [147, readSlotReleased],
  [148, readSlotWithdrawn],
  [150, readJobDispatched],
  [151, readDispatchAcknowledged],
  [160, readExecutorRegistered],
  [161, readSessionExtended],
  [162, readExecutorResized],
  [163, readExecutorCordoned],
  [164, readExecutorUncordoned],
  [165, readExecutorDrained],
  [166, readExecutorDeregistered],
  [167, readExecutorLost],
  [168, readLeaseAdopted],
  [169, readSlotReportedHeld],
  [170, readFlowRiskChanged],
  [171, readReservationMade],
  [172, readReservationEnded],
  [173, readExecutorForgotten],
  [180, readPolicyChanged],
  [181, readClassLimitsChanged],
  [182, readTenantLimitsChanged],
  [183, readCellLimitsChanged],
  [184, readInputRefused],
  [185, readClockAccepted],
  [186, readTimeLeapt],
  [187, readInputsLost],
  [188, readLeaderElected],
  [189, readLeaderResigned],
  [190, readSnapshotTaken],
  [191, readContinuationAdvanced],
  [192, readDuplicateInput],
]);
