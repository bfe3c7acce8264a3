// Generated from schemas/ by `npm run generate`. Do not edit.

import type { EventCode, EventName, InputCode, InputName } from './types.js';

/** First 8 bytes of the SHA-256 of the canonical rendering of all schemas and codes, in hexadecimal. */
export const CATALOGUE_FINGERPRINT = 'c08ea89d16944f8f';

/** Numbers of all inputs and events. */
export const Code = {
  SubmitDag: 1,
  RegisterExecutor: 10,
  DeregisterExecutor: 11,
  Heartbeat: 12,
  AcknowledgeDispatch: 13,
  ReportProgress: 14,
  CompleteJob: 15,
  FailJob: 16,
  ReturnJob: 17,
  CancelDag: 30,
  CancelJob: 31,
  PauseDag: 32,
  ResumeDag: 33,
  ReprioritizeDag: 34,
  SetDeadline: 35,
  RetryDag: 36,
  RetryJob: 37,
  ResolveSignal: 38,
  CordonExecutor: 39,
  UncordonExecutor: 40,
  DrainExecutor: 41,
  SetPolicy: 42,
  SetClassLimits: 43,
  SetTenantLimits: 44,
  SetCellLimits: 45,
  AcceptClock: 46,
  ReportSnapshot: 47,
  Undecodable: 60,
  DagAccepted: 100,
  DagHeld: 101,
  DagReleased: 102,
  DagPaused: 103,
  DagResumed: 104,
  DagReprioritized: 105,
  DeadlineChanged: 106,
  DeadlineRiskDeferred: 107,
  DeadlineAtRisk: 108,
  DeadlineMissed: 109,
  HardDeadlinePassed: 110,
  DagEnding: 111,
  DagReopened: 112,
  DagSucceeded: 113,
  DagFailed: 114,
  DagCancelled: 115,
  DagForgotten: 116,
  JobReadied: 120,
  JobsFannedOut: 121,
  UpstreamSettled: 122,
  JobSkipped: 123,
  JobCancelled: 124,
  JobProgressed: 125,
  JobSucceeded: 126,
  JobFailed: 127,
  JobTimedOut: 128,
  RetryScheduled: 129,
  SignalAwaited: 130,
  SignalResolved: 131,
  JobReopened: 132,
  JobReleased: 133,
  LeaseGranted: 140,
  LeaseReleased: 141,
  LeaseExpired: 142,
  SlotReserved: 145,
  SlotReclaiming: 146,
  SlotReleased: 147,
  SlotWithdrawn: 148,
  JobDispatched: 150,
  DispatchAcknowledged: 151,
  ExecutorRegistered: 160,
  SessionExtended: 161,
  ExecutorResized: 162,
  ExecutorCordoned: 163,
  ExecutorUncordoned: 164,
  ExecutorDrained: 165,
  ExecutorDeregistered: 166,
  ExecutorLost: 167,
  LeaseAdopted: 168,
  SlotReportedHeld: 169,
  FlowRiskChanged: 170,
  ReservationMade: 171,
  ReservationEnded: 172,
  ExecutorForgotten: 173,
  PolicyChanged: 180,
  ClassLimitsChanged: 181,
  TenantLimitsChanged: 182,
  CellLimitsChanged: 183,
  InputRefused: 184,
  ClockAccepted: 185,
  TimeLeapt: 186,
  InputsLost: 187,
  LeaderElected: 188,
  LeaderResigned: 189,
  SnapshotTaken: 190,
  ContinuationAdvanced: 191,
  DuplicateInput: 192,
} as const;

