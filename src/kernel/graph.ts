import type { JobSpec, Problem } from '../catalogue/generated/types.js';
import { MAX_EDGES_PER_SUBMISSION, MAX_PROBLEMS } from './limits.js';

/** The dependencies of a submission's jobs, by index. */
export interface Graph {
  /** How many jobs come right after each job. */
  readonly degrees: Uint32Array;
  /** Those jobs, one job's after the other's, in the order of the submission. */
  readonly targets: Uint32Array;
  /** How many jobs each job comes after. */
  readonly upstreams: Uint32Array;
  /** All jobs, each after the jobs that it depends on. */
  readonly order: Uint32Array;
}

/** Numbers in the pairs of as many edges as a submission may have. */
const MAX_EDGE_NUMBERS = 2 * MAX_EDGES_PER_SUBMISSION;

/** What of a job its place in the graph rests on. */
type Linked = Pick<JobSpec, 'id' | 'after'>;

let lastJobs: readonly Linked[] | null = null;
let lastGraph: Graph | readonly Problem[] = [];

/** The graph of a submission, or what is wrong with it. A pure function; it is asked for the same jobs several times. */
export function graphOf(jobs: readonly Linked[]): Graph | readonly Problem[] {
  if (jobs !== lastJobs) {
    lastGraph = analyse(jobs);
    lastJobs = jobs;
  }
  return lastGraph;
}

/** Whether `graphOf` gave a graph. */
export function isGraph(result: Graph | readonly Problem[]): result is Graph {
  return !Array.isArray(result);
}

/** The graph of one job: most submissions of small work have no other. */
const ALONE: Graph = {
  degrees: new Uint32Array(1),
  targets: new Uint32Array(0),
  upstreams: new Uint32Array(1),
  order: new Uint32Array(1),
};

function analyse(jobs: readonly Linked[]): Graph | readonly Problem[] {
  if (jobs.length === 1 && jobs[0]!.after.length === 0) return ALONE;
  const problems: Problem[] = [];
  const indexes = indexOfIds(jobs, problems);
  const upstreams = new Uint32Array(jobs.length);
  const degrees = new Uint32Array(jobs.length);
  const edges = readEdges(jobs, indexes, upstreams, degrees, problems);
  if (edges.length > MAX_EDGE_NUMBERS) return problems;
  const starts = new Uint32Array(jobs.length + 1);
  for (let i = 0; i < jobs.length; i++) starts[i + 1] = starts[i]! + degrees[i]!;
  const targets = new Uint32Array(edges.length >>> 1);
  const fill = starts.slice(0, jobs.length);
  for (let i = 0; i < edges.length; i += 2) targets[fill[edges[i]!]!++] = edges[i + 1]!;
  const order = topologicalOrder(jobs.length, starts, targets, upstreams);
  if (order.length < jobs.length) noteCycle(jobs, indexes, order, problems);
  if (problems.length > 0) return problems;
  return { degrees, targets, upstreams, order };
}

