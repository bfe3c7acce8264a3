// Generated from schemas/ by `npm run generate`. Do not edit.

/** The first 8 bytes of the SHA-256 hash of the whole catalogue. 8 bytes. */
export type Fingerprint = Uint8Array;

/** 16 bytes: a digest, a state hash, or random bytes. 16 bytes. */
export type Digest = Uint8Array;

/** A SHA-256 hash. 32 bytes. */
export type Hash = Uint8Array;

/** A half-open range of positions of one partition of one source. */
export interface InputRange {
  /** The source. */
  readonly source: string;
  /** The partition. */
  readonly partition: number;
  /** First position taken. */
  readonly from: number;
  /** First position not taken. */
  readonly to: number;
}

/** One input or event. */
export interface Entry {
  /** Its number in codes.json. */
  readonly code: number;
  /**
   * Index of the entry of the input that caused it; an input's own index; or -1 timer, -2 plan, -3 continuation, -4
   * shell.
   */
  readonly cause: number;
  /** Its canonical Avro bytes; an input's are its envelope followed by its record. */
  readonly body: Uint8Array;
}

/** One record of the journal: inputs taken, events decided, and the state hash after them. */
export interface Turn {
  /** Version of this record's layout. */
  readonly format: number;
  /** Fingerprint of the schemas that wrote it. */
  readonly catalogue: Fingerprint;
  /** The cell. */
  readonly cell: string;
  /** The leader's epoch. */
  readonly epoch: number;
  /** Random per process. */
  readonly writer: Digest;
  /** Number of the turn, from 1. */
  readonly turn: number;
  /** SHA-256 of the previous turn record; zeros for the first. */
  readonly prev: Hash;
  /** Journal time in ms. */
  readonly at: number;
  /** Sum of the gaps in which the fabric could not act. */
  readonly stoppedMs: number;
  /** Policy in force at the end of the turn, name@version. */
  readonly policy: string;
  /** Version of the kernel. */
  readonly kernel: string;
  /** The callbacks had been read to the end that was known when the turn began. */
  readonly caughtUp: boolean;
  /** The plan stopped for room. */
  readonly full: boolean;
  /** Highest turn whose projections are all acknowledged. */
  readonly published: number;
  /** How often the writer forces the journal to the disk: 0 every turn, -1 never, else every so many ms. */
  readonly syncEveryMs: number;
  /** Which inputs it took. */
  readonly inputs: readonly InputRange[];
  /** Inputs and events in the order in which they were applied. */
  readonly entries: readonly Entry[];
  /** The state hash after the turn, four uint32 lanes, big-endian. */
  readonly stateHash: Digest;
}

/** The cell's limits changed. */
export type CellLimitsChanged = Readonly<Record<string, never>>;

/** A class's limits changed. */
export interface ClassLimitsChanged {
  /** The class. */
  readonly class: number;
}

/** Journal time follows the wall clock again. */
export interface ClockAccepted {
  /** The clock. */
  readonly clockAtMs: number;
}

/** A cursor did a bounded step. */
export interface ContinuationAdvanced {
  /** Its sequence number. */
  readonly cursor: number;
  /** Where it goes on; -1: done. */
  readonly next: number;
  /** First place after those that this advance covered. */
  readonly to: number;
}

/** A DAG is known, and durable. */
export interface DagAccepted {
  /** Its sequence number. */
  readonly dag: number;
  /** Its tenant's sequence number. */
  readonly tenant: number;
  /** Slot-ms of all its jobs. */
  readonly work: number;
  /** Its virtual finish. */
  readonly dagFinish: number;
  /** When it is overdue. */
  readonly dueAtMs: number;
  /** The estimate used for each job, in ms. */
  readonly estimates: readonly number[];
  /** It waits for a limit: none of its jobs is readied. */
  readonly held: boolean;
}

/** Ended on request. */
export interface DagCancelled {
  /** The DAG. */
  readonly dag: number;
}

/** How a DAG ends. */
export type Outcome = 'succeeded' | 'failed' | 'cancelled';

/** It will end so; its flows leave the frontier. */
export interface DagEnding {
  /** The DAG. */
  readonly dag: number;
  /** How. */
  readonly outcome: Outcome;
  /** Why. */
  readonly code: string;
  /** The job that decided it, -1 for none. */
  readonly job: number;
}

/** Ended badly. */
export interface DagFailed {
  /** The DAG. */
  readonly dag: number;
  /** Why. */
  readonly code: string;
}

/** Its rows are removed, step by step. */
export interface DagForgotten {
  /** The DAG. */
  readonly dag: number;
  /** First job index of this step. */
  readonly from: number;
  /** First job index after it. */
  readonly to: number;
  /** Nothing is left. */
  readonly last: boolean;
}

/** Accepted, but its jobs wait for a limit. */
export interface DagHeld {
  /** The DAG. */
  readonly dag: number;
  /** Which limit. */
  readonly reason: string;
}

/** No job of it is dispatched. */
export interface DagPaused {
  /** The DAG. */
  readonly dag: number;
}

/** No longer held. */
export interface DagReleased {
  /** The DAG. */
  readonly dag: number;
}

/** A new run of a DAG that had ended. */
export interface DagReopened {
  /** The DAG. */
  readonly dag: number;
  /** Number of the run. */
  readonly run: number;
  /** The job that is run again with all after it; -1: all that failed or were cancelled. */
  readonly job: number;
  /** Unfinished slot-ms. */
  readonly work: number;
  /** Its virtual finish. */
  readonly dagFinish: number;
  /** When it is overdue. */
  readonly dueAtMs: number;
  /** It waits for a limit of its tenant before its jobs go on; DagHeld follows. */
  readonly held: boolean;
}

