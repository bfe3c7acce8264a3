// Generated from schemas/ by `npm run generate`. Do not edit.

import { formatLease } from '../lease.js';
import { base64, hex, list, userJson } from '../wire/json.js';
import type * as t from './types.js';

/** Makes the JSON form of the body of one code; leases name their cell. */
export type BodyJson = (body: never, cell: string) => string;

export function jsonCellLimitsChanged(): string {
  return '{}';
}

export function jsonClassLimitsChanged(v: t.ClassLimitsChanged, _cell: string): string {
  return (
    '{"class":' +
    String(v.class) +
    '}'
  );
}

export function jsonClockAccepted(v: t.ClockAccepted, _cell: string): string {
  return (
    '{"clockAtMs":' +
    String(v.clockAtMs) +
    '}'
  );
}

export function jsonContinuationAdvanced(v: t.ContinuationAdvanced, _cell: string): string {
  return (
    '{"cursor":' +
    String(v.cursor) +
    ',"next":' +
    String(v.next) +
    ',"to":' +
    String(v.to) +
    '}'
  );
}

export function jsonDagAccepted(v: t.DagAccepted, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"tenant":' +
    String(v.tenant) +
    ',"work":' +
    String(v.work) +
    ',"dagFinish":' +
    String(v.dagFinish) +
    ',"dueAtMs":' +
    String(v.dueAtMs) +
    ',"estimates":' +
    list(v.estimates, (item) => String(item)) +
    ',"held":' +
    String(v.held) +
    '}'
  );
}

export function jsonDagCancelled(v: t.DagCancelled, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDagEnding(v: t.DagEnding, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"outcome":' +
    `"${v.outcome}"` +
    ',"code":' +
    JSON.stringify(v.code) +
    ',"job":' +
    String(v.job) +
    '}'
  );
}

export function jsonDagFailed(v: t.DagFailed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"code":' +
    JSON.stringify(v.code) +
    '}'
  );
}

export function jsonDagForgotten(v: t.DagForgotten, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"from":' +
    String(v.from) +
    ',"to":' +
    String(v.to) +
    ',"last":' +
    String(v.last) +
    '}'
  );
}

export function jsonDagHeld(v: t.DagHeld, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonDagPaused(v: t.DagPaused, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDagReleased(v: t.DagReleased, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDagReopened(v: t.DagReopened, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"run":' +
    String(v.run) +
    ',"job":' +
    String(v.job) +
    ',"work":' +
    String(v.work) +
    ',"dagFinish":' +
    String(v.dagFinish) +
    ',"dueAtMs":' +
    String(v.dueAtMs) +
    ',"held":' +
    String(v.held) +
    '}'
  );
}

export function jsonDagReprioritized(v: t.DagReprioritized, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"priority":' +
    String(v.priority) +
    '}'
  );
}

export function jsonDagResumed(v: t.DagResumed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDagSucceeded(v: t.DagSucceeded, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDeadlineAtRisk(v: t.DeadlineAtRisk, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDeadlineChanged(v: t.DeadlineChanged, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"deadlineAtMs":' +
    String(v.deadlineAtMs) +
    ',"hardDeadlineAtMs":' +
    String(v.hardDeadlineAtMs) +
    ',"riskAtMs":' +
    String(v.riskAtMs) +
    '}'
  );
}

export function jsonDeadlineMissed(v: t.DeadlineMissed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    '}'
  );
}

export function jsonDeadlineRiskDeferred(v: t.DeadlineRiskDeferred, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"riskAtMs":' +
    String(v.riskAtMs) +
    '}'
  );
}

export function jsonDispatchAcknowledged(v: t.DispatchAcknowledged, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    '}'
  );
}

export function jsonProblem(v: t.Problem, _cell: string): string {
  return (
    '{"code":' +
    JSON.stringify(v.code) +
    ',"path":' +
    JSON.stringify(v.path) +
    ',"detail":' +
    JSON.stringify(v.detail) +
    '}'
  );
}

export function jsonDuplicateInput(v: t.DuplicateInput, cell: string): string {
  return (
    '{"code":' +
    JSON.stringify(v.code) +
    ',"dag":' +
    String(v.dag) +
    ',"turn":' +
    String(v.turn) +
    ',"atMs":' +
    String(v.atMs) +
    ',"refused":' +
    (v.refused === null ? 'null' : jsonProblem(v.refused, cell)) +
    '}'
  );
}

