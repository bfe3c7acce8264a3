/** The SDK with which executors are written: define what runs a job of a class, then run it against a fabric. */

export type { BlobRef } from '../client/blobs.js';
export { FabricError, type Problem } from '../client/errors.js';
export type { Collection, CollectionEntry, CollectionRange, CollectionRef } from './collection.js';
export {
  defineExecutor,
  type ExecutorDefinition,
  type JobBlobs,
  type JobContext,
  type JobIdentity,
  type JobInput,
  type Log,
} from './define.js';
export { ExecutorCode, JobError, type JobErrorOptions, JobStopped, type StopCode } from './errors.js';
export type { Executor, ExecutorState } from './executor.js';
export { type RunningExecutors, type RunOptions, runExecutors } from './run.js';
export type { RunnerStats } from './runner.js';