/** Its priority changed. */
export interface DagReprioritized {
  /** The DAG. */
  readonly dag: number;
  /** The new one. */
  readonly priority: number;
}

/** The pause is over. */
export interface DagResumed {
  /** The DAG. */
  readonly dag: number;
}

/** Ended well. */
export interface DagSucceeded {
  /** The DAG. */
  readonly dag: number;
}

/** Its work may not be done in time. */
export interface DeadlineAtRisk {
  /** The DAG. */
  readonly dag: number;
}

/** Its deadlines changed. */
export interface DeadlineChanged {
  /** The DAG. */
  readonly dag: number;
  /** The soft one, -1 for none. */
  readonly deadlineAtMs: number;
  /** The hard one, -1 for none. */
  readonly hardDeadlineAtMs: number;
  /** When the kernel looks whether it is at risk, -1 never. */
  readonly riskAtMs: number;
}

/** The soft deadline has passed. */
export interface DeadlineMissed {
  /** The DAG. */
  readonly dag: number;
}

/** At riskAt its flows were safe; the timer is armed again. */
export interface DeadlineRiskDeferred {
  /** The DAG. */
  readonly dag: number;
  /** The next look, -1 never. */
  readonly riskAtMs: number;
}

/** The executor has it. */
export interface DispatchAcknowledged {
  /** The lease. */
  readonly token: number;
}

/** One thing that is wrong with an input. */
export interface Problem {
  /** Stable code of schemas/errors.json. */
  readonly code: string;
  /** JSON pointer to the place. */
  readonly path: string;
  /** What is wrong there, for people. */
  readonly detail: string;
}

/** A repeat, answered with the first answer. */
export interface DuplicateInput {
  /** already-accepted or duplicate-input. */
  readonly code: string;
  /** The DAG that it is about, -1 for none. */
  readonly dag: number;
  /** The turn of the first answer; -1 for a terminal callback, of which it isn't kept. */
  readonly turn: number;
  /** Journal time of the first answer, -1 where the turn is not known. */
  readonly atMs: number;
  /** Why the first one was refused; null when it was carried out. */
  readonly refused: Problem | null;
}

/** It gets no more work. */
export interface ExecutorCordoned {
  /** The executor. */
  readonly executor: number;
}

/** It has left. */
export interface ExecutorDeregistered {
  /** The executor. */
  readonly executor: number;
}

/** It is asked to give its jobs back. */
export interface ExecutorDrained {
  /** The executor. */
  readonly executor: number;
}

/** It left or was lost long ago, and its row is removed: under its id it is a new executor. */
export interface ExecutorForgotten {
  /** The executor. */
  readonly executor: number;
}

/** Its session ran out. */
export interface ExecutorLost {
  /** The executor. */
  readonly executor: number;
}

/** An executor is there; how many slots it offers is said by ExecutorResized, in the same turn. */
export interface ExecutorRegistered {
  /** Its sequence number. */
  readonly executor: number;
  /** Its class's sequence number. */
  readonly class: number;
  /** Number of the session; only rises. */
  readonly session: number;
  /** When the session ends, in running time. */
  readonly untilMs: number;
  /** The same incarnation registered again, and keeps its slots; otherwise it has none until ExecutorResized. */
  readonly resumed: boolean;
}

/** It has more or fewer slots. */
export interface ExecutorResized {
  /** The executor. */
  readonly executor: number;
  /** So many. */
  readonly slots: number;
}

/** It may get work again. */
export interface ExecutorUncordoned {
  /** The executor. */
  readonly executor: number;
}

/** What the kernel computed of a flow's deadline when the event was decided. */
export interface Deadline {
  /** Time that the flow's work still needs. */
  readonly needMs: number;
  /** 0 safe, 1 at risk, 2 late. */
  readonly risk: number;
  /** When time alone changes the risk; -1 never. */
  readonly wakeAtMs: number;
}

/** Time or a new deadline changed a flow's risk. */
export interface FlowRiskChanged {
  /** The DAG. */
  readonly dag: number;
  /** The class. */
  readonly class: number;
  /** The shape. */
  readonly shape: number;
  /** The new values. */
  readonly deadline: Deadline;
}

/** The hard deadline has passed. */
export interface HardDeadlinePassed {
  /** The DAG. */
  readonly dag: number;
  /** It goes on at the lowest priority; otherwise it fails. */
  readonly demoted: boolean;
}

/** An input was not carried out; the entry that caused it says which. */
export interface InputRefused {
  /** Stable code. */
  readonly code: string;
  /** The DAG that it is about, -1 for none. */
  readonly dag: number;
  /** All that is wrong. */
  readonly problems: readonly Problem[];
}

/** The broker no longer had inputs that were not read. */
export interface InputsLost {
  /** The source. */
  readonly source: string;
  /** The partition. */
  readonly partition: number;
  /** First lost position. */
  readonly from: number;
  /** First position that is there. */
  readonly to: number;
}

/** Ended on request or with its DAG. */
export interface JobCancelled {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** Why. */
  readonly reason: string;
}

/** Why this job, there and then. */
export interface Evidence {
  /** 0 guard, 1 urgent, 2 regular. */
  readonly lane: number;
  /** Slot-ms charged. */
  readonly cost: number;
  /** The key's priority. */
  readonly priority: number;
  /** The tenant's start tag before the charge. */
  readonly tenantTag: number;
  /** The DAG's virtual finish. */
  readonly dagFinish: number;
  /** The job's upward rank, or the flow's need in the urgent lane. */
  readonly rank: number;
  /** Free slots in the class afterwards. */
  readonly freeAfter: number;
  /** The DAG of the job that would have been next, -1 for none. */
  readonly runnerUpDag: number;
  /** That job's index. */
  readonly runnerUpJob: number;
  /** Number of the first key field in which the winner wins (codes.json evidenceFields). */
  readonly decidedBy: number;
  /** The runner-up's value in that field. */
  readonly runnerUpValue: number;
  /** Started beside a reservation. */
  readonly backfill: boolean;
}