export function jsonExecutorCordoned(v: t.ExecutorCordoned, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonExecutorDeregistered(v: t.ExecutorDeregistered, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonExecutorDrained(v: t.ExecutorDrained, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonExecutorForgotten(v: t.ExecutorForgotten, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonExecutorLost(v: t.ExecutorLost, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonExecutorRegistered(v: t.ExecutorRegistered, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    ',"class":' +
    String(v.class) +
    ',"session":' +
    String(v.session) +
    ',"untilMs":' +
    String(v.untilMs) +
    ',"resumed":' +
    String(v.resumed) +
    '}'
  );
}

export function jsonExecutorResized(v: t.ExecutorResized, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    ',"slots":' +
    String(v.slots) +
    '}'
  );
}

export function jsonExecutorUncordoned(v: t.ExecutorUncordoned, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonDeadline(v: t.Deadline, _cell: string): string {
  return (
    '{"needMs":' +
    String(v.needMs) +
    ',"risk":' +
    String(v.risk) +
    ',"wakeAtMs":' +
    String(v.wakeAtMs) +
    '}'
  );
}

export function jsonFlowRiskChanged(v: t.FlowRiskChanged, cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"class":' +
    String(v.class) +
    ',"shape":' +
    String(v.shape) +
    ',"deadline":' +
    jsonDeadline(v.deadline, cell) +
    '}'
  );
}

export function jsonHardDeadlinePassed(v: t.HardDeadlinePassed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"demoted":' +
    String(v.demoted) +
    '}'
  );
}

export function jsonInputRefused(v: t.InputRefused, cell: string): string {
  return (
    '{"code":' +
    JSON.stringify(v.code) +
    ',"dag":' +
    String(v.dag) +
    ',"problems":' +
    list(v.problems, (item) => jsonProblem(item, cell)) +
    '}'
  );
}

export function jsonInputsLost(v: t.InputsLost, _cell: string): string {
  return (
    '{"source":' +
    JSON.stringify(v.source) +
    ',"partition":' +
    String(v.partition) +
    ',"from":' +
    String(v.from) +
    ',"to":' +
    String(v.to) +
    '}'
  );
}

export function jsonJobCancelled(v: t.JobCancelled, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonEvidence(v: t.Evidence, _cell: string): string {
  return (
    '{"lane":' +
    String(v.lane) +
    ',"cost":' +
    String(v.cost) +
    ',"priority":' +
    String(v.priority) +
    ',"tenantTag":' +
    String(v.tenantTag) +
    ',"dagFinish":' +
    String(v.dagFinish) +
    ',"rank":' +
    String(v.rank) +
    ',"freeAfter":' +
    String(v.freeAfter) +
    ',"runnerUpDag":' +
    String(v.runnerUpDag) +
    ',"runnerUpJob":' +
    String(v.runnerUpJob) +
    ',"decidedBy":' +
    String(v.decidedBy) +
    ',"runnerUpValue":' +
    String(v.runnerUpValue) +
    ',"backfill":' +
    String(v.backfill) +
    '}'
  );
}

export function jsonJobDispatched(v: t.JobDispatched, cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"evidence":' +
    jsonEvidence(v.evidence, cell) +
    ',"deadline":' +
    (v.deadline === null ? 'null' : jsonDeadline(v.deadline, cell)) +
    '}'
  );
}

export function jsonJobFailed(v: t.JobFailed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"attempt":' +
    String(v.attempt) +
    ',"code":' +
    JSON.stringify(v.code) +
    ',"final":' +
    String(v.final) +
    '}'
  );
}

export function jsonJobProgressed(v: t.JobProgressed, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"permille":' +
    String(v.permille) +
    '}'
  );
}

export function jsonJobReadied(v: t.JobReadied, cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"shape":' +
    String(v.shape) +
    ',"deadline":' +
    (v.deadline === null ? 'null' : jsonDeadline(v.deadline, cell)) +
    '}'
  );
}

export function jsonJobReleased(v: t.JobReleased, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonJobReopened(v: t.JobReopened, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"kept":' +
    String(v.kept) +
    '}'
  );
}

export function jsonJobSkipped(v: t.JobSkipped, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonJobSucceeded(v: t.JobSucceeded, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"attempt":' +
    String(v.attempt) +
    '}'
  );
}

