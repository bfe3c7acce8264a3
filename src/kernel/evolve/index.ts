/**
 * `evolve`: the one function that changes state. Live, recovery, standby, replay and audit all call it (law 4). It is
 * small and total: fixed integer arithmetic on the rows that its event names. It reads no index and no policy.
 */
import { Code } from '../../catalogue/generated/codes.js';
import type { EventBodies, EventName } from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import * as cell from './cell.js';
import * as classes from './classes.js';
import * as cursors from './cursors.js';
import * as dags from './dags.js';
import * as deadlines from './deadlines.js';
import * as executors from './executors.js';
import * as jobs from './jobs.js';
import * as leases from './leases.js';
import * as reopen from './reopen.js';

type Applier<N extends EventName> = (fold: Fold, body: EventBodies[N]) => void;

/** Events that are facts about the journal or the shell and change no row. */
const noRow = (): void => undefined;

const APPLIERS: { readonly [N in EventName]: Applier<N> } = {
  DagAccepted: dags.dagAccepted,
  DagHeld: dags.dagHeld,
  DagReleased: dags.dagReleased,
  DagPaused: dags.dagPaused,
  DagResumed: dags.dagResumed,
  DagReprioritized: dags.dagReprioritized,
  DeadlineChanged: deadlines.deadlineChanged,
  DeadlineRiskDeferred: deadlines.deadlineRiskDeferred,
  DeadlineAtRisk: deadlines.deadlineAtRisk,
  DeadlineMissed: deadlines.deadlineMissed,
  HardDeadlinePassed: deadlines.hardDeadlinePassed,
  DagEnding: dags.dagEnding,
  DagReopened: reopen.dagReopened,
  DagSucceeded: dags.dagSucceeded,
  DagFailed: dags.dagFailed,
  DagCancelled: dags.dagCancelled,
  DagForgotten: cell.dagForgotten,
  JobReadied: jobs.jobReadied,
  JobsFannedOut: jobs.jobsFannedOut,
  UpstreamSettled: jobs.upstreamSettled,
  JobSkipped: jobs.jobSkipped,
  JobCancelled: jobs.jobCancelled,
  JobProgressed: jobs.jobProgressed,
  JobSucceeded: jobs.jobSucceeded,
  JobFailed: jobs.jobFailed,
  JobTimedOut: jobs.jobTimedOut,
  RetryScheduled: jobs.retryScheduled,
  SignalAwaited: jobs.signalAwaited,
  SignalResolved: jobs.signalResolved,
  JobReopened: reopen.jobReopened,
  JobReleased: jobs.jobReleased,
  LeaseGranted: leases.leaseGranted,
  LeaseReleased: leases.leaseReleased,
  LeaseExpired: leases.leaseExpired,
  LeaseAdopted: leases.leaseAdopted,
  SlotReserved: leases.slotReserved,
  SlotReclaiming: leases.slotReclaiming,
  SlotReleased: leases.slotReleased,
  SlotWithdrawn: leases.slotWithdrawn,
  SlotReportedHeld: leases.slotReportedHeld,
  JobDispatched: leases.jobDispatched,
  DispatchAcknowledged: leases.dispatchAcknowledged,
  ExecutorRegistered: executors.executorRegistered,
  SessionExtended: executors.sessionExtended,
  ExecutorResized: executors.executorResized,
  ExecutorCordoned: executors.executorCordoned,
  ExecutorUncordoned: executors.executorUncordoned,
  ExecutorDrained: executors.executorDrained,
  ExecutorDeregistered: executors.executorDeregistered,
  ExecutorLost: executors.executorLost,
  ExecutorForgotten: executors.executorForgotten,
  FlowRiskChanged: deadlines.flowRiskChanged,
  ReservationMade: classes.reservationMade,
  ReservationEnded: classes.reservationEnded,
  PolicyChanged: cell.policyChanged,
  ClassLimitsChanged: cell.classLimitsChanged,
  TenantLimitsChanged: cell.tenantLimitsChanged,
  CellLimitsChanged: cell.cellLimitsChanged,
  InputRefused: cell.inputRefused,
  DuplicateInput: noRow,
  ClockAccepted: noRow,
  TimeLeapt: cell.timeLeapt,
  InputsLost: noRow,
  LeaderElected: cell.leaderElected,
  LeaderResigned: noRow,
  SnapshotTaken: noRow,
  ContinuationAdvanced: cursors.continuationAdvanced,
};

const BY_CODE: (((fold: Fold, body: never) => void) | undefined)[] = [];
for (const [name, applier] of Object.entries(APPLIERS)) BY_CODE[Code[name as EventName]] = applier;

/** Applies one event. `fold.input` is the input that its cause names, or null. */
export function evolve(fold: Fold, code: number, body: EventBodies[EventName]): void {
  const applier = BY_CODE[code];
  if (applier === undefined) throw new Error(`assertion failed: unknown-version: no applier for event ${code}`);
  applier(fold, body as never);
}

/** What every control and registration that is taken changes, whatever it causes: its inputId is remembered. */
export function evolveInput(fold: Fold): void {
  const { input } = fold;
  if (input === null || !cell.isRemembered(input)) return;
  cell.remember(fold, input.envelope.inputId);
}