/** The name of each input and event. */
export const CODE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'SubmitDag'],
  [10, 'RegisterExecutor'],
  [11, 'DeregisterExecutor'],
  [12, 'Heartbeat'],
  [13, 'AcknowledgeDispatch'],
  [14, 'ReportProgress'],
  [15, 'CompleteJob'],
  [16, 'FailJob'],
  [17, 'ReturnJob'],
  [30, 'CancelDag'],
  [31, 'CancelJob'],
  [32, 'PauseDag'],
  [33, 'ResumeDag'],
  [34, 'ReprioritizeDag'],
  [35, 'SetDeadline'],
  [36, 'RetryDag'],
  [37, 'RetryJob'],
  [38, 'ResolveSignal'],
  [39, 'CordonExecutor'],
  [40, 'UncordonExecutor'],
  [41, 'DrainExecutor'],
  [42, 'SetPolicy'],
  [43, 'SetClassLimits'],
  [44, 'SetTenantLimits'],
  [45, 'SetCellLimits'],
  [46, 'AcceptClock'],
  [47, 'ReportSnapshot'],
  [60, 'Undecodable'],
  [100, 'DagAccepted'],
  [101, 'DagHeld'],
  [102, 'DagReleased'],
  [103, 'DagPaused'],
  [104, 'DagResumed'],
  [105, 'DagReprioritized'],
  [106, 'DeadlineChanged'],
  [107, 'DeadlineRiskDeferred'],
  [108, 'DeadlineAtRisk'],
  [109, 'DeadlineMissed'],
  [110, 'HardDeadlinePassed'],
  [111, 'DagEnding'],
  [112, 'DagReopened'],
  [113, 'DagSucceeded'],
  [114, 'DagFailed'],
  [115, 'DagCancelled'],
  [116, 'DagForgotten'],
  [120, 'JobReadied'],
  [121, 'JobsFannedOut'],
  [122, 'UpstreamSettled'],
  [123, 'JobSkipped'],
  [124, 'JobCancelled'],
  [125, 'JobProgressed'],
  [126, 'JobSucceeded'],
  [127, 'JobFailed'],
  [128, 'JobTimedOut'],
  [129, 'RetryScheduled'],
  [130, 'SignalAwaited'],
  [131, 'SignalResolved'],
  [132, 'JobReopened'],
  [133, 'JobReleased'],
  [140, 'LeaseGranted'],
  [141, 'LeaseReleased'],
  [142, 'LeaseExpired'],
  [145, 'SlotReserved'],
  [146, 'SlotReclaiming'],
  [147, 'SlotReleased'],
  [148, 'SlotWithdrawn'],
  [150, 'JobDispatched'],
  [151, 'DispatchAcknowledged'],
  [160, 'ExecutorRegistered'],
  [161, 'SessionExtended'],
  [162, 'ExecutorResized'],
  [163, 'ExecutorCordoned'],
  [164, 'ExecutorUncordoned'],
  [165, 'ExecutorDrained'],
  [166, 'ExecutorDeregistered'],
  [167, 'ExecutorLost'],
  [168, 'LeaseAdopted'],
  [169, 'SlotReportedHeld'],
  [170, 'FlowRiskChanged'],
  [171, 'ReservationMade'],
  [172, 'ReservationEnded'],
  [173, 'ExecutorForgotten'],
  [180, 'PolicyChanged'],
  [181, 'ClassLimitsChanged'],
  [182, 'TenantLimitsChanged'],
  [183, 'CellLimitsChanged'],
  [184, 'InputRefused'],
  [185, 'ClockAccepted'],
  [186, 'TimeLeapt'],
  [187, 'InputsLost'],
  [188, 'LeaderElected'],
  [189, 'LeaderResigned'],
  [190, 'SnapshotTaken'],
  [191, 'ContinuationAdvanced'],
  [192, 'DuplicateInput'],
]);

/** Topics, without their namespace. */
export type Topic =
  | 'submissions'
  | 'callbacks'
  | 'controls'
  | 'lifecycle'
  | 'leases'
  | 'slots'
  | 'dispatches'
  | 'refusals';