/** The job leaves for its executor. */
export interface JobDispatched {
  /** The lease. */
  readonly token: number;
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** Why. */
  readonly evidence: Evidence;
  /** Its flow's afterwards, where the DAG has a deadline and the flow still exists. */
  readonly deadline: Deadline | null;
}

/** An attempt failed; final unless RetryScheduled follows. */
export interface JobFailed {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The attempt. */
  readonly attempt: number;
  /** Why. */
  readonly code: string;
  /** No further attempt. */
  readonly final: boolean;
}

/** How far an attempt is. */
export interface JobProgressed {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** 0 to 1000. */
  readonly permille: number;
}

/** A job entered the frontier. */
export interface JobReadied {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** 0 short, 1 long, 2 wide. */
  readonly shape: number;
  /** Its flow's, where the DAG has a deadline. */
  readonly deadline: Deadline | null;
}

/** A job whose lease ended without its fault is ready again. */
export interface JobReleased {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** returned or executor-lost. */
  readonly reason: string;
}

/** A job waits again in a new run. */
export interface JobReopened {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /**
   * A fan-out whose children stay; only those that did not succeed run again. A second event without it in the same run
   * takes that back: a job before the fan-out runs again, too.
   */
  readonly kept: boolean;
}

/** Will not run in this run of the DAG. */
export interface JobSkipped {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** condition-false or upstream-failed. */
  readonly reason: string;
}

/** Ended well. */
export interface JobSucceeded {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The attempt, 0 where none was needed. */
  readonly attempt: number;
}

/** An attempt ran too long. */
export interface JobTimedOut {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The attempt. */
  readonly attempt: number;
  /** No further attempt. */
  readonly final: boolean;
}

/** Children of a fan-out were made. */
export interface JobsFannedOut {
  /** The DAG. */
  readonly dag: number;
  /** The fan-out. */
  readonly job: number;
  /** Index of the first child. */
  readonly base: number;
  /** How many children there will be in all. */
  readonly count: number;
  /** First child of this step. */
  readonly from: number;
  /** First child after it. */
  readonly to: number;
  /** Slot-ms of all children (first step only, else 0). */
  readonly work: number;
  /** The DAG's virtual finish afterwards. */
  readonly dagFinish: number;
  /** When it is overdue. */
  readonly dueAtMs: number;
  /** The estimate of each child. */
  readonly estimateMs: number;
  /** How many children may fail. */
  readonly tolerate: number;
}

/** A new reign. */
export interface LeaderElected {
  /** Its epoch. */
  readonly epoch: number;
  /** Running time before which no session ends. */
  readonly noLossBeforeMs: number;
}

/** The leader stops. */
export interface LeaderResigned {
  /** Its epoch. */
  readonly epoch: number;
}

/** A registration listed a lease in force: it goes on in the new session. */
export interface LeaseAdopted {
  /** The lease. */
  readonly token: number;
  /** The session. */
  readonly session: number;
}

/** Its executor was lost. */
export interface LeaseExpired {
  /** The lease. */
  readonly token: number;
}

/** One executor owns one attempt. */
export interface LeaseGranted {
  /** The lease token; only rises. */
  readonly token: number;
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The attempt. */
  readonly attempt: number;
  /** The executor's sequence number. */
  readonly executor: number;
}

/** A terminal callback, or the scheduler, ended the lease. */
export interface LeaseReleased {
  /** The lease. */
  readonly token: number;
  /** completed, failed, returned, cancelled, timed-out or dag-ended. */
  readonly reason: string;
}

/** The planner's policy changed. */
export interface PolicyChanged {
  /** name@version. */
  readonly policy: string;
}

/** The reservation is over. */
export interface ReservationEnded {
  /** The class. */
  readonly class: number;
  /** The DAG of the job that had it. */
  readonly dag: number;
  /** That job. */
  readonly job: number;
  /** The executor that was reserved. */
  readonly executor: number;
  /**
   * started, gone (the job is not ready any more), executor-gone (it offers too little by now) or moved (the job has
   * room on another one, which is kept for it instead).
   */
  readonly reason: string;
}

/** A wide job reserves an executor. */
export interface ReservationMade {
  /** The class. */
  readonly class: number;
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The executor. */
  readonly executor: number;
  /** When enough slots should be free. */
  readonly reservedAtMs: number;
  /** The lane in which it will be dispatched. */
  readonly lane: number;
}

/** The next attempt waits for its time. */
export interface RetryScheduled {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
  /** The attempt that failed. */
  readonly attempt: number;
  /** When it is ready again. */
  readonly retryAtMs: number;
}

/** An executor is alive. */
export interface SessionExtended {
  /** The executor. */
  readonly executor: number;
  /** When the session ends, in running time. */
  readonly untilMs: number;
}

/** A signal job waits for its answer. */
export interface SignalAwaited {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
}

/** The answer is there. */
export interface SignalResolved {
  /** The DAG. */
  readonly dag: number;
  /** The job. */
  readonly job: number;
}

/** The lease is over, but the work may still run; the slots are not free. */
export interface SlotReclaiming {
  /** The lease. */
  readonly token: number;
}

/** The slots are free. */
export interface SlotReleased {
  /** The lease that held them. */
  readonly token: number;
  /** How many. */
  readonly slots: number;
  /** How long they were held. */
  readonly occupancyMs: number;
}

/** A registration listed work without a lease in force: its slots are reclaiming. */
export interface SlotReportedHeld {
  /** The token that it was dispatched under. */
  readonly token: number;
  /** The executor. */
  readonly executor: number;
  /** How many. */
  readonly slots: number;
}