export function jsonJobTimedOut(v: t.JobTimedOut, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"attempt":' +
    String(v.attempt) +
    ',"final":' +
    String(v.final) +
    '}'
  );
}

export function jsonJobsFannedOut(v: t.JobsFannedOut, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"base":' +
    String(v.base) +
    ',"count":' +
    String(v.count) +
    ',"from":' +
    String(v.from) +
    ',"to":' +
    String(v.to) +
    ',"work":' +
    String(v.work) +
    ',"dagFinish":' +
    String(v.dagFinish) +
    ',"dueAtMs":' +
    String(v.dueAtMs) +
    ',"estimateMs":' +
    String(v.estimateMs) +
    ',"tolerate":' +
    String(v.tolerate) +
    '}'
  );
}

export function jsonLeaderElected(v: t.LeaderElected, _cell: string): string {
  return (
    '{"epoch":' +
    String(v.epoch) +
    ',"noLossBeforeMs":' +
    String(v.noLossBeforeMs) +
    '}'
  );
}

export function jsonLeaderResigned(v: t.LeaderResigned, _cell: string): string {
  return (
    '{"epoch":' +
    String(v.epoch) +
    '}'
  );
}

export function jsonLeaseAdopted(v: t.LeaseAdopted, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"session":' +
    String(v.session) +
    '}'
  );
}

export function jsonLeaseExpired(v: t.LeaseExpired, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    '}'
  );
}

export function jsonLeaseGranted(v: t.LeaseGranted, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"attempt":' +
    String(v.attempt) +
    ',"executor":' +
    String(v.executor) +
    '}'
  );
}

export function jsonLeaseReleased(v: t.LeaseReleased, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonPolicyChanged(v: t.PolicyChanged, _cell: string): string {
  return (
    '{"policy":' +
    JSON.stringify(v.policy) +
    '}'
  );
}

export function jsonReservationEnded(v: t.ReservationEnded, _cell: string): string {
  return (
    '{"class":' +
    String(v.class) +
    ',"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"executor":' +
    String(v.executor) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonReservationMade(v: t.ReservationMade, _cell: string): string {
  return (
    '{"class":' +
    String(v.class) +
    ',"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"executor":' +
    String(v.executor) +
    ',"reservedAtMs":' +
    String(v.reservedAtMs) +
    ',"lane":' +
    String(v.lane) +
    '}'
  );
}

export function jsonRetryScheduled(v: t.RetryScheduled, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"attempt":' +
    String(v.attempt) +
    ',"retryAtMs":' +
    String(v.retryAtMs) +
    '}'
  );
}

export function jsonSessionExtended(v: t.SessionExtended, _cell: string): string {
  return (
    '{"executor":' +
    String(v.executor) +
    ',"untilMs":' +
    String(v.untilMs) +
    '}'
  );
}

export function jsonSignalAwaited(v: t.SignalAwaited, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    '}'
  );
}

export function jsonSignalResolved(v: t.SignalResolved, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    '}'
  );
}

export function jsonSlotReclaiming(v: t.SlotReclaiming, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    '}'
  );
}

export function jsonSlotReleased(v: t.SlotReleased, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"slots":' +
    String(v.slots) +
    ',"occupancyMs":' +
    String(v.occupancyMs) +
    '}'
  );
}

export function jsonSlotReportedHeld(v: t.SlotReportedHeld, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"executor":' +
    String(v.executor) +
    ',"slots":' +
    String(v.slots) +
    '}'
  );
}

export function jsonSlotReserved(v: t.SlotReserved, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"executor":' +
    String(v.executor) +
    ',"slots":' +
    String(v.slots) +
    '}'
  );
}

export function jsonSlotWithdrawn(v: t.SlotWithdrawn, _cell: string): string {
  return (
    '{"token":' +
    String(v.token) +
    ',"slots":' +
    String(v.slots) +
    '}'
  );
}

export function jsonSnapshotTaken(v: t.SnapshotTaken, _cell: string): string {
  return (
    '{"turn":' +
    String(v.turn) +
    ',"uri":' +
    JSON.stringify(v.uri) +
    '}'
  );
}

export function jsonTenantLimitsChanged(v: t.TenantLimitsChanged, _cell: string): string {
  return (
    '{"tenant":' +
    String(v.tenant) +
    '}'
  );
}

export function jsonTimeLeapt(v: t.TimeLeapt, _cell: string): string {
  return (
    '{"gapMs":' +
    String(v.gapMs) +
    '}'
  );
}