const TOPICS: ReadonlyMap<number, Topic> = new Map<number, Topic>([
  [1, 'submissions'],
  [10, 'callbacks'],
  [11, 'callbacks'],
  [12, 'callbacks'],
  [13, 'callbacks'],
  [14, 'callbacks'],
  [15, 'callbacks'],
  [16, 'callbacks'],
  [17, 'callbacks'],
  [30, 'controls'],
  [31, 'controls'],
  [32, 'controls'],
  [33, 'controls'],
  [34, 'controls'],
  [35, 'controls'],
  [36, 'controls'],
  [37, 'controls'],
  [38, 'controls'],
  [39, 'controls'],
  [40, 'controls'],
  [41, 'controls'],
  [42, 'controls'],
  [43, 'controls'],
  [44, 'controls'],
  [45, 'controls'],
  [46, 'controls'],
  [47, 'controls'],
  [60, 'controls'],
  [100, 'lifecycle'],
  [101, 'lifecycle'],
  [102, 'lifecycle'],
  [103, 'lifecycle'],
  [104, 'lifecycle'],
  [105, 'lifecycle'],
  [106, 'lifecycle'],
  [107, 'lifecycle'],
  [108, 'lifecycle'],
  [109, 'lifecycle'],
  [110, 'lifecycle'],
  [111, 'lifecycle'],
  [112, 'lifecycle'],
  [113, 'lifecycle'],
  [114, 'lifecycle'],
  [115, 'lifecycle'],
  [116, 'lifecycle'],
  [120, 'lifecycle'],
  [121, 'lifecycle'],
  [122, 'lifecycle'],
  [123, 'lifecycle'],
  [124, 'lifecycle'],
  [125, 'lifecycle'],
  [126, 'lifecycle'],
  [127, 'lifecycle'],
  [128, 'lifecycle'],
  [129, 'lifecycle'],
  [130, 'lifecycle'],
  [131, 'lifecycle'],
  [132, 'lifecycle'],
  [133, 'lifecycle'],
  [140, 'leases'],
  [141, 'leases'],
  [142, 'leases'],
  [145, 'slots'],
  [146, 'slots'],
  [147, 'slots'],
  [148, 'slots'],
  [150, 'dispatches'],
  [151, 'dispatches'],
  [160, 'lifecycle'],
  [161, 'lifecycle'],
  [162, 'lifecycle'],
  [163, 'lifecycle'],
  [164, 'lifecycle'],
  [165, 'lifecycle'],
  [166, 'lifecycle'],
  [167, 'lifecycle'],
  [168, 'leases'],
  [169, 'slots'],
  [170, 'lifecycle'],
  [171, 'slots'],
  [172, 'slots'],
  [173, 'lifecycle'],
  [180, 'lifecycle'],
  [181, 'lifecycle'],
  [182, 'lifecycle'],
  [183, 'lifecycle'],
  [184, 'refusals'],
  [185, 'lifecycle'],
  [186, 'lifecycle'],
  [187, 'lifecycle'],
  [188, 'lifecycle'],
  [189, 'lifecycle'],
  [190, 'lifecycle'],
  [191, 'lifecycle'],
  [192, 'refusals'],
]);

const INPUTS: readonly boolean[] = Array.from({ length: 193 }, (_, code) =>
  [1, 10, 11, 12, 13, 14, 15, 16, 17, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 60].includes(code),
);

/** The topic to which an entry belongs, without its namespace. Throws RangeError for an unknown number. */
export function topicOf(code: number): Topic {
  const topic = TOPICS.get(code);
  if (topic === undefined) throw new RangeError(`no entry has the number ${code}`);
  return topic;
}

/** Whether it is the number of an input. */
export function isInputCode(code: number): code is InputCode {
  return INPUTS[code] === true;
}

/** Whether it is the number of an event. */
export function isEventCode(code: number): code is EventCode {
  return TOPICS.has(code) && INPUTS[code] !== true;
}

/** The name of an entry's number, such as `SubmitDag`. Throws RangeError for an unknown number. */
export function nameOf(code: number): InputName | EventName {
  const name = CODE_NAMES.get(code);
  if (name === undefined) throw new RangeError(`no entry has the number ${code}`);
  return name as InputName | EventName;
}

/** Numbers of causes in codes.json. */
export const CauseCode = {
  timer: -1,
  plan: -2,
  continuation: -3,
  shell: -4,
} as const;
export type CauseCode = (typeof CauseCode)[keyof typeof CauseCode];
/** The name of each number of CauseCode. */
export const CAUSE_CODE_NAMES: ReadonlyMap<number, string> = new Map([
  [-1, 'timer'],
  [-2, 'plan'],
  [-3, 'continuation'],
  [-4, 'shell'],
]);

/** Numbers of timers in codes.json. */
export const TimerKind = {
  hardDeadline: 1,
  softDeadline: 2,
  deadlineRisk: 3,
  backoff: 4,
  held: 5,
  forget: 6,
  execution: 7,
  reclaim: 8,
  session: 9,
  flowWake: 10,
} as const;
export type TimerKind = (typeof TimerKind)[keyof typeof TimerKind];
/** The name of each number of TimerKind. */
export const TIMER_KIND_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'hardDeadline'],
  [2, 'softDeadline'],
  [3, 'deadlineRisk'],
  [4, 'backoff'],
  [5, 'held'],
  [6, 'forget'],
  [7, 'execution'],
  [8, 'reclaim'],
  [9, 'session'],
  [10, 'flowWake'],
]);

