import type { Readable } from 'node:stream';
import type { BlobRef } from '../client/blobs.js';
import type { Collection, CollectionRef } from './collection.js';

/** The resolved inputs of a job by name; a child of a fan-out also has `index`, `count` and, over an array, `item`. */
export type JobInput = Readonly<Record<string, unknown>>;

/** A logger as pino's; anything with these methods will do. */
export interface Log {
  debug(fields: object, message?: string): void;
  debug(message: string): void;
  info(fields: object, message?: string): void;
  info(message: string): void;
  warn(fields: object, message?: string): void;
  warn(message: string): void;
  error(fields: object, message?: string): void;
  error(message: string): void;
  child(fields: Record<string, unknown>): Log;
}

/** Which attempt of which job this is. */
export interface JobIdentity {
  readonly dagId: string;
  readonly job: string;
  readonly tenant: string;
  /** For a child of a fan-out: its place and how many there are. */
  readonly index?: number;
  readonly count?: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly token: string;
  /** How long this attempt may take, when that is limited; the fabric stops it then. */
  readonly timeoutMs: number | null;
}

/**
 * Bytes beside the journal, named by their SHA-256: files that are inputs, or parts of the output. A `ref` is an address
 * (`blob:sha256:…`) or an object that has one, as inputs do. Every call ends early when the attempt is stopped; what
 * fails rejects with a FabricError (`blob-not-found`, `blob-damaged`, `unreachable`, …).
 */
export interface JobBlobs {
  /** Keeps up to 256 MiB; the same bytes always have the same address. Put the `uri` of the result into the output. */
  put(content: Uint8Array | string | Readable): Promise<BlobRef>;
  /** All bytes, checked against the digest in their name. */
  get(ref: string | { readonly uri: string }): Promise<Buffer>;
  /** The same, parsed. */
  json<T = unknown>(ref: string | { readonly uri: string }): Promise<T>;
  /** The bytes as they come, for what is too large for memory. Not checked, and not asked for again once they come. */
  stream(ref: string | { readonly uri: string }): Promise<Readable>;
}

/** What an attempt has at hand. Members may be taken out of it (`{ signal, log }`). */
export interface JobContext {
  readonly job: JobIdentity;
  /** Aborted, with a `JobStopped` as its reason, when the work should end: stop it and throw. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly blobs: JobBlobs;
  /** How far it is, from 0 to 1. Call it as often as you like: what is sent is thinned out. */
  readonly progress: (fraction: number, message?: string) => void;
  /**
   * Adds to the units (tokens, pages, calls) that this attempt used, for classes with rates; a whole number from 0 on.
   * Throws a JobError, `bad-units`, for anything else, and where they come to more than 2,147,483,647 in all.
   */
  readonly useUnits: (units: number) => void;
  /** The outputs of a fan-out's children, in order, fetched page by page; `ref` is the input that names the fan-out. */
  readonly collection: <T = unknown>(ref: CollectionRef | unknown) => Collection<T>;
  /** The output of one child, or null if it has none. */
  readonly collectionItem: <T = unknown>(ref: CollectionRef | unknown, index: number) => Promise<T | null>;
}

/** What runs jobs of one executor class in this process. */
export interface ExecutorDefinition<I = JobInput, O = unknown> {
  /** The executor class whose jobs it runs, as `executorClass` names it in a submission. */
  readonly class: string;
  /** A class is one in its group only; `default` unless given. */
  readonly group?: string;
  /** How many jobs may run here at once (a job that asks for more slots than one counts as so many). */
  readonly slots: number;
  /** Unique in the cell; made of the `id` of runExecutors and the class unless given. */
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Does one attempt and returns its output: JSON, at most 256 KiB inline, stored as a blob when it is larger (then no
   * `when` and no `fanOut` can look into it). Throws `JobError` to fail with a code of its own; anything else that it
   * throws fails the attempt with `executor-error`, and is tried again. May be run again for the same job: make it
   * repeatable.
   */
  run(ctx: JobContext, input: I): O | Promise<O>;
}

/**
 * Checks a definition and gives it back, with the types of its input and output inferred from `run`. Throws a TypeError
 * for one without a class or with slots that are no whole number from 1 on.
 */
export function defineExecutor<I = JobInput, O = unknown>(
  definition: ExecutorDefinition<I, O>,
): ExecutorDefinition<I, O> {
  if (!definition.class) throw new TypeError('an executor needs a class');
  if (!Number.isSafeInteger(definition.slots) || definition.slots < 1) {
    throw new TypeError(
      `executor ${definition.class}: slots must be a whole number from 1 on, not ${definition.slots}`,
    );
  }
  return definition;
}
