/** The fabric's HTTP API for producers and operators. */

export type {
  CellLimitsView as CellLimitsInForce,
  CellView as Cell,
  ClassCapacity,
  ClassView as ExecutorClass,
  ExecutorView as RegisteredExecutor,
  LimitView as LimitInForce,
  TenantView as Tenant,
} from '../answers/cell.js';
export type { DagSummary, FailureView as Failure, FoundJob, GraphNode, JobView as Job } from '../answers/dags.js';
export type { AheadView as Ahead, ExplainView as Explanation, WhyView as Why } from '../answers/explanation.js';
export type { Hit } from '../answers/hit.js';
export type { PressureSeries, Signal, SignalSeries } from '../answers/signals.js';
export type { BlobRef, Blobs } from './blobs.js';
export type { Child } from './children.js';
export { type ClientOptions, FabricClient, type JobsOptions } from './client.js';
export type { Controls } from './controls.js';
export { ClientCode, FabricError, type Problem } from './errors.js';
export type { LifecycleOptions } from './lifecycle.js';
export type {
  DagListOptions,
  JobListOptions,
  Listings,
  ListPage,
} from './listings.js';
export type {
  CellLimits,
  CellProcess,
  ClassLimits,
  Operations,
  Rate,
  TenantLimits,
} from './operations.js';
export type { SubmitOutcome } from './submit.js';
export {
  type Binding,
  type Controlled,
  type Dag,
  hasEnded,
  type JobSubmission,
  type LifecycleEvent,
  type OutputPlace,
  type Submission,
  type Submitted,
} from './types.js';
export type { WaitOptions } from './wait.js';
