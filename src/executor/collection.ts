import type { Http } from '../client/adapters/http.js';
import { transportError } from '../client/adapters/http.js';
import type { BlobRef, Blobs } from '../client/blobs.js';
import { linesOf } from '../client/lines.js';
import type { Machine } from '../client/ports.js';
import { DEFAULT_PATIENCE, withRetry } from '../client/retry.js';
import { JobError } from './errors.js';

/** Children asked for in one request. */
const PAGE = 1_000;

/** How an input names a fan-out's children: never an inline array, since there may be 100,000 of them. */
export interface CollectionRef {
  readonly collection: { readonly dagId: string; readonly job: string; readonly count?: number };
}

/** One child of a fan-out as the fabric lists it. */
export interface CollectionEntry<T> {
  readonly index: number;
  /** `succeeded`, `failed`, `skipped`, … */
  readonly state: string;
  /** null unless it succeeded. */
  readonly output: T | null;
}

/** The children of a fan-out. Iterating gives the outputs of those that succeeded; `entries()` gives all of them. */
export interface Collection<T> extends AsyncIterable<T> {
  /** How many children there are, when the reference says so. */
  readonly count: number | null;
  entries(): AsyncIterable<CollectionEntry<T>>;
}

/** What is needed to read a collection for an attempt. */
export interface CollectionSource {
  readonly http: Http;
  readonly blobs: Blobs;
  readonly machine: Machine;
  readonly tenant: string;
  /** The DAG of the attempt, for a reference that names a job only. */
  readonly dagId: string;
  readonly signal: AbortSignal | undefined;
}

interface ChildLine {
  readonly index: number;
  readonly state: string;
  readonly output?: unknown;
  readonly blob?: BlobRef | null;
}

export function openCollection<T>(source: CollectionSource, ref: unknown): Collection<T> {
  const { dagId, job, count } = targetOf(source, ref);
  const entries = () => readFrom<T>(source, childrenPath(source, dagId, job));
  return {
    count: count ?? null,
    entries,
    async *[Symbol.asyncIterator]() {
      for await (const entry of entries()) if (entry.state === 'succeeded') yield entry.output as T;
    },
  };
}

export async function collectionItem<T>(source: CollectionSource, ref: unknown, index: number): Promise<T | null> {
  const { dagId, job } = targetOf(source, ref);
  const [child] = await page(source, childrenPath(source, dagId, job), index, 1);
  if (child === undefined || child.index !== index) return null;
  return (await entryOf<T>(source, child)).output;
}

async function* readFrom<T>(source: CollectionSource, path: string): AsyncGenerator<CollectionEntry<T>> {
  for (let from = 0; ; ) {
    const children = await page(source, path, from, PAGE);
    for (const child of children) yield await entryOf<T>(source, child);
    const last = children.at(-1);
    if (last === undefined || children.length < PAGE) return;
    from = last.index + 1;
  }
}

async function page(
  source: CollectionSource,
  path: string,
  from: number,
  limit: number,
): Promise<readonly ChildLine[]> {
  const { http, machine, signal } = source;
  return withRetry(machine, DEFAULT_PATIENCE, signal, async () => {
    const answer = await http.send({ method: 'GET', path: `${path}&from=${from}&limit=${limit}`, signal });
    const children: ChildLine[] = [];
    try {
      for await (const line of linesOf(answer.body)) children.push(JSON.parse(line) as ChildLine);
    } catch (error) {
      throw transportError(error, signal);
    }
    return children;
  });
}

async function entryOf<T>(source: CollectionSource, child: ChildLine): Promise<CollectionEntry<T>> {
  const { index, state } = child;
  if (child.blob) return { index, state, output: await source.blobs.json<T>(child.blob, source.signal) };
  return { index, state, output: (child.output ?? null) as T | null };
}

function childrenPath(source: CollectionSource, dagId: string, job: string): string {
  const at = `/v1/dags/${encodeURIComponent(dagId)}/jobs/${encodeURIComponent(job)}/children`;
  return `${at}?tenant=${encodeURIComponent(source.tenant)}`;
}

/** A reference as dispatches carry it, or the id of a fan-out in the attempt's own DAG. */
function targetOf(source: CollectionSource, ref: unknown): { dagId: string; job: string; count?: number | undefined } {
  if (typeof ref === 'string') return { dagId: source.dagId, job: ref };
  const named = isObject(ref) ? ref['collection'] : undefined;
  if (isObject(named) && typeof named['job'] === 'string') {
    const dagId = typeof named['dagId'] === 'string' ? named['dagId'] : source.dagId;
    return { dagId, job: named['job'], count: typeof named['count'] === 'number' ? named['count'] : undefined };
  }
  throw new JobError('not-a-collection', `no reference to a fan-out: ${JSON.stringify(ref)?.slice(0, 200)}`, {
    retryable: false,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