/** Slots of one executor are held for a lease. */
export interface SlotReserved {
  /** The lease. */
  readonly token: number;
  /** The executor. */
  readonly executor: number;
  /** How many. */
  readonly slots: number;
}

/** Nobody said that the work stopped; the slots leave the executor's capacity. */
export interface SlotWithdrawn {
  /** The lease that held them. */
  readonly token: number;
  /** How many. */
  readonly slots: number;
}

/** A snapshot was stored. */
export interface SnapshotTaken {
  /** The turn that it stands for. */
  readonly turn: number;
  /** Where. */
  readonly uri: string;
}

/** A tenant's limits changed. */
export interface TenantLimitsChanged {
  /** The tenant. */
  readonly tenant: number;
}

/** The fabric could not act for a while. */
export interface TimeLeapt {
  /** So long. */
  readonly gapMs: number;
}

/** A range of the jobs after an ended job has been told. */
export interface UpstreamSettled {
  /** The DAG. */
  readonly dag: number;
  /** The job that ended. */
  readonly job: number;
  /** First of its downstream edges. */
  readonly from: number;
  /** First edge after the range. */
  readonly to: number;
  /** How the job ended for those after it: 0 well, 1 badly, 2 neither (skipped by its own condition). */
  readonly ending: number;
}

/** Follow a wall clock that has leapt ahead. */
export interface AcceptClock {
  /** The clock to follow. */
  readonly clockAtMs: number;
}

/** Names one lease, and through it one attempt; on the wire it is one opaque string. */
export interface LeaseRef {
  /** The DAG's sequence number. */
  readonly dag: number;
  /** The job's index in the DAG. */
  readonly job: number;
  /** The attempt. */
  readonly attempt: number;
  /** The lease token. */
  readonly token: number;
}

/** An executor has a dispatch and starts on it. */
export interface AcknowledgeDispatch {
  /** Which. */
  readonly lease: LeaseRef;
}

/** Ends a DAG. */
export interface CancelDag {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** For people. */
  readonly reason: string;
}

/** Ends one job. */
export interface CancelJob {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** The job's id, with [index] for a child. */
  readonly job: string;
  /** For people. */
  readonly reason: string;
}

/** Names bytes that live in the blob store. */
export interface BlobRef {
  /** Where the bytes are. */
  readonly uri: string;
  /** The SHA-256 of the bytes. */
  readonly sha256: Hash;
  /** Their length. */
  readonly bytes: number;
}

/** An attempt ended well. */
export interface CompleteJob {
  /** Which. */
  readonly lease: LeaseRef;
  /** User JSON as received, at most 256 KiB. */
  readonly output: Uint8Array | null;
  /** The output where it is larger. */
  readonly blob: BlobRef | null;
  /** Units that it used. */
  readonly unitsUsed: number | null;
}

/** Gives an executor no more work. */
export interface CordonExecutor {
  /** Its id. */
  readonly executor: string;
}

/** An executor leaves. */
export interface DeregisterExecutor {
  /** Its id. */
  readonly executor: string;
  /** Its incarnation. */
  readonly incarnation: string;
}

/** Cordons it and asks it to give its jobs back. */
export interface DrainExecutor {
  /** Its id. */
  readonly executor: string;
  /**
   * Its incarnation, where a process says this of itself: it is refused once another one has registered. Absent:
   * whoever has the id.
   */
  readonly incarnation: string | null;
}

/** An attempt ended badly. */
export interface FailJob {
  /** Which. */
  readonly lease: LeaseRef;
  /** The failure's code. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** Whether the executor thinks that trying again helps. */
  readonly retryable: boolean;
  /** Units that it used. */
  readonly unitsUsed: number | null;
}

/** An executor is alive. */
export interface Heartbeat {
  /** Its id. */
  readonly executor: string;
  /** Its incarnation. */
  readonly incarnation: string;
}

/** No further job of it is dispatched. */
export interface PauseDag {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
}

/** A name and a value; arrays of pairs are sorted by the UTF-8 bytes of the name. */
export interface Pair {
  /** The name. */
  readonly name: string;
  /** The value. */
  readonly value: string;
}

/** A lease that an executor still works on when it registers. */
export interface HeldToken {
  /** The lease; on the wire one opaque string. */
  readonly lease: LeaseRef;
  /** The slots that it occupies. */
  readonly slots: number;
}

/** An executor offers slots of one class. */
export interface RegisterExecutor {
  /** Its id, unique in the cell. */
  readonly executor: string;
  /** New for each process. */
  readonly incarnation: string;
  /** Its group. */
  readonly group: string;
  /** Its class. */
  readonly executorClass: string;
  /** How many slots it has. */
  readonly slots: number;
  /** Labels, sorted. */
  readonly labels: readonly Pair[];
  /** How long its session lives without a heartbeat. */
  readonly sessionMs: number;
  /** Leases that it still works on. */
  readonly held: readonly HeldToken[];
}

/** How far an attempt is. */
export interface ReportProgress {
  /** Which. */
  readonly lease: LeaseRef;
  /** 0 to 1000. */
  readonly permille: number;
  /** For people. */
  readonly message: string | null;
}

/** A snapshot was stored. */
export interface ReportSnapshot {
  /** The turn that it stands for. */
  readonly turn: number;
  /** Where it is. */
  readonly uri: string;
  /** Its state hash. */
  readonly stateHash: Digest;
}

/** Changes a DAG's priority. */
export interface ReprioritizeDag {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** The new one. */
  readonly priority: number;
}

/** Answers a signal job. */
export interface ResolveSignal {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** The signal's name. */
  readonly signal: string;
  /** User JSON as received. */
  readonly output: Uint8Array | null;
}

/** Ends a pause. */
export interface ResumeDag {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
}

/** Runs what failed or was cancelled again. */
export interface RetryDag {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
}

