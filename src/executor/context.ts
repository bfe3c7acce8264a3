import type { Readable } from 'node:stream';
import type { HttpCalls } from '../client/adapters/http.js';
import type { BlobRef, Blobs } from '../client/blobs.js';
import type { Machine } from '../client/ports.js';
import type { OnAgain, Patience } from '../client/retry.js';
import type { Attempt } from './attempt.js';
import { type Collection, type CollectionSource, collectionItem, openCollection } from './collection.js';
import type { JobBlobs, JobContext, JobIdentity, Log } from './define.js';
import { JobError } from './errors.js';
import { boundedText, MAX_UNITS } from './protocol.js';

/** What all attempts of an executor share. */
export interface ContextParts {
  readonly http: HttpCalls;
  readonly blobs: Blobs;
  readonly machine: Machine;
  readonly log: Log;
  readonly onProgress: (attempt: Attempt) => void;
  readonly onAgain: OnAgain;
}

/** A job that reads or writes blobs and collections sits out any outage: until its lease is over nobody else has it. */
export const ATTEMPT_PATIENCE: Patience = { attempts: Number.POSITIVE_INFINITY, baseMs: 100, maxMs: 5_000 };

/** The context of one attempt. Everything that costs something is made when it is first asked for. */
export class AttemptContext implements JobContext {
  readonly #attempt: Attempt;
  readonly #parts: ContextParts;
  #log: Log | null = null;
  #blobs: JobBlobs | null = null;

  constructor(attempt: Attempt, parts: ContextParts) {
    this.#attempt = attempt;
    this.#parts = parts;
  }

  get job(): JobIdentity {
    const { dagId, job, tenant, child, childCount, attempt, token, timeoutMs } = this.#attempt.dispatch;
    const place = child === null ? {} : { index: child, count: childCount! };
    return { dagId, job, tenant, ...place, attempt, token, timeoutMs };
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get log(): Log {
    const { dagId, job, child, attempt, token } = this.#attempt.dispatch;
    const place = child === null ? {} : { child };
    this.#log ??= this.#parts.log.child({ dag: dagId, job, ...place, attempt, token });
    return this.#log;
  }

  get blobs(): JobBlobs {
    this.#blobs ??= new AttemptBlobs(this.#parts.blobs, this.#attempt);
    return this.#blobs;
  }

  get progress(): (fraction: number, message?: string) => void {
    return (fraction, message) => {
      const permille = Math.round(Math.min(1, Math.max(0, fraction)) * 1000);
      const text = message === undefined ? null : boundedText(message);
      const attempt = this.#attempt;
      if (Number.isNaN(permille) || attempt.state !== 'running') return;
      if (permille === attempt.permille && text === attempt.message) return;
      attempt.permille = permille;
      attempt.message = text;
      this.#parts.onProgress(attempt);
    };
  }

  get useUnits(): (units: number) => void {
    return (units) => {
      if (!Number.isSafeInteger(units) || units < 0) throw badUnits(`${units} is no number of units`);
      const all = (this.#attempt.unitsUsed ?? 0) + units;
      if (all > MAX_UNITS) throw badUnits(`${all} units are more than an attempt can report, ${MAX_UNITS}`);
      this.#attempt.unitsUsed = all;
    };
  }

  get collection(): <T>(ref: unknown) => Collection<T> {
    return <T>(ref: unknown) => openCollection<T>(this.source(), ref);
  }

  get collectionItem(): <T>(ref: unknown, index: number) => Promise<T | null> {
    return <T>(ref: unknown, index: number) => collectionItem<T>(this.source(), ref, index);
  }

  private source(): CollectionSource {
    const { http, blobs, machine, onAgain } = this.#parts;
    const { tenant, dagId } = this.#attempt.dispatch;
    return {
      calls: { http, machine, patience: ATTEMPT_PATIENCE, closing: http.closing, onAgain, tenant },
      blobs,
      dagId,
      signal: this.#attempt.signal,
    };
  }
}

/** Another attempt would say the same. */
function badUnits(what: string): JobError {
  return new JobError('bad-units', what, { retryable: false });
}

class AttemptBlobs implements JobBlobs {
  constructor(
    private readonly blobs: Blobs,
    private readonly attempt: Attempt,
  ) {}

  put(content: Uint8Array | string | Readable): Promise<BlobRef> {
    return this.blobs.put(content, this.attempt.signal);
  }

  get(ref: string | { readonly uri: string }): Promise<Buffer> {
    return this.blobs.get(ref, this.attempt.signal);
  }

  json<T>(ref: string | { readonly uri: string }): Promise<T> {
    return this.blobs.json<T>(ref, this.attempt.signal);
  }

  stream(ref: string | { readonly uri: string }): Promise<Readable> {
    return this.blobs.stream(ref, this.attempt.signal);
  }
}
