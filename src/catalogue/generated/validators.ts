// Generated from schemas/ by `npm run generate`. Do not edit.

import { z } from 'zod';
import { keptPaths } from '../raw-json.js';
import { base64, hex, lease, nullable, text, userJson } from '../wire/zod.js';
import type * as t from './types.js';

/** Follow a wall clock that has leapt ahead. */
export const AcceptClockJson = z.strictObject({
  clockAtMs: z.int().describe('The clock to follow.'),
});

/** An executor has a dispatch and starts on it. */
export const AcknowledgeDispatchJson = z.strictObject({
  lease: lease.describe('Which.'),
});

/** Ends a DAG. */
export const CancelDagJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  reason: text.describe('For people.'),
});

/** Ends one job. */
export const CancelJobJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  job: text.describe("The job's id, with [index] for a child."),
  reason: text.describe('For people.'),
});

/** Names bytes that live in the blob store. */
export const BlobRefJson = z.strictObject({
  uri: text.describe('Where the bytes are.'),
  sha256: hex(32).describe('The SHA-256 of the bytes.'),
  bytes: z.int().describe('Their length.'),
});

/** An attempt ended well. */
export const CompleteJobJson = z.strictObject({
  lease: lease.describe('Which.'),
  output: nullable(userJson).describe('User JSON as received, at most 256 KiB.'),
  blob: nullable(BlobRefJson).describe('The output where it is larger.'),
  unitsUsed: nullable(z.int32()).describe('Units that it used.'),
});

/** Gives an executor no more work. */
export const CordonExecutorJson = z.strictObject({
  executor: text.describe('Its id.'),
});

/** An executor leaves. */
export const DeregisterExecutorJson = z.strictObject({
  executor: text.describe('Its id.'),
  incarnation: text.describe('Its incarnation.'),
});

/** Cordons it and asks it to give its jobs back. */
export const DrainExecutorJson = z.strictObject({
  executor: text.describe('Its id.'),
});

/** An attempt ended badly. */
export const FailJobJson = z.strictObject({
  lease: lease.describe('Which.'),
  code: text.describe("The failure's code."),
  message: text.describe('For people.'),
  retryable: z.boolean().describe('Whether the executor thinks that trying again helps.'),
  unitsUsed: nullable(z.int32()).describe('Units that it used.'),
});

/** An executor is alive. */
export const HeartbeatJson = z.strictObject({
  executor: text.describe('Its id.'),
  incarnation: text.describe('Its incarnation.'),
});

/** No further job of it is dispatched. */
export const PauseDagJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
});

/** A name and a value; arrays of pairs are sorted by the UTF-8 bytes of the name. */
export const PairJson = z.strictObject({
  name: text.describe('The name.'),
  value: text.describe('The value.'),
});

/** A lease that an executor still works on when it registers. */
export const HeldTokenJson = z.strictObject({
  lease: lease.describe('The lease; on the wire one opaque string.'),
  slots: z.int32().describe('The slots that it occupies.'),
});

/** An executor offers slots of one class. */
export const RegisterExecutorJson = z.strictObject({
  executor: text.describe('Its id, unique in the cell.'),
  incarnation: text.describe('New for each process.'),
  group: text.describe('Its group.'),
  executorClass: text.describe('Its class.'),
  slots: z.int32().describe('How many slots it has.'),
  labels: z.array(PairJson).describe('Labels, sorted.'),
  sessionMs: z.int().describe('How long its session lives without a heartbeat.'),
  held: z.array(HeldTokenJson).describe('Leases that it still works on.'),
});

/** How far an attempt is. */
export const ReportProgressJson = z.strictObject({
  lease: lease.describe('Which.'),
  permille: z.int32().describe('0 to 1000.'),
  message: nullable(text).describe('For people.'),
});

/** A snapshot was stored. */
export const ReportSnapshotJson = z.strictObject({
  turn: z.int().describe('The turn that it stands for.'),
  uri: text.describe('Where it is.'),
  stateHash: hex(16).describe('Its state hash.'),
});

/** Changes a DAG's priority. */
export const ReprioritizeDagJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  priority: z.int32().describe('The new one.'),
});

/** Answers a signal job. */
export const ResolveSignalJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  signal: text.describe("The signal's name."),
  output: nullable(userJson).describe('User JSON as received.'),
});

/** Ends a pause. */
export const ResumeDagJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
});

/** Runs what failed or was cancelled again. */
export const RetryDagJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
});

/** Runs a job, and all after it, again. */
export const RetryJobJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  job: text.describe("The job's id, with [index] for a child."),
});

