import type { Blobs } from '../client/blobs.js';
import type { Calls } from '../client/calls.js';
import { type Child, childrenOf } from '../client/children.js';
import { JobError } from './errors.js';

/** How an input names a fan-out's children: never an inline array, since there may be 100,000 of them. */
export interface CollectionRef {
  readonly collection: { readonly dagId: string; readonly job: string; readonly count?: number };
}

/** One child of a fan-out as the fabric lists it. */
export type CollectionEntry<T> = Child<T>;

/** The children of a fan-out. Iterating gives the outputs of those that succeeded; `entries()` gives all of them. */
export interface Collection<T> extends AsyncIterable<T> {
  /** How many children there are, when the reference says so. */
  readonly count: number | null;
  /** All of them, or `limit` of them from the index `from` on. */
  entries(range?: CollectionRange): AsyncIterable<CollectionEntry<T>>;
}

/** A part of a collection. */
export interface CollectionRange {
  readonly from?: number;
  readonly limit?: number;
}

/** What is needed to read a collection for an attempt. */
export interface CollectionSource {
  readonly calls: Calls;
  readonly blobs: Blobs;
  /** The DAG of the attempt, for a reference that names a job only. */
  readonly dagId: string;
  readonly signal: AbortSignal;
}

export function openCollection<T>(source: CollectionSource, ref: unknown): Collection<T> {
  const target = targetOf(source, ref);
  const entries = (range: CollectionRange = {}) =>
    childrenOf<T>(source.calls, source.blobs, { ...target, ...range }, source.signal);
  return {
    count: target.count ?? null,
    entries,
    async *[Symbol.asyncIterator]() {
      for await (const entry of entries()) if (entry.state === 'succeeded') yield entry.output as T;
    },
  };
}

export async function collectionItem<T>(source: CollectionSource, ref: unknown, index: number): Promise<T | null> {
  const place = { ...targetOf(source, ref), from: index, limit: 1 };
  for await (const child of childrenOf<T>(source.calls, source.blobs, place, source.signal)) {
    if (child.index === index) return child.output;
  }
  return null;
}

/** A reference as dispatches carry it, or the id of a fan-out in the attempt's own DAG. */
function targetOf(source: CollectionSource, ref: unknown): { dagId: string; job: string; count?: number } {
  if (typeof ref === 'string') return { dagId: source.dagId, job: ref };
  const named = isObject(ref) ? ref.collection : undefined;
  if (isObject(named) && typeof named.job === 'string') {
    const dagId = typeof named.dagId === 'string' ? named.dagId : source.dagId;
    return { dagId, job: named.job, ...(typeof named.count === 'number' ? { count: named.count } : {}) };
  }
  const text = JSON.stringify(ref)?.slice(0, 200);
  throw new JobError('not-a-collection', `no reference to a fan-out: ${text}`, { retryable: false });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