/** Runs a job, and all after it, again. */
export interface RetryJob {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** The job's id, with [index] for a child. */
  readonly job: string;
}

/** An executor gives a job back unfinished, on drain; it costs no attempt. */
export interface ReturnJob {
  /** Which. */
  readonly lease: LeaseRef;
  /** For people. */
  readonly reason: string;
  /** Units that it used. */
  readonly unitsUsed: number | null;
}

/** Limits the cell. */
export interface SetCellLimits {
  /** Beyond it submissions are refused. */
  readonly knownJobs: number | null;
  /** How long a terminal DAG is kept. */
  readonly retainTerminalMs: number | null;
  /** How many terminal jobs are kept. */
  readonly retainTerminalJobs: number | null;
  /** How long an executor that left or was lost is kept. */
  readonly retainExecutorsMs: number | null;
}

/** One token bucket of a class. */
export interface Rate {
  /** What it counts: starts or units. */
  readonly per: string;
  /** Tokens that are added in each period. */
  readonly add: number;
  /** The period. */
  readonly perMs: number;
  /** The most that it holds. */
  readonly burst: number;
}

/** Limits a class. */
export interface SetClassLimits {
  /** The group. */
  readonly group: string;
  /** The class. */
  readonly executorClass: string;
  /** At most so many slots in use; absent means no limit. */
  readonly maxSlots: number | null;
  /** Slot-ms that one unit counts as. */
  readonly unitCost: number;
  /** One slot in so many is kept from long jobs while short ones come; 0: none is; absent means 8. */
  readonly shortReserve: number | null;
  /** Token buckets. */
  readonly rates: readonly Rate[];
}

/** Changes a DAG's deadlines. */
export interface SetDeadline {
  /** Its tenant. */
  readonly tenant: string;
  /** The DAG. */
  readonly dagId: string;
  /** The soft one; absent means none. */
  readonly deadlineAtMs: number | null;
  /** The hard one; absent means none. */
  readonly hardDeadlineAtMs: number | null;
}

/** Changes the planner's policy. */
export interface SetPolicy {
  /** name@version. */
  readonly policy: string;
}

/** Limits and weighs a tenant. */
export interface SetTenantLimits {
  /** The tenant. */
  readonly tenant: string;
  /** 1 to 1000. */
  readonly weight: number;
  /** Beyond it submissions are refused. */
  readonly openDags: number | null;
  /** Beyond it DAGs are held. */
  readonly activeDags: number | null;
  /** Beyond it DAGs are held. */
  readonly runnableJobs: number | null;
}

/** What passing the hard deadline does to a DAG. */
export type OnHardDeadline = 'fail' | 'demote';

/** What the first final failure does to a DAG: cancel the rest, or let it run. */
export type FailurePolicy = 'fail_fast' | 'continue';

/** The running job that starts this DAG. */
export interface ParentRef {
  /** Its DAG. */
  readonly dagId: string;
  /** Its id. */
  readonly job: string;
  /** The token of its lease. */
  readonly token: number;
}

/** What runs a job: an executor, nothing, or an answer from outside. */
export type JobKind = 'executor' | 'noop' | 'signal';

/** Where one input of a job comes from: exactly one of value, uri and from is set. */
export interface Binding {
  /** The input's name. */
  readonly name: string;
  /** User JSON, as received. */
  readonly value: Uint8Array | null;
  /** The address of a blob or of anything that the executor can fetch. */
  readonly uri: string | null;
  /** The id of an upstream job whose output it is. */
  readonly from: string | null;
  /** A JSON pointer into that output; absent means all of it. */
  readonly at: string | null;
}

/** Makes children of a job, one for each item or index. */
export interface FanOut {
  /** A fixed number of children. */
  readonly count: number | null;
  /** The upstream job whose output says how many. */
  readonly from: string | null;
  /** The JSON pointer of the number or the array in that output. */
  readonly at: string | null;
  /** The pointer names an array and each child gets its item; otherwise it names a number. */
  readonly over: boolean;
  /** How many children may fail before the fan-out fails. */
  readonly tolerate: number;
}

/** How often a failed attempt is tried again. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** The first delay. */
  readonly baseMs: number;
  /** The longest delay. */
  readonly maxMs: number;
  /** Failure codes that are final at once. */
  readonly nonRetryable: readonly string[];
}

/** One job of a submission. */
export interface JobSpec {
  /** Unique in its DAG. */
  readonly id: string;
  /** What runs it. */
  readonly kind: JobKind;
  /** The executor class; empty for noop and signal jobs. */
  readonly executorClass: string;
  /** The executor group. */
  readonly group: string;
  /** Slots of one executor that it holds while it runs. */
  readonly slots: number;
  /** Units of the class's rates that it is expected to use. */
  readonly units: number;
  /** Ids of the jobs that it depends on. */
  readonly after: readonly string[];
  /** 0: all of them must succeed; n: n of them are enough. */
  readonly join: number;
  /** A condition as JSON; the job is skipped when it is false. */
  readonly when: Uint8Array | null;
  /** Its failure does not fail the DAG. */
  readonly optional: boolean;
  /** Its inputs, sorted by name. */
  readonly inputs: readonly Binding[];
  /** Makes it a fan-out. */
  readonly fanOut: FanOut | null;
  /** How long it is expected to run. */
  readonly estimateMs: number | null;
  /** How long an attempt may run. */
  readonly timeoutMs: number | null;
  /** How failures are retried; absent means one attempt. */
  readonly retry: RetryPolicy | null;
  /** The name by which a signal job is answered; absent means its id. */
  readonly signalName: string | null;
}