/** An executor gives a job back unfinished, on drain; it costs no attempt. */
export const ReturnJobJson = z.strictObject({
  lease: lease.describe('Which.'),
  reason: text.describe('For people.'),
  unitsUsed: nullable(z.int32()).describe('Units that it used.'),
});

/** Limits the cell. */
export const SetCellLimitsJson = z.strictObject({
  knownJobs: nullable(z.int()).describe('Beyond it submissions are refused.'),
  retainTerminalMs: nullable(z.int()).describe('How long a terminal DAG is kept.'),
  retainTerminalJobs: nullable(z.int()).describe('How many terminal jobs are kept.'),
  retainExecutorsMs: nullable(z.int()).describe('How long an executor that left or was lost is kept.'),
});

/** One token bucket of a class. */
export const RateJson = z.strictObject({
  per: text.describe('What it counts: starts or units.'),
  add: z.int().describe('Tokens that are added in each period.'),
  perMs: z.int().describe('The period.'),
  burst: z.int().describe('The most that it holds.'),
});

/** Limits a class. */
export const SetClassLimitsJson = z.strictObject({
  group: text.describe('The group.'),
  executorClass: text.describe('The class.'),
  maxSlots: nullable(z.int32()).describe('At most so many slots in use; absent means no limit.'),
  unitCost: z.int().describe('Slot-ms that one unit counts as.'),
  shortReserve: nullable(z.int32()).describe(
    'One slot in so many is kept from long jobs while short ones come; 0: none is; absent means 8.',
  ),
  rates: z.array(RateJson).describe('Token buckets.'),
});

/** Changes a DAG's deadlines. */
export const SetDeadlineJson = z.strictObject({
  tenant: text.describe('Its tenant.'),
  dagId: text.describe('The DAG.'),
  deadlineAtMs: nullable(z.int()).describe('The soft one; absent means none.'),
  hardDeadlineAtMs: nullable(z.int()).describe('The hard one; absent means none.'),
});

/** Changes the planner's policy. */
export const SetPolicyJson = z.strictObject({
  policy: text.describe('name@version.'),
});

/** Limits and weighs a tenant. */
export const SetTenantLimitsJson = z.strictObject({
  tenant: text.describe('The tenant.'),
  weight: z.int32().describe('1 to 1000.'),
  openDags: nullable(z.int()).describe('Beyond it submissions are refused.'),
  activeDags: nullable(z.int()).describe('Beyond it DAGs are held.'),
  runnableJobs: nullable(z.int()).describe('Beyond it DAGs are held.'),
});

/** What passing the hard deadline does to a DAG. */
export const OnHardDeadlineJson = z.enum(['fail', 'demote']);

/** What the first final failure does to a DAG: cancel the rest, or let it run. */
export const FailurePolicyJson = z.enum(['fail-fast', 'continue']).transform((value) => value.replaceAll('-', '_') as t.FailurePolicy);

/** The running job that starts this DAG. */
export const ParentRefJson = z.strictObject({
  dagId: text.describe('Its DAG.'),
  job: text.describe('Its id.'),
  token: z.int().describe('The token of its lease.'),
});

/** What runs a job: an executor, nothing, or an answer from outside. */
export const JobKindJson = z.enum(['executor', 'noop', 'signal']);

/** Where one input of a job comes from: exactly one of value, uri and from is set. */
export const BindingJson = z.strictObject({
  name: text.describe("The input's name."),
  value: nullable(userJson).describe('User JSON, as received.'),
  uri: nullable(text).describe('The address of a blob or of anything that the executor can fetch.'),
  from: nullable(text).describe('The id of an upstream job whose output it is.'),
  at: nullable(text).describe('A JSON pointer into that output; absent means all of it.'),
});

/** Makes children of a job, one for each item or index. */
export const FanOutJson = z.strictObject({
  count: nullable(z.int()).describe('A fixed number of children.'),
  from: nullable(text).describe('The upstream job whose output says how many.'),
  at: nullable(text).describe('The JSON pointer of the number or the array in that output.'),
  over: z.boolean().describe('The pointer names an array and each child gets its item; otherwise it names a number.'),
  tolerate: z.int32().describe('How many children may fail before the fan-out fails.'),
});

/** How often a failed attempt is tried again. */
export const RetryPolicyJson = z.strictObject({
  maxAttempts: z.int32().describe('Attempts in all, the first included.'),
  baseMs: z.int().describe('The first delay.'),
  maxMs: z.int().describe('The longest delay.'),
  nonRetryable: z.array(text).describe('Failure codes that are final at once.'),
});

