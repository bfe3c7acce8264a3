import type { DagSummary, FoundJob, GraphNode, Hit } from '../answers/types.js';
import { type Calls, dagPath, readJson, readList } from './calls.js';

/** What both kinds of listings take. Several states are separated by commas. */
interface ListOptions {
  /** All tenants where absent. */
  readonly tenant?: string;
  readonly q?: string;
  readonly state?: string;
  readonly class?: string;
  readonly group?: string;
  readonly order?: 'newest' | 'oldest';
  /** Items of a page. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which DAGs are listed; all conditions must hold. */
export interface DagListOptions extends ListOptions {
  readonly id?: string;
  /** Each `name=value`, or a name without `=` for any value. */
  readonly label?: readonly string[];
  readonly paused?: boolean;
  readonly risk?: string;
  readonly acceptedFrom?: number;
  readonly acceptedTo?: number;
  readonly endedFrom?: number;
  readonly endedTo?: number;
}

/** Which jobs are listed; all conditions must hold. */
export interface JobListOptions extends ListOptions {
  readonly dag?: string;
  readonly readyFrom?: number;
  readonly readyTo?: number;
}

/** A page of a listing. It may hold less than was asked for although there is more; `next` is null at the end. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly turn: number;
}

/** Lists and searches of DAGs and jobs. */
export class Listings {
  constructor(private readonly calls: Calls) {}

  /** A page of the DAGs that are meant. */
  async dagPage(options: DagListOptions = {}, signal?: AbortSignal): Promise<ListPage<DagSummary>> {
    const path = `/v1/dags?${paramsOf(options)}`;
    const { dags, next, turn } = await readJson<{ dags: DagSummary[]; next: string | null; turn: number }>(
      this.calls,
      { path, signal },
      'dags',
      'next',
    );
    return { items: dags, next, turn };
  }

  /** All DAGs that are meant, fetched page by page. */
  dags(options: DagListOptions = {}, signal?: AbortSignal): AsyncIterable<DagSummary> {
    return each((cursor) => this.dagPage({ ...options, ...cursor }, signal));
  }

  /** A page of the jobs that are meant, children of fan-outs among them. */
  async jobPage(options: JobListOptions = {}, signal?: AbortSignal): Promise<ListPage<FoundJob>> {
    const path = `/v1/jobs?${paramsOf(options)}`;
    const { jobs, next, turn } = await readJson<{ jobs: FoundJob[]; next: string | null; turn: number }>(
      this.calls,
      { path, signal },
      'jobs',
      'next',
    );
    return { items: jobs, next, turn };
  }

  /** All jobs that are meant, fetched page by page. */
  jobs(options: JobListOptions = {}, signal?: AbortSignal): AsyncIterable<FoundJob> {
    return each((cursor) => this.jobPage({ ...options, ...cursor }, signal));
  }

  /** What an id names: a DAG, dag/job, a lease, an executor, a class, a tenant. */
  lookUp(q: string, signal?: AbortSignal): Promise<readonly Hit[]> {
    return readList(this.calls, { path: `/v1/search?${new URLSearchParams({ q })}`, signal }, 'hits');
  }

  /** The jobs of a DAG's submission with what they come after, in the order of their indexes. */
  async *graph(dagId: string, signal?: AbortSignal): AsyncIterable<GraphNode> {
    let from: number | null = 0;
    while (from !== null) {
      const path = dagPath(this.calls, dagId, '/graph', { from });
      const page: { nodes: GraphNode[]; next: number | null } = await readJson(
        this.calls,
        { path, signal },
        'nodes',
        'next',
      );
      yield* page.nodes;
      from = page.next;
    }
  }
}

async function* each<T>(pageAt: (cursor: { cursor?: string }) => Promise<ListPage<T>>): AsyncIterable<T> {
  let cursor: { cursor?: string } = {};
  for (;;) {
    const { items, next } = await pageAt(cursor);
    yield* items;
    if (next === null) return;
    cursor = { cursor: next };
  }
}

function paramsOf(options: object): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  return params;
}
