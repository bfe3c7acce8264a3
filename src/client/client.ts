import type { Dag, ExplainView, FailureView, JobView, Submitted } from '../answers/types.js';
import { Http, parsed, readText } from './adapters/http.js';
import { systemMachine } from './adapters/system.js';
import { Blobs } from './blobs.js';
import { type Calls, dagPath, readJson, readList, segment } from './calls.js';
import { type Child, childrenOf } from './children.js';
import { Controls } from './controls.js';
import { type LifecycleOptions, lifecycleOf } from './lifecycle.js';
import { Listings } from './listings.js';
import { Operations } from './operations.js';
import type { Machine } from './ports.js';
import { DEFAULT_PATIENCE, type Patience, withRetry } from './retry.js';
import { type SubmitOutcome, submitAll, submitOne, submitOneText } from './submit.js';
import type { LifecycleEvent, Submission } from './types.js';
import { type WaitOptions, waitFor } from './wait.js';

/** How a client reaches a fabric. */
export interface ClientOptions {
  /** Address of the fabric. */
  readonly url: string;
  /** Whose DAGs; `default` unless given. */
  readonly tenant?: string;
  /** How often and how fast calls are tried again. */
  readonly patience?: Partial<Patience>;
  /** Clock, timers and randomness; those of the process unless given. */
  readonly machine?: Machine;
}

/** A page of jobs. */
export interface JobsOptions {
  /** Index of the first. */
  readonly from?: number;
  readonly limit?: number;
  /** Whether children of fan-outs are listed too. */
  readonly children?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The fabric as producers and operators see it, over HTTP. Every call rejects with a `FabricError`; what may succeed
 * later (nothing reached, too many requests, not ready) is tried again, keeping what Retry-After asks for.
 */
export class FabricClient {
  readonly blobs: Blobs;
  readonly controls: Controls;
  readonly operations: Operations;
  readonly listings: Listings;
  private readonly calls: Calls;

  constructor(options: ClientOptions) {
    const machine = options.machine ?? systemMachine;
    const http = new Http(options.url);
    const patience = { ...DEFAULT_PATIENCE, ...options.patience };
    this.calls = { http, machine, patience, closing: http.closing, tenant: options.tenant ?? 'default' };
    this.blobs = new Blobs(http, machine, patience);
    this.controls = new Controls(this.calls);
    this.operations = new Operations(this.calls);
    this.listings = new Listings(this.calls);
  }

  /** Submits a DAG; resolves when its turn is durable. Trying again can't submit it twice. */
  submit(dag: Submission, signal?: AbortSignal): Promise<Submitted> {
    return submitOne(this.calls, dag, signal);
  }

  /**
   * Submits a DAG that is JSON text already. It is sent as it is: numbers with more digits than JavaScript's keep them,
   * and keys their order. Trying again can't submit it twice.
   */
  submitText(json: string, signal?: AbortSignal): Promise<Submitted> {
    return submitOneText(this.calls, json, signal);
  }

  /**
   * Submits many DAGs in as few requests as possible; one outcome for each, in their order. What could not be sent, or was
   * not answered, has that as its problem, too, and the key that it was sent with.
   */
  submitMany(dags: Iterable<Submission>, signal?: AbortSignal): Promise<readonly SubmitOutcome[]> {
    return submitAll(this.calls, dags, signal);
  }

  /** A DAG with its first 1,000 jobs (a fan-out counts as one) and what has happened. */
  get(dagId: string, signal?: AbortSignal): Promise<Dag> {
    return readJson(this.calls, { path: dagPath(this.calls, dagId, ''), signal });
  }

  /** One job of a DAG: `id`, or `id[n]` for a child of a fan-out. */
  job(dagId: string, job: string, signal?: AbortSignal): Promise<JobView> {
    return readJson(this.calls, { path: dagPath(this.calls, dagId, `/jobs/${segment(job)}`), signal });
  }

  /** Why a job isn't running now; its `why` is null once it has ended. */
  explain(dagId: string, job: string, signal?: AbortSignal): Promise<ExplainView> {
    return readJson(this.calls, { path: dagPath(this.calls, dagId, `/jobs/${segment(job)}/explain`), signal });
  }

  /** A page of a DAG's jobs, at most 1,000. */
  jobs(dagId: string, options: JobsOptions = {}): Promise<readonly JobView[]> {
    const { from, limit, children, signal } = options;
    const path = dagPath(this.calls, dagId, '/jobs', { from, limit, children });
    return readList(this.calls, { path, signal }, 'jobs');
  }

  /** The output of a job (`id`, or `id[n]` for a child), fetched from its blob if it is large. */
  async output<T = unknown>(dagId: string, job: string, signal?: AbortSignal): Promise<T> {
    return parsed<T>(await this.outputText(dagId, job, signal));
  }

  /** The same as JSON, byte for byte: a number may have more digits than JavaScript keeps. */
  async outputText(dagId: string, job: string, signal?: AbortSignal): Promise<string> {
    const path = dagPath(this.calls, dagId, `/jobs/${segment(job)}/output`);
    const { http } = this.calls;
    const read = async (): Promise<string | URL> => {
      const answer = await http.send({ method: 'GET', path, signal, accept: [307] });
      const text = await readText(answer.body, signal);
      return answer.status === 307 ? new URL(String(answer.headers.location), 'http://fabric') : text;
    };
    const found = await withRetry(this.calls, signal, read);
    if (typeof found !== 'string')
      return this.blobs.jsonText(`blob:sha256:${found.pathname.split('/').at(-1)}`, signal);
    parsed(found);
    return found;
  }

  /** Why the newest attempt of a job that has failed failed. Rejects with `not-found` where its executor failed none. */
  failure(dagId: string, job: string, signal?: AbortSignal): Promise<FailureView> {
    return readJson(this.calls, { path: dagPath(this.calls, dagId, `/jobs/${segment(job)}/failure`), signal });
  }

  /** The children of a fan-out in order, fetched page by page. */
  children<T = unknown>(
    dagId: string,
    job: string,
    options: { readonly from?: number; readonly limit?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<Child<T>> {
    const { signal, ...range } = options;
    return childrenOf<T>(this.calls, this.blobs, { dagId, job, ...range }, signal);
  }

  /** Resolves with the DAG when it has ended, well or badly; sits out a restart of the fabric. */
  wait(dagId: string, options: WaitOptions = {}): Promise<Dag> {
    return waitFor(this.calls, dagId, options);
  }

  /** What happens in the cell, event by event, none missing and none twice, also over broken connections. */
  lifecycle(options: LifecycleOptions = {}): AsyncIterable<LifecycleEvent> {
    return lifecycleOf(this.calls, options);
  }

  /** Ends all connections; calls under way reject with `aborted`, and so do those that begin later. */
  close(): Promise<void> {
    return this.calls.http.close();
  }
}