/** One job of a submission. */
export const JobSpecJson = z.strictObject({
  id: text.describe('Unique in its DAG.'),
  kind: JobKindJson.describe('What runs it.'),
  executorClass: text.describe('The executor class; empty for noop and signal jobs.'),
  group: text.describe('The executor group.'),
  slots: z.int32().describe('Slots of one executor that it holds while it runs.'),
  units: z.int32().describe("Units of the class's rates that it is expected to use."),
  after: z.array(text).describe('Ids of the jobs that it depends on.'),
  join: z.int32().describe('0: all of them must succeed; n: n of them are enough.'),
  when: nullable(userJson).describe('A condition as JSON; the job is skipped when it is false.'),
  optional: z.boolean().describe('Its failure does not fail the DAG.'),
  inputs: z.array(BindingJson).describe('Its inputs, sorted by name.'),
  fanOut: nullable(FanOutJson).describe('Makes it a fan-out.'),
  estimateMs: nullable(z.int()).describe('How long it is expected to run.'),
  timeoutMs: nullable(z.int()).describe('How long an attempt may run.'),
  retry: nullable(RetryPolicyJson).describe('How failures are retried; absent means one attempt.'),
  signalName: nullable(text).describe('The name by which a signal job is answered; absent means its id.'),
});

/** Asks for a DAG of jobs to be run. */
export const SubmitDagJson = z.strictObject({
  dagId: text.describe('Unique per tenant.'),
  idempotencyKey: text.describe('A repeat with the same key is answered with the first answer.'),
  tenant: text.describe('The tenant.'),
  name: text.describe('What kind of DAG it is, for people.'),
  template: nullable(text).describe('Key under which run times are learned.'),
  priority: z.int32().describe('Higher first, -1,000,000 to 1,000,000.'),
  deadlineAtMs: nullable(z.int()).describe('Soft deadline.'),
  hardDeadlineAtMs: nullable(z.int()).describe('Hard deadline.'),
  onHardDeadline: OnHardDeadlineJson.describe('What happens at the hard deadline.'),
  labels: z.array(PairJson).describe('Labels, sorted.'),
  failurePolicy: FailurePolicyJson.describe('What the first final failure does.'),
  parent: nullable(ParentRefJson).describe('The job that starts it (refused until built).'),
  jobs: z.array(JobSpecJson).describe('Its jobs.'),
});

/** Lets it have work again. */
export const UncordonExecutorJson = z.strictObject({
  executor: text.describe('Its id.'),
});

/** Bytes that are no input of the catalogue. */
export const UndecodableJson = z.strictObject({
  reason: text.describe('Stable code.'),
  detail: text.describe('What is wrong.'),
  sha256: hex(32).describe('Of all the bytes.'),
  length: z.int().describe('How many there are.'),
  head: base64.describe('The first 256.'),
});

/** The validator of each input's body, by name. */
export const INPUT_JSON = {
  SubmitDag: SubmitDagJson,
  RegisterExecutor: RegisterExecutorJson,
  DeregisterExecutor: DeregisterExecutorJson,
  Heartbeat: HeartbeatJson,
  AcknowledgeDispatch: AcknowledgeDispatchJson,
  ReportProgress: ReportProgressJson,
  CompleteJob: CompleteJobJson,
  FailJob: FailJobJson,
  ReturnJob: ReturnJobJson,
  CancelDag: CancelDagJson,
  CancelJob: CancelJobJson,
  PauseDag: PauseDagJson,
  ResumeDag: ResumeDagJson,
  ReprioritizeDag: ReprioritizeDagJson,
  SetDeadline: SetDeadlineJson,
  RetryDag: RetryDagJson,
  RetryJob: RetryJobJson,
  ResolveSignal: ResolveSignalJson,
  CordonExecutor: CordonExecutorJson,
  UncordonExecutor: UncordonExecutorJson,
  DrainExecutor: DrainExecutorJson,
  SetPolicy: SetPolicyJson,
  SetClassLimits: SetClassLimitsJson,
  SetTenantLimits: SetTenantLimitsJson,
  SetCellLimits: SetCellLimitsJson,
  AcceptClock: AcceptClockJson,
  ReportSnapshot: ReportSnapshotJson,
  Undecodable: UndecodableJson,
} as const;

/** Where user JSON stands in the JSON form of an input's body, for `parseKeeping`. */
export const USER_JSON = {
  SubmitDag: keptPaths(['jobs/*/when', 'jobs/*/inputs/*/value']),
  CompleteJob: keptPaths(['output']),
  ResolveSignal: keptPaths(['output']),
} as const;