export function jsonUpstreamSettled(v: t.UpstreamSettled, _cell: string): string {
  return (
    '{"dag":' +
    String(v.dag) +
    ',"job":' +
    String(v.job) +
    ',"from":' +
    String(v.from) +
    ',"to":' +
    String(v.to) +
    ',"ending":' +
    String(v.ending) +
    '}'
  );
}

export function jsonAcceptClock(v: t.AcceptClock, _cell: string): string {
  return (
    '{"clockAtMs":' +
    String(v.clockAtMs) +
    '}'
  );
}

export function jsonAcknowledgeDispatch(v: t.AcknowledgeDispatch, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    '}'
  );
}

export function jsonCancelDag(v: t.CancelDag, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonCancelJob(v: t.CancelJob, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"job":' +
    JSON.stringify(v.job) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    '}'
  );
}

export function jsonBlobRef(v: t.BlobRef, _cell: string): string {
  return (
    '{"uri":' +
    JSON.stringify(v.uri) +
    ',"sha256":' +
    hex(v.sha256) +
    ',"bytes":' +
    String(v.bytes) +
    '}'
  );
}

export function jsonCompleteJob(v: t.CompleteJob, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    ',"output":' +
    (v.output === null ? 'null' : userJson(v.output)) +
    ',"blob":' +
    (v.blob === null ? 'null' : jsonBlobRef(v.blob, cell)) +
    ',"unitsUsed":' +
    (v.unitsUsed === null ? 'null' : String(v.unitsUsed)) +
    '}'
  );
}

export function jsonCordonExecutor(v: t.CordonExecutor, _cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    '}'
  );
}

export function jsonDeregisterExecutor(v: t.DeregisterExecutor, _cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    ',"incarnation":' +
    JSON.stringify(v.incarnation) +
    '}'
  );
}

export function jsonDrainExecutor(v: t.DrainExecutor, _cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    ',"incarnation":' +
    (v.incarnation === null ? 'null' : JSON.stringify(v.incarnation)) +
    '}'
  );
}

export function jsonFailJob(v: t.FailJob, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    ',"code":' +
    JSON.stringify(v.code) +
    ',"message":' +
    JSON.stringify(v.message) +
    ',"retryable":' +
    String(v.retryable) +
    ',"unitsUsed":' +
    (v.unitsUsed === null ? 'null' : String(v.unitsUsed)) +
    '}'
  );
}

export function jsonHeartbeat(v: t.Heartbeat, _cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    ',"incarnation":' +
    JSON.stringify(v.incarnation) +
    '}'
  );
}

export function jsonPauseDag(v: t.PauseDag, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    '}'
  );
}

export function jsonPair(v: t.Pair, _cell: string): string {
  return (
    '{"name":' +
    JSON.stringify(v.name) +
    ',"value":' +
    JSON.stringify(v.value) +
    '}'
  );
}

export function jsonHeldToken(v: t.HeldToken, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    ',"slots":' +
    String(v.slots) +
    '}'
  );
}

export function jsonRegisterExecutor(v: t.RegisterExecutor, cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    ',"incarnation":' +
    JSON.stringify(v.incarnation) +
    ',"group":' +
    JSON.stringify(v.group) +
    ',"executorClass":' +
    JSON.stringify(v.executorClass) +
    ',"slots":' +
    String(v.slots) +
    ',"labels":' +
    list(v.labels, (item) => jsonPair(item, cell)) +
    ',"sessionMs":' +
    String(v.sessionMs) +
    ',"held":' +
    list(v.held, (item) => jsonHeldToken(item, cell)) +
    '}'
  );
}

export function jsonReportProgress(v: t.ReportProgress, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    ',"permille":' +
    String(v.permille) +
    ',"message":' +
    (v.message === null ? 'null' : JSON.stringify(v.message)) +
    '}'
  );
}

export function jsonReportSnapshot(v: t.ReportSnapshot, _cell: string): string {
  return (
    '{"turn":' +
    String(v.turn) +
    ',"uri":' +
    JSON.stringify(v.uri) +
    ',"stateHash":' +
    hex(v.stateHash) +
    '}'
  );
}

export function jsonReprioritizeDag(v: t.ReprioritizeDag, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"priority":' +
    String(v.priority) +
    '}'
  );
}