/** Numbers of cursors in codes.json. */
export const CursorKind = {
  settle: 1,
  scan: 2,
  activate: 3,
  fanOut: 4,
  cancel: 5,
  dropLeases: 6,
  reopen: 7,
  recount: 8,
  forget: 9,
  dropTags: 10,
} as const;
export type CursorKind = (typeof CursorKind)[keyof typeof CursorKind];
/** The name of each number of CursorKind. */
export const CURSOR_KIND_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'settle'],
  [2, 'scan'],
  [3, 'activate'],
  [4, 'fanOut'],
  [5, 'cancel'],
  [6, 'dropLeases'],
  [7, 'reopen'],
  [8, 'recount'],
  [9, 'forget'],
  [10, 'dropTags'],
]);

/** Numbers of lanes in codes.json. */
export const Lane = {
  guard: 0,
  urgent: 1,
  regular: 2,
} as const;
export type Lane = (typeof Lane)[keyof typeof Lane];
/** The name of each number of Lane. */
export const LANE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'guard'],
  [1, 'urgent'],
  [2, 'regular'],
]);

/** Numbers of shapes in codes.json. */
export const Shape = {
  short: 0,
  long: 1,
  wide: 2,
} as const;
export type Shape = (typeof Shape)[keyof typeof Shape];
/** The name of each number of Shape. */
export const SHAPE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'short'],
  [1, 'long'],
  [2, 'wide'],
]);

/** Numbers of risks in codes.json. */
export const Risk = {
  safe: 0,
  atRisk: 1,
  late: 2,
} as const;
export type Risk = (typeof Risk)[keyof typeof Risk];
/** The name of each number of Risk. */
export const RISK_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'safe'],
  [1, 'atRisk'],
  [2, 'late'],
]);

/** Numbers of evidenceFields in codes.json. */
export const EvidenceField = {
  none: 0,
  priority: 1,
  tenantTag: 2,
  tenantSeq: 3,
  dagFinish: 4,
  dagSeq: 5,
  rank: 6,
  readySeq: 7,
  dueAt: 8,
  needMs: 9,
  flowSeq: 10,
  lane: 11,
  deadlineAt: 12,
  slaBucket: 13,
  unstarted: 14,
  jobsLeft: 15,
  level: 16,
  estimate: 17,
  dagTag: 18,
  reservation: 19,
} as const;
export type EvidenceField = (typeof EvidenceField)[keyof typeof EvidenceField];
/** The name of each number of EvidenceField. */
export const EVIDENCE_FIELD_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'priority'],
  [2, 'tenantTag'],
  [3, 'tenantSeq'],
  [4, 'dagFinish'],
  [5, 'dagSeq'],
  [6, 'rank'],
  [7, 'readySeq'],
  [8, 'dueAt'],
  [9, 'needMs'],
  [10, 'flowSeq'],
  [11, 'lane'],
  [12, 'deadlineAt'],
  [13, 'slaBucket'],
  [14, 'unstarted'],
  [15, 'jobsLeft'],
  [16, 'level'],
  [17, 'estimate'],
  [18, 'dagTag'],
  [19, 'reservation'],
]);

/** Numbers of jobStates in codes.json. */
export const JobState = {
  waiting: 1,
  ready: 2,
  dispatched: 3,
  running: 4,
  backoff: 5,
  fannedOut: 6,
  awaitingSignal: 7,
  succeeded: 8,
  failed: 9,
  cancelled: 10,
  skipped: 11,
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];
/** The name of each number of JobState. */
export const JOB_STATE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'waiting'],
  [2, 'ready'],
  [3, 'dispatched'],
  [4, 'running'],
  [5, 'backoff'],
  [6, 'fannedOut'],
  [7, 'awaitingSignal'],
  [8, 'succeeded'],
  [9, 'failed'],
  [10, 'cancelled'],
  [11, 'skipped'],
]);

/** Numbers of dagStates in codes.json. */
export const DagState = {
  held: 1,
  open: 2,
  ending: 3,
  succeeded: 4,
  failed: 5,
  cancelled: 6,
} as const;
export type DagState = (typeof DagState)[keyof typeof DagState];
/** The name of each number of DagState. */
export const DAG_STATE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'held'],
  [2, 'open'],
  [3, 'ending'],
  [4, 'succeeded'],
  [5, 'failed'],
  [6, 'cancelled'],
]);

/** Numbers of leaseStates in codes.json. */
export const LeaseState = {
  inForce: 1,
  reclaiming: 2,
  released: 3,
} as const;
export type LeaseState = (typeof LeaseState)[keyof typeof LeaseState];
/** The name of each number of LeaseState. */
export const LEASE_STATE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'inForce'],
  [2, 'reclaiming'],
  [3, 'released'],
]);
