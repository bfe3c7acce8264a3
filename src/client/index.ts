/** The fabric's HTTP API for producers and operators. */

export type { BlobRef, Blobs } from './blobs.js';
export type { Child } from './children.js';
export { type ClientOptions, FabricClient, type JobsOptions } from './client.js';
export type { Controls } from './controls.js';
export { ClientCode, FabricError, type Problem } from './errors.js';
export type { Ahead, Explanation, Why } from './explain.js';
export type { LifecycleOptions } from './lifecycle.js';
export type {
  DagListOptions,
  DagSummary,
  FoundJob,
  GraphNode,
  Hit,
  JobListOptions,
  Listings,
  ListPage,
} from './listings.js';
export type {
  Cell,
  CellLimits,
  CellLimitsInForce,
  CellProcess,
  ClassCapacity,
  ClassLimits,
  ExecutorClass,
  LimitInForce,
  Operations,
  Rate,
  RegisteredExecutor,
  Tenant,
  TenantLimits,
} from './operations.js';
export type { PressureSeries, Signal, SignalSeries } from './signals.js';
export type { SubmitOutcome } from './submit.js';
export {
  type Binding,
  type Controlled,
  type Dag,
  type Failure,
  hasEnded,
  type Job,
  type JobSubmission,
  type LifecycleEvent,
  type OutputPlace,
  type Submission,
  type Submitted,
} from './types.js';
export type { WaitOptions } from './wait.js';
