/** The fabric's HTTP API for producers and operators. */

export type {
  AheadView as Ahead,
  CellLimitsView as CellLimitsInForce,
  CellProcess,
  CellView as Cell,
  ClassCapacity,
  ClassView as ExecutorClass,
  Controlled,
  Dag,
  DagSummary,
  ExecutorView as RegisteredExecutor,
  ExplainView as Explanation,
  FailureView as Failure,
  FoundJob,
  GraphNode,
  Hit,
  JobView as Job,
  LimitView as LimitInForce,
  PressureSeries,
  Signal,
  SignalSeries,
  Submitted,
  TenantView as Tenant,
  WhyView as Why,
} from '../answers/types.js';
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
  ClassLimits,
  Operations,
  Rate,
  TenantLimits,
} from './operations.js';
export type { SubmitOutcome } from './submit.js';
export {
  type Binding,
  hasEnded,
  type JobSubmission,
  type LifecycleEvent,
  type OutputPlace,
  type Submission,
} from './types.js';
export type { WaitOptions } from './wait.js';