/** Asks for a DAG of jobs to be run. */
export interface SubmitDag {
  /** Unique per tenant. */
  readonly dagId: string;
  /** A repeat with the same key is answered with the first answer. */
  readonly idempotencyKey: string;
  /** The tenant. */
  readonly tenant: string;
  /** What kind of DAG it is, for people. */
  readonly name: string;
  /** Key under which run times are learned. */
  readonly template: string | null;
  /** Higher first, -1,000,000 to 1,000,000. */
  readonly priority: number;
  /** Soft deadline. */
  readonly deadlineAtMs: number | null;
  /** Hard deadline. */
  readonly hardDeadlineAtMs: number | null;
  /** What happens at the hard deadline. */
  readonly onHardDeadline: OnHardDeadline;
  /** Labels, sorted. */
  readonly labels: readonly Pair[];
  /** What the first final failure does. */
  readonly failurePolicy: FailurePolicy;
  /** The job that starts it (refused until built). */
  readonly parent: ParentRef | null;
  /** Its jobs. */
  readonly jobs: readonly JobSpec[];
}

/** Lets it have work again. */
export interface UncordonExecutor {
  /** Its id. */
  readonly executor: string;
}

/** Bytes that are no input of the catalogue. */
export interface Undecodable {
  /** Stable code. */
  readonly reason: string;
  /** What is wrong. */
  readonly detail: string;
  /** Of all the bytes. */
  readonly sha256: Hash;
  /** How many there are. */
  readonly length: number;
  /** The first 256. */
  readonly head: Uint8Array;
}

/** What comes with every input, whoever sent it. */
export interface Envelope {
  /** Identifies the input for its sender; a control that repeats one is answered with the first answer. */
  readonly inputId: string;
  /** The clock of the edge or broker that took it: data, never compared by the kernel. */
  readonly receivedAtMs: number;
  /** Who sent it, where the edge knows. */
  readonly principal: string | null;
  /** W3C trace context. */
  readonly traceparent: string | null;
  /**
   * MurmurHash3_x86_128 (seed 0, words big-endian) of the body's canonical bytes, computed at the edge, checked by
   * verify.
   */
  readonly digest: Digest;
}

/** The body of each input, by name. */
export interface InputBodies {
  readonly SubmitDag: SubmitDag;
  readonly RegisterExecutor: RegisterExecutor;
  readonly DeregisterExecutor: DeregisterExecutor;
  readonly Heartbeat: Heartbeat;
  readonly AcknowledgeDispatch: AcknowledgeDispatch;
  readonly ReportProgress: ReportProgress;
  readonly CompleteJob: CompleteJob;
  readonly FailJob: FailJob;
  readonly ReturnJob: ReturnJob;
  readonly CancelDag: CancelDag;
  readonly CancelJob: CancelJob;
  readonly PauseDag: PauseDag;
  readonly ResumeDag: ResumeDag;
  readonly ReprioritizeDag: ReprioritizeDag;
  readonly SetDeadline: SetDeadline;
  readonly RetryDag: RetryDag;
  readonly RetryJob: RetryJob;
  readonly ResolveSignal: ResolveSignal;
  readonly CordonExecutor: CordonExecutor;
  readonly UncordonExecutor: UncordonExecutor;
  readonly DrainExecutor: DrainExecutor;
  readonly SetPolicy: SetPolicy;
  readonly SetClassLimits: SetClassLimits;
  readonly SetTenantLimits: SetTenantLimits;
  readonly SetCellLimits: SetCellLimits;
  readonly AcceptClock: AcceptClock;
  readonly ReportSnapshot: ReportSnapshot;
  readonly Undecodable: Undecodable;
}

/** The body of each event, by name. */
export interface EventBodies {
  readonly DagAccepted: DagAccepted;
  readonly DagHeld: DagHeld;
  readonly DagReleased: DagReleased;
  readonly DagPaused: DagPaused;
  readonly DagResumed: DagResumed;
  readonly DagReprioritized: DagReprioritized;
  readonly DeadlineChanged: DeadlineChanged;
  readonly DeadlineRiskDeferred: DeadlineRiskDeferred;
  readonly DeadlineAtRisk: DeadlineAtRisk;
  readonly DeadlineMissed: DeadlineMissed;
  readonly HardDeadlinePassed: HardDeadlinePassed;
  readonly DagEnding: DagEnding;
  readonly DagReopened: DagReopened;
  readonly DagSucceeded: DagSucceeded;
  readonly DagFailed: DagFailed;
  readonly DagCancelled: DagCancelled;
  readonly DagForgotten: DagForgotten;
  readonly JobReadied: JobReadied;
  readonly JobsFannedOut: JobsFannedOut;
  readonly UpstreamSettled: UpstreamSettled;
  readonly JobSkipped: JobSkipped;
  readonly JobCancelled: JobCancelled;
  readonly JobProgressed: JobProgressed;
  readonly JobSucceeded: JobSucceeded;
  readonly JobFailed: JobFailed;
  readonly JobTimedOut: JobTimedOut;
  readonly RetryScheduled: RetryScheduled;
  readonly SignalAwaited: SignalAwaited;
  readonly SignalResolved: SignalResolved;
  readonly JobReopened: JobReopened;
  readonly JobReleased: JobReleased;
  readonly LeaseGranted: LeaseGranted;
  readonly LeaseReleased: LeaseReleased;
  readonly LeaseExpired: LeaseExpired;
  readonly SlotReserved: SlotReserved;
  readonly SlotReclaiming: SlotReclaiming;
  readonly SlotReleased: SlotReleased;
  readonly SlotWithdrawn: SlotWithdrawn;
  readonly JobDispatched: JobDispatched;
  readonly DispatchAcknowledged: DispatchAcknowledged;
  readonly ExecutorRegistered: ExecutorRegistered;
  readonly SessionExtended: SessionExtended;
  readonly ExecutorResized: ExecutorResized;
  readonly ExecutorCordoned: ExecutorCordoned;
  readonly ExecutorUncordoned: ExecutorUncordoned;
  readonly ExecutorDrained: ExecutorDrained;
  readonly ExecutorDeregistered: ExecutorDeregistered;
  readonly ExecutorLost: ExecutorLost;
  readonly LeaseAdopted: LeaseAdopted;
  readonly SlotReportedHeld: SlotReportedHeld;
  readonly FlowRiskChanged: FlowRiskChanged;
  readonly ReservationMade: ReservationMade;
  readonly ReservationEnded: ReservationEnded;
  readonly ExecutorForgotten: ExecutorForgotten;
  readonly PolicyChanged: PolicyChanged;
  readonly ClassLimitsChanged: ClassLimitsChanged;
  readonly TenantLimitsChanged: TenantLimitsChanged;
  readonly CellLimitsChanged: CellLimitsChanged;
  readonly InputRefused: InputRefused;
  readonly ClockAccepted: ClockAccepted;
  readonly TimeLeapt: TimeLeapt;
  readonly InputsLost: InputsLost;
  readonly LeaderElected: LeaderElected;
  readonly LeaderResigned: LeaderResigned;
  readonly SnapshotTaken: SnapshotTaken;
  readonly ContinuationAdvanced: ContinuationAdvanced;
  readonly DuplicateInput: DuplicateInput;
}