export function jsonResolveSignal(v: t.ResolveSignal, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"signal":' +
    JSON.stringify(v.signal) +
    ',"output":' +
    (v.output === null ? 'null' : userJson(v.output)) +
    '}'
  );
}

export function jsonResumeDag(v: t.ResumeDag, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    '}'
  );
}

export function jsonRetryDag(v: t.RetryDag, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    '}'
  );
}

export function jsonRetryJob(v: t.RetryJob, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"job":' +
    JSON.stringify(v.job) +
    '}'
  );
}

export function jsonReturnJob(v: t.ReturnJob, cell: string): string {
  return (
    '{"lease":' +
    JSON.stringify(formatLease(cell, v.lease)) +
    ',"reason":' +
    JSON.stringify(v.reason) +
    ',"unitsUsed":' +
    (v.unitsUsed === null ? 'null' : String(v.unitsUsed)) +
    '}'
  );
}

export function jsonSetCellLimits(v: t.SetCellLimits, _cell: string): string {
  return (
    '{"knownJobs":' +
    (v.knownJobs === null ? 'null' : String(v.knownJobs)) +
    ',"retainTerminalMs":' +
    (v.retainTerminalMs === null ? 'null' : String(v.retainTerminalMs)) +
    ',"retainTerminalJobs":' +
    (v.retainTerminalJobs === null ? 'null' : String(v.retainTerminalJobs)) +
    ',"retainExecutorsMs":' +
    (v.retainExecutorsMs === null ? 'null' : String(v.retainExecutorsMs)) +
    '}'
  );
}

export function jsonRate(v: t.Rate, _cell: string): string {
  return (
    '{"per":' +
    JSON.stringify(v.per) +
    ',"add":' +
    String(v.add) +
    ',"perMs":' +
    String(v.perMs) +
    ',"burst":' +
    String(v.burst) +
    '}'
  );
}

export function jsonSetClassLimits(v: t.SetClassLimits, cell: string): string {
  return (
    '{"group":' +
    JSON.stringify(v.group) +
    ',"executorClass":' +
    JSON.stringify(v.executorClass) +
    ',"maxSlots":' +
    (v.maxSlots === null ? 'null' : String(v.maxSlots)) +
    ',"unitCost":' +
    String(v.unitCost) +
    ',"shortReserve":' +
    (v.shortReserve === null ? 'null' : String(v.shortReserve)) +
    ',"rates":' +
    list(v.rates, (item) => jsonRate(item, cell)) +
    '}'
  );
}

export function jsonSetDeadline(v: t.SetDeadline, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"dagId":' +
    JSON.stringify(v.dagId) +
    ',"deadlineAtMs":' +
    (v.deadlineAtMs === null ? 'null' : String(v.deadlineAtMs)) +
    ',"hardDeadlineAtMs":' +
    (v.hardDeadlineAtMs === null ? 'null' : String(v.hardDeadlineAtMs)) +
    '}'
  );
}

export function jsonSetPolicy(v: t.SetPolicy, _cell: string): string {
  return (
    '{"policy":' +
    JSON.stringify(v.policy) +
    '}'
  );
}

export function jsonSetTenantLimits(v: t.SetTenantLimits, _cell: string): string {
  return (
    '{"tenant":' +
    JSON.stringify(v.tenant) +
    ',"weight":' +
    String(v.weight) +
    ',"openDags":' +
    (v.openDags === null ? 'null' : String(v.openDags)) +
    ',"activeDags":' +
    (v.activeDags === null ? 'null' : String(v.activeDags)) +
    ',"runnableJobs":' +
    (v.runnableJobs === null ? 'null' : String(v.runnableJobs)) +
    '}'
  );
}

export function jsonParentRef(v: t.ParentRef, _cell: string): string {
  return (
    '{"dagId":' +
    JSON.stringify(v.dagId) +
    ',"job":' +
    JSON.stringify(v.job) +
    ',"token":' +
    String(v.token) +
    '}'
  );
}

export function jsonBinding(v: t.Binding, _cell: string): string {
  return (
    '{"name":' +
    JSON.stringify(v.name) +
    ',"value":' +
    (v.value === null ? 'null' : userJson(v.value)) +
    ',"uri":' +
    (v.uri === null ? 'null' : JSON.stringify(v.uri)) +
    ',"from":' +
    (v.from === null ? 'null' : JSON.stringify(v.from)) +
    ',"at":' +
    (v.at === null ? 'null' : JSON.stringify(v.at)) +
    '}'
  );
}