function indexOfIds(jobs: readonly Linked[], problems: Problem[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  jobs.forEach((job, i) => {
    if (indexes.has(job.id)) {
      note(
        problems,
        'duplicate-job-id',
        `/jobs/${i}/id`,
        `the id ${JSON.stringify(job.id)} is used by another job too`,
      );
    } else indexes.set(job.id, i);
  });
  return indexes;
}

/** All edges as pairs (from, to), in the order of the submission. */
function readEdges(
  jobs: readonly Linked[],
  indexes: ReadonlyMap<string, number>,
  upstreams: Uint32Array,
  degrees: Uint32Array,
  problems: Problem[],
): number[] {
  const edges: number[] = [];
  for (let i = 0; i < jobs.length; i++) {
    const after = jobs[i]!.after;
    const seen = after.length > 1 ? new Set<number>() : null;
    for (let k = 0; k < after.length; k++) {
      const from = indexes.get(after[k]!);
      const path = `/jobs/${i}/after/${k}`;
      if (from === undefined) note(problems, 'unknown-job', path, `there is no job ${JSON.stringify(after[k])}`);
      else if (from === i) note(problems, 'self-loop', path, 'a job cannot come after itself');
      else if (seen?.has(from)) note(problems, 'duplicate-job-id', path, 'the same job is named twice');
      else {
        seen?.add(from);
        edges.push(from, i);
        degrees[from]! += 1;
        upstreams[i]! += 1;
      }
    }
    if (edges.length > MAX_EDGE_NUMBERS) {
      note(problems, 'dag-too-large', '/jobs', `more than ${MAX_EDGES_PER_SUBMISSION} dependencies`);
      return edges;
    }
  }
  return edges;
}

/** Kahn's algorithm; jobs that lie on or behind a cycle are left out. */
function topologicalOrder(
  count: number,
  starts: Uint32Array,
  targets: Uint32Array,
  upstreams: Uint32Array,
): Uint32Array {
  const left = upstreams.slice();
  const order = new Uint32Array(count);
  let filled = 0;
  for (let i = 0; i < count; i++) if (left[i] === 0) order[filled++] = i;
  for (let next = 0; next < filled; next++) {
    const job = order[next]!;
    for (let e = starts[job]!; e < starts[job + 1]!; e++) {
      const target = targets[e]!;
      left[target]! -= 1;
      if (left[target] === 0) order[filled++] = target;
    }
  }
  return order.subarray(0, filled);
}

/** Spells one cycle out: from a job that was left out, upstream through such jobs until one comes again. */
function noteCycle(
  jobs: readonly Linked[],
  indexes: ReadonlyMap<string, number>,
  order: Uint32Array,
  problems: Problem[],
): void {
  const ordered = new Set(order);
  // A job that is named and not there, or is the job itself, is a problem of its own.
  const leadsOn = (from: number | undefined, job: number) => from !== undefined && from !== job && !ordered.has(from);
  let job = jobs.findIndex((_, i) => !ordered.has(i));
  const path: number[] = [];
  const seen = new Map<number, number>();
  while (!seen.has(job)) {
    seen.set(job, path.length);
    path.push(job);
    const at = job;
    job = jobs[at]!.after.map((id) => indexes.get(id)).find((from) => leadsOn(from, at))!;
  }
  const cycle = path.slice(seen.get(job)).reverse();
  const names = [...cycle, cycle[0]!].map((i) => jobs[i]!.id);
  const shown =
    names.length > 12 ? [...names.slice(0, 10), `… ${names.length - 11} more …`, names[names.length - 1]!] : names;
  note(problems, 'cycle', `/jobs/${cycle[0]!}/after`, `the jobs wait for one another: ${shown.join(' -> ')}`);
}

/** Adds a problem while there is room for it. */
export function note(problems: Problem[], code: string, path: string, detail: string): void {
  if (problems.length < MAX_PROBLEMS) problems.push({ code, path, detail });
}

let lastRanked: { readonly graph: Graph | null; readonly estimates: readonly number[] } = {
  graph: null,
  estimates: [],
};
let lastRanks: readonly number[] = [];

/**
 * Upward rank of each job (HEFT; Topcuoglu, Hariri, Wu 2002): its own estimate and the longest chain of estimates after
 * it, in ms. A pure function; it is asked for the same jobs several times.
 */
export function upwardRanks(graph: Graph, estimates: readonly number[]): readonly number[] {
  if (graph === ALONE) return estimates;
  if (lastRanked.graph === graph && lastRanked.estimates === estimates) return lastRanks;
  lastRanks = rank(graph, estimates);
  lastRanked = { graph, estimates };
  return lastRanks;
}

function rank(graph: Graph, estimates: readonly number[]): readonly number[] {
  const count = graph.order.length;
  const ranks = estimates.map(() => 0);
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i]! + graph.degrees[i]!;
  for (let k = count - 1; k >= 0; k--) {
    const job = graph.order[k]!;
    let longest = 0;
    for (let e = starts[job]!; e < starts[job + 1]!; e++) longest = Math.max(longest, ranks[graph.targets[e]!]!);
    ranks[job] = longest + estimates[job]!;
  }
  return ranks;
}