/** One input: its number, what came with it, and its body. */
export type InputEntry =
  | { readonly code: 1; readonly envelope: Envelope; readonly body: SubmitDag; readonly encoded?: Uint8Array }
  | { readonly code: 10; readonly envelope: Envelope; readonly body: RegisterExecutor; readonly encoded?: Uint8Array }
  | { readonly code: 11; readonly envelope: Envelope; readonly body: DeregisterExecutor; readonly encoded?: Uint8Array }
  | { readonly code: 12; readonly envelope: Envelope; readonly body: Heartbeat; readonly encoded?: Uint8Array }
  | { readonly code: 13; readonly envelope: Envelope; readonly body: AcknowledgeDispatch; readonly encoded?: Uint8Array }
  | { readonly code: 14; readonly envelope: Envelope; readonly body: ReportProgress; readonly encoded?: Uint8Array }
  | { readonly code: 15; readonly envelope: Envelope; readonly body: CompleteJob; readonly encoded?: Uint8Array }
  | { readonly code: 16; readonly envelope: Envelope; readonly body: FailJob; readonly encoded?: Uint8Array }
  | { readonly code: 17; readonly envelope: Envelope; readonly body: ReturnJob; readonly encoded?: Uint8Array }
  | { readonly code: 30; readonly envelope: Envelope; readonly body: CancelDag; readonly encoded?: Uint8Array }
  | { readonly code: 31; readonly envelope: Envelope; readonly body: CancelJob; readonly encoded?: Uint8Array }
  | { readonly code: 32; readonly envelope: Envelope; readonly body: PauseDag; readonly encoded?: Uint8Array }
  | { readonly code: 33; readonly envelope: Envelope; readonly body: ResumeDag; readonly encoded?: Uint8Array }
  | { readonly code: 34; readonly envelope: Envelope; readonly body: ReprioritizeDag; readonly encoded?: Uint8Array }
  | { readonly code: 35; readonly envelope: Envelope; readonly body: SetDeadline; readonly encoded?: Uint8Array }
  | { readonly code: 36; readonly envelope: Envelope; readonly body: RetryDag; readonly encoded?: Uint8Array }
  | { readonly code: 37; readonly envelope: Envelope; readonly body: RetryJob; readonly encoded?: Uint8Array }
  | { readonly code: 38; readonly envelope: Envelope; readonly body: ResolveSignal; readonly encoded?: Uint8Array }
  | { readonly code: 39; readonly envelope: Envelope; readonly body: CordonExecutor; readonly encoded?: Uint8Array }
  | { readonly code: 40; readonly envelope: Envelope; readonly body: UncordonExecutor; readonly encoded?: Uint8Array }
  | { readonly code: 41; readonly envelope: Envelope; readonly body: DrainExecutor; readonly encoded?: Uint8Array }
  | { readonly code: 42; readonly envelope: Envelope; readonly body: SetPolicy; readonly encoded?: Uint8Array }
  | { readonly code: 43; readonly envelope: Envelope; readonly body: SetClassLimits; readonly encoded?: Uint8Array }
  | { readonly code: 44; readonly envelope: Envelope; readonly body: SetTenantLimits; readonly encoded?: Uint8Array }
  | { readonly code: 45; readonly envelope: Envelope; readonly body: SetCellLimits; readonly encoded?: Uint8Array }
  | { readonly code: 46; readonly envelope: Envelope; readonly body: AcceptClock; readonly encoded?: Uint8Array }
  | { readonly code: 47; readonly envelope: Envelope; readonly body: ReportSnapshot; readonly encoded?: Uint8Array }
  | { readonly code: 60; readonly envelope: Envelope; readonly body: Undecodable; readonly encoded?: Uint8Array };