export function jsonFanOut(v: t.FanOut, _cell: string): string {
  return (
    '{"count":' +
    (v.count === null ? 'null' : String(v.count)) +
    ',"from":' +
    (v.from === null ? 'null' : JSON.stringify(v.from)) +
    ',"at":' +
    (v.at === null ? 'null' : JSON.stringify(v.at)) +
    ',"over":' +
    String(v.over) +
    ',"tolerate":' +
    String(v.tolerate) +
    '}'
  );
}

export function jsonRetryPolicy(v: t.RetryPolicy, _cell: string): string {
  return (
    '{"maxAttempts":' +
    String(v.maxAttempts) +
    ',"baseMs":' +
    String(v.baseMs) +
    ',"maxMs":' +
    String(v.maxMs) +
    ',"nonRetryable":' +
    list(v.nonRetryable, (item) => JSON.stringify(item)) +
    '}'
  );
}

export function jsonJobSpec(v: t.JobSpec, cell: string): string {
  return (
    '{"id":' +
    JSON.stringify(v.id) +
    ',"kind":' +
    `"${v.kind}"` +
    ',"executorClass":' +
    JSON.stringify(v.executorClass) +
    ',"group":' +
    JSON.stringify(v.group) +
    ',"slots":' +
    String(v.slots) +
    ',"units":' +
    String(v.units) +
    ',"after":' +
    list(v.after, (item) => JSON.stringify(item)) +
    ',"join":' +
    String(v.join) +
    ',"when":' +
    (v.when === null ? 'null' : userJson(v.when)) +
    ',"optional":' +
    String(v.optional) +
    ',"inputs":' +
    list(v.inputs, (item) => jsonBinding(item, cell)) +
    ',"fanOut":' +
    (v.fanOut === null ? 'null' : jsonFanOut(v.fanOut, cell)) +
    ',"estimateMs":' +
    (v.estimateMs === null ? 'null' : String(v.estimateMs)) +
    ',"timeoutMs":' +
    (v.timeoutMs === null ? 'null' : String(v.timeoutMs)) +
    ',"retry":' +
    (v.retry === null ? 'null' : jsonRetryPolicy(v.retry, cell)) +
    ',"signalName":' +
    (v.signalName === null ? 'null' : JSON.stringify(v.signalName)) +
    '}'
  );
}

export function jsonSubmitDag(v: t.SubmitDag, cell: string): string {
  return (
    '{"dagId":' +
    JSON.stringify(v.dagId) +
    ',"idempotencyKey":' +
    JSON.stringify(v.idempotencyKey) +
    ',"tenant":' +
    JSON.stringify(v.tenant) +
    ',"name":' +
    JSON.stringify(v.name) +
    ',"template":' +
    (v.template === null ? 'null' : JSON.stringify(v.template)) +
    ',"priority":' +
    String(v.priority) +
    ',"deadlineAtMs":' +
    (v.deadlineAtMs === null ? 'null' : String(v.deadlineAtMs)) +
    ',"hardDeadlineAtMs":' +
    (v.hardDeadlineAtMs === null ? 'null' : String(v.hardDeadlineAtMs)) +
    ',"onHardDeadline":' +
    `"${v.onHardDeadline}"` +
    ',"labels":' +
    list(v.labels, (item) => jsonPair(item, cell)) +
    ',"failurePolicy":' +
    `"${v.failurePolicy.replaceAll('_', '-')}"` +
    ',"parent":' +
    (v.parent === null ? 'null' : jsonParentRef(v.parent, cell)) +
    ',"jobs":' +
    list(v.jobs, (item) => jsonJobSpec(item, cell)) +
    '}'
  );
}

export function jsonUncordonExecutor(v: t.UncordonExecutor, _cell: string): string {
  return (
    '{"executor":' +
    JSON.stringify(v.executor) +
    '}'
  );
}

export function jsonUndecodable(v: t.Undecodable, _cell: string): string {
  return (
    '{"reason":' +
    JSON.stringify(v.reason) +
    ',"detail":' +
    JSON.stringify(v.detail) +
    ',"sha256":' +
    hex(v.sha256) +
    ',"length":' +
    String(v.length) +
    ',"head":' +
    base64(v.head) +
    '}'
  );
}

