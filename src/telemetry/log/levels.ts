/** How loud each event is: the one place for it. What needs a person is a warning, what is daily work is for debugging. */
import { Code } from '../../catalogue/generated/codes.js';
import type { EventCode, EventEntry } from '../../catalogue/generated/types.js';

/** Levels of the log, as pino has them; `silent` logs nothing. */
export const LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type Level = (typeof LEVELS)[number];
/** The level of an event. */
export type EventLevel = Exclude<Level, 'silent'>;

const ERROR: readonly EventCode[] = [Code.InputsLost];
const WARN: readonly EventCode[] = [
  Code.DagFailed,
  Code.DeadlineMissed,
  Code.HardDeadlinePassed,
  Code.ExecutorLost,
  Code.LeaseExpired,
  Code.SlotWithdrawn,
  Code.TimeLeapt,
  Code.ClockAccepted,
];
const INFO: readonly EventCode[] = [
  Code.DagSucceeded,
  Code.DagCancelled,
  Code.DagReopened,
  Code.DagPaused,
  Code.DagResumed,
  Code.DagReprioritized,
  Code.DeadlineChanged,
  Code.DeadlineAtRisk,
  Code.ExecutorRegistered,
  Code.ExecutorDeregistered,
  Code.ExecutorCordoned,
  Code.ExecutorUncordoned,
  Code.ExecutorDrained,
  Code.ClassLimitsChanged,
  Code.TenantLimitsChanged,
  Code.CellLimitsChanged,
  Code.PolicyChanged,
  Code.LeaderElected,
  Code.LeaderResigned,
  Code.SnapshotTaken,
  Code.InputRefused,
];
/** The planner's book-keeping. */
const TRACE: readonly EventCode[] = [
  Code.ContinuationAdvanced,
  Code.FlowRiskChanged,
  Code.UpstreamSettled,
  Code.SlotReserved,
  Code.SlotReleased,
  Code.SessionExtended,
  Code.DeadlineRiskDeferred,
  Code.ReservationMade,
  Code.ReservationEnded,
];

/** By code; the rest is for debugging. */
const BY_CODE: EventLevel[] = [];
for (const code of ERROR) BY_CODE[code] = 'error';
for (const code of WARN) BY_CODE[code] = 'warn';
for (const code of INFO) BY_CODE[code] = 'info';
for (const code of TRACE) BY_CODE[code] = 'trace';

/**
 * The level at which an event is told. The last failure of a job is
 * a warning, one that is followed by another attempt isn't. Nor is the time before a reign, of which its beginning tells.
 */
export function levelOf(event: EventEntry, beginsReign = false): EventLevel {
  if (event.code === Code.TimeLeapt && beginsReign) return 'info';
  if (event.code === Code.JobFailed || event.code === Code.JobTimedOut) return event.body.final ? 'warn' : 'info';
  return BY_CODE[event.code] ?? 'debug';
}