/** One event: its number, the entry or the mechanism that caused it, and its body. */
export type EventEntry =
  | { readonly code: 100; readonly cause: number; readonly body: DagAccepted }
  | { readonly code: 101; readonly cause: number; readonly body: DagHeld }
  | { readonly code: 102; readonly cause: number; readonly body: DagReleased }
  | { readonly code: 103; readonly cause: number; readonly body: DagPaused }
  | { readonly code: 104; readonly cause: number; readonly body: DagResumed }
  | { readonly code: 105; readonly cause: number; readonly body: DagReprioritized }
  | { readonly code: 106; readonly cause: number; readonly body: DeadlineChanged }
  | { readonly code: 107; readonly cause: number; readonly body: DeadlineRiskDeferred }
  | { readonly code: 108; readonly cause: number; readonly body: DeadlineAtRisk }
  | { readonly code: 109; readonly cause: number; readonly body: DeadlineMissed }
  | { readonly code: 110; readonly cause: number; readonly body: HardDeadlinePassed }
  | { readonly code: 111; readonly cause: number; readonly body: DagEnding }
  | { readonly code: 112; readonly cause: number; readonly body: DagReopened }
  | { readonly code: 113; readonly cause: number; readonly body: DagSucceeded }
  | { readonly code: 114; readonly cause: number; readonly body: DagFailed }
  | { readonly code: 115; readonly cause: number; readonly body: DagCancelled }
  | { readonly code: 116; readonly cause: number; readonly body: DagForgotten }
  | { readonly code: 120; readonly cause: number; readonly body: JobReadied }
  | { readonly code: 121; readonly cause: number; readonly body: JobsFannedOut }
  | { readonly code: 122; readonly cause: number; readonly body: UpstreamSettled }
  | { readonly code: 123; readonly cause: number; readonly body: JobSkipped }
  | { readonly code: 124; readonly cause: number; readonly body: JobCancelled }
  | { readonly code: 125; readonly cause: number; readonly body: JobProgressed }
  | { readonly code: 126; readonly cause: number; readonly body: JobSucceeded }
  | { readonly code: 127; readonly cause: number; readonly body: JobFailed }
  | { readonly code: 128; readonly cause: number; readonly body: JobTimedOut }
  | { readonly code: 129; readonly cause: number; readonly body: RetryScheduled }
  | { readonly code: 130; readonly cause: number; readonly body: SignalAwaited }
  | { readonly code: 131; readonly cause: number; readonly body: SignalResolved }
  | { readonly code: 132; readonly cause: number; readonly body: JobReopened }
  | { readonly code: 133; readonly cause: number; readonly body: JobReleased }
  | { readonly code: 140; readonly cause: number; readonly body: LeaseGranted }
  | { readonly code: 141; readonly cause: number; readonly body: LeaseReleased }
  | { readonly code: 142; readonly cause: number; readonly body: LeaseExpired }
  | { readonly code: 145; readonly cause: number; readonly body: SlotReserved }
  | { readonly code: 146; readonly cause: number; readonly body: SlotReclaiming }
  | { readonly code: 147; readonly cause: number; readonly body: SlotReleased }
  | { readonly code: 148; readonly cause: number; readonly body: SlotWithdrawn }
  | { readonly code: 150; readonly cause: number; readonly body: JobDispatched }
  | { readonly code: 151; readonly cause: number; readonly body: DispatchAcknowledged }
  | { readonly code: 160; readonly cause: number; readonly body: ExecutorRegistered }
  | { readonly code: 161; readonly cause: number; readonly body: SessionExtended }
  | { readonly code: 162; readonly cause: number; readonly body: ExecutorResized }
  | { readonly code: 163; readonly cause: number; readonly body: ExecutorCordoned }
  | { readonly code: 164; readonly cause: number; readonly body: ExecutorUncordoned }
  | { readonly code: 165; readonly cause: number; readonly body: ExecutorDrained }
  | { readonly code: 166; readonly cause: number; readonly body: ExecutorDeregistered }
  | { readonly code: 167; readonly cause: number; readonly body: ExecutorLost }
  | { readonly code: 168; readonly cause: number; readonly body: LeaseAdopted }
  | { readonly code: 169; readonly cause: number; readonly body: SlotReportedHeld }
  | { readonly code: 170; readonly cause: number; readonly body: FlowRiskChanged }
  | { readonly code: 171; readonly cause: number; readonly body: ReservationMade }
  | { readonly code: 172; readonly cause: number; readonly body: ReservationEnded }
  | { readonly code: 173; readonly cause: number; readonly body: ExecutorForgotten }
  | { readonly code: 180; readonly cause: number; readonly body: PolicyChanged }
  | { readonly code: 181; readonly cause: number; readonly body: ClassLimitsChanged }
  | { readonly code: 182; readonly cause: number; readonly body: TenantLimitsChanged }
  | { readonly code: 183; readonly cause: number; readonly body: CellLimitsChanged }
  | { readonly code: 184; readonly cause: number; readonly body: InputRefused }
  | { readonly code: 185; readonly cause: number; readonly body: ClockAccepted }
  | { readonly code: 186; readonly cause: number; readonly body: TimeLeapt }
  | { readonly code: 187; readonly cause: number; readonly body: InputsLost }
  | { readonly code: 188; readonly cause: number; readonly body: LeaderElected }
  | { readonly code: 189; readonly cause: number; readonly body: LeaderResigned }
  | { readonly code: 190; readonly cause: number; readonly body: SnapshotTaken }
  | { readonly code: 191; readonly cause: number; readonly body: ContinuationAdvanced }
  | { readonly code: 192; readonly cause: number; readonly body: DuplicateInput };

/** What a turn is made of. */
export type AnyEntry = InputEntry | EventEntry;

/** The input or event of a number. */
export type EntryOf<C extends AnyEntry['code']> = Extract<AnyEntry, { readonly code: C }>;

/** The body of an input or event by its number. */
export type BodyOf<C extends AnyEntry['code']> = EntryOf<C>['body'];

/** A turn whose entries are decoded; the cause of an input is its own index in `entries`, so it isn't repeated. */
export type TurnRecord = Omit<Turn, 'entries'> & { readonly entries: readonly AnyEntry[] };

/** A turn without its entries: what the reader's rule and an index need. */
export type TurnHeader = Omit<Turn, 'entries'>;

export type InputCode = InputEntry['code'];
export type EventCode = EventEntry['code'];
export type InputName = keyof InputBodies;
export type EventName = keyof EventBodies;