export function jsonEnvelope(v: t.Envelope, _cell: string): string {
  return (
    '{"inputId":' +
    JSON.stringify(v.inputId) +
    ',"receivedAtMs":' +
    String(v.receivedAtMs) +
    ',"principal":' +
    (v.principal === null ? 'null' : JSON.stringify(v.principal)) +
    ',"traceparent":' +
    (v.traceparent === null ? 'null' : JSON.stringify(v.traceparent)) +
    ',"digest":' +
    hex(v.digest) +
    '}'
  );
}

/** By code. */
export const BODY_JSON: ReadonlyMap<number, BodyJson> = new Map<number, BodyJson>([
  [1, jsonSubmitDag],
  [10, jsonRegisterExecutor],
  [11, jsonDeregisterExecutor],
  [12, jsonHeartbeat],
  [13, jsonAcknowledgeDispatch],
  [14, jsonReportProgress],
  [15, jsonCompleteJob],
  [16, jsonFailJob],
  [17, jsonReturnJob],
  [30, jsonCancelDag],
  [31, jsonCancelJob],
  [32, jsonPauseDag],
  [33, jsonResumeDag],
  [34, jsonReprioritizeDag],
  [35, jsonSetDeadline],
  [36, jsonRetryDag],
  [37, jsonRetryJob],
  [38, jsonResolveSignal],
  [39, jsonCordonExecutor],
  [40, jsonUncordonExecutor],
  [41, jsonDrainExecutor],
  [42, jsonSetPolicy],
  [43, jsonSetClassLimits],
  [44, jsonSetTenantLimits],
  [45, jsonSetCellLimits],
  [46, jsonAcceptClock],
  [47, jsonReportSnapshot],
  [60, jsonUndecodable],
  [100, jsonDagAccepted],
  [101, jsonDagHeld],
  [102, jsonDagReleased],
  [103, jsonDagPaused],
  [104, jsonDagResumed],
  [105, jsonDagReprioritized],
  [106, jsonDeadlineChanged],
  [107, jsonDeadlineRiskDeferred],
  [108, jsonDeadlineAtRisk],
  [109, jsonDeadlineMissed],
  [110, jsonHardDeadlinePassed],
  [111, jsonDagEnding],
  [112, jsonDagReopened],
  [113, jsonDagSucceeded],
  [114, jsonDagFailed],
  [115, jsonDagCancelled],
  [116, jsonDagForgotten],
  [120, jsonJobReadied],
  [121, jsonJobsFannedOut],
  [122, jsonUpstreamSettled],
  [123, jsonJobSkipped],
  [124, jsonJobCancelled],
  [125, jsonJobProgressed],
  [126, jsonJobSucceeded],
  [127, jsonJobFailed],
  [128, jsonJobTimedOut],
  [129, jsonRetryScheduled],
  [130, jsonSignalAwaited],
  [131, jsonSignalResolved],
  [132, jsonJobReopened],
  [133, jsonJobReleased],
  [140, jsonLeaseGranted],
  [141, jsonLeaseReleased],
  [142, jsonLeaseExpired],
  [145, jsonSlotReserved],
  [146, jsonSlotReclaiming],
  [147, jsonSlotReleased],
  [148, jsonSlotWithdrawn],
  [150, jsonJobDispatched],
  [151, jsonDispatchAcknowledged],
  [160, jsonExecutorRegistered],
  [161, jsonSessionExtended],
  [162, jsonExecutorResized],
  [163, jsonExecutorCordoned],
  [164, jsonExecutorUncordoned],
  [165, jsonExecutorDrained],
  [166, jsonExecutorDeregistered],
  [167, jsonExecutorLost],
  [168, jsonLeaseAdopted],
  [169, jsonSlotReportedHeld],
  [170, jsonFlowRiskChanged],
  [171, jsonReservationMade],
  [172, jsonReservationEnded],
  [173, jsonExecutorForgotten],
  [180, jsonPolicyChanged],
  [181, jsonClassLimitsChanged],
  [182, jsonTenantLimitsChanged],
  [183, jsonCellLimitsChanged],
  [184, jsonInputRefused],
  [185, jsonClockAccepted],
  [186, jsonTimeLeapt],
  [187, jsonInputsLost],
  [188, jsonLeaderElected],
  [189, jsonLeaderResigned],
  [190, jsonSnapshotTaken],
  [191, jsonContinuationAdvanced],
  [192, jsonDuplicateInput],
]);
