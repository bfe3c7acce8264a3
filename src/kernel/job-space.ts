import { Extents } from './extents.js';
import type { Rows } from './rows.js';
import type { DAG, JOB } from './tables.js';

/** Jobs that are stored as one block; it begins at a multiple of this from the start of its extent. */
export const BLOCK_JOBS = 64;

interface Extent {
  /** Index of its first job in the DAG. */
  readonly from: number;
  readonly count: number;
  /** Handle of its first job. */
  readonly base: number;
}

/**
 * Where the jobs of a DAG are: its own jobs in one extent of neighbouring handles, the children of each fan-out in
 * another; and the edges to the jobs after a job. Nothing here is a fact: it is rebuilt from rows and specifications.
 */
export class JobSpace {
  private readonly handles = new Extents();
  private readonly edgePlaces = new Extents();
  private readonly extents: (Extent[] | undefined)[] = [];
  private readonly edgeRuns: (number[] | undefined)[] = [];
  /** DAG handle of each job. */
  dagOf = new Uint32Array(1024);
  /** Place in `edges` of a job's downstream edges: their count, then the indexes of the jobs. 0: none. */
  edgesOf = new Uint32Array(1024);
  edges = new Uint32Array(4096);

  constructor(
    private readonly dags: Rows<typeof DAG>,
    private readonly jobs: Rows<typeof JOB>,
  ) {}

  /** Makes room for `count` more jobs of a DAG, from index `from` on. */
  extend(dag: number, from: number, count: number): void {
    const base = this.handles.take(count);
    const keyA = this.dags.keyA[dag]!;
    this.jobs.grow(base + count + 1);
    if (this.jobs.capacity > this.dagOf.length) {
      this.dagOf = regrown(this.dagOf, this.jobs.capacity);
      this.edgesOf = regrown(this.edgesOf, this.jobs.capacity);
    }
    for (let i = 0; i < count; i++) {
      this.jobs.occupy(base + i, keyA, from + i);
      this.dagOf[base + i] = dag;
      this.edgesOf[base + i] = 0;
    }
    this.jobs.high = Math.max(this.jobs.high, base + count);
    const extents = this.extents[dag];
    if (extents === undefined) this.extents[dag] = [{ from, count, base }];
    else {
      let at = extents.length;
      while (at > 0 && extents[at - 1]!.from > from) at -= 1;
      extents.splice(at, 0, { from, count, base });
    }
  }

  /** The handle of a DAG's job; 0 when the index is out of range. */
  handle(dag: number, job: number): number {
    const extents = this.extents[dag];
    if (extents === undefined) return 0;
    let low = 0;
    let high = extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (extents[middle]!.from <= job) low = middle;
      else high = middle - 1;
    }
    const extent = extents[low]!;
    const offset = job - extent.from;
    return offset >= 0 && offset < extent.count ? extent.base + offset : 0;
  }

  /**
   * Stores the edges of a DAG's own jobs. `degrees[i]` edges leave job i; `targets` holds them one job after the other.
   */
  setEdges(dag: number, degrees: Uint32Array, targets: Uint32Array): void {
    let size = targets.length;
    for (const degree of degrees) if (degree > 0) size += 1;
    if (size === 0) return;
    let at = this.edgePlaces.take(size);
    this.edgeRuns[dag] = [at, size];
    if (at + size > this.edges.length) this.edges = regrown(this.edges, at + size);
    let next = 0;
    for (let job = 0; job < degrees.length; job++) {
      const degree = degrees[job]!;
      if (degree === 0) continue;
      const handle = this.handle(dag, job);
      // Of a DAG that is being forgotten some jobs are gone.
      if (handle !== 0) this.edgesOf[handle] = at;
      this.edges[at++] = degree;
      for (let i = 0; i < degree; i++) this.edges[at++] = targets[next++]!;
    }
  }

  /** How many jobs come right after this one. */
  degree(jobHandle: number): number {
    const at = this.edgesOf[jobHandle]!;
    return at === 0 ? 0 : this.edges[at]!;
  }

  /** Index of the n-th job after this one. */
  target(jobHandle: number, n: number): number {
    return this.edges[this.edgesOf[jobHandle]! + 1 + n]!;
  }

  /** Takes back extents from job index `jobs` on; with 0 also the edges: the DAG is gone from memory. */
  shrink(dag: number, jobs: number, gone = true): void {
    const extents = this.extents[dag];
    if (extents === undefined) return;
    while (extents.length > 0 && extents[extents.length - 1]!.from >= jobs) this.giveBack(extents.pop()!, gone);
    if (extents.length === 0) this.drop(dag);
  }

  private giveBack(extent: Extent, gone: boolean): void {
    for (let i = 0; i < extent.count; i++) this.jobs.vacate(extent.base + i, gone && i % BLOCK_JOBS === 0);
    this.handles.give(extent.base, extent.count);
  }

  private drop(dag: number): void {
    this.extents[dag] = undefined;
    const run = this.edgeRuns[dag];
    if (run !== undefined) this.edgePlaces.give(run[0]!, run[1]!);
    this.edgeRuns[dag] = undefined;
  }

  /** Takes back extents whose jobs are no rows any more: after an undo. */
  shrinkBlank(dag: number): void {
    const extents = this.extents[dag];
    if (extents === undefined) return;
    const kept = extents.filter((extent) => !this.jobs.isBlank(extent.base));
    for (const extent of extents) if (!kept.includes(extent)) this.giveBack(extent, true);
    if (kept.length === 0) this.drop(dag);
    else this.extents[dag] = kept;
  }

  /** Calls back with each extent of a DAG, in the order of job indexes. */
  eachExtent(dag: number, each: (from: number, count: number, base: number) => void): void {
    for (const { from, count, base } of this.extents[dag] ?? []) each(from, count, base);
  }

  /** The extent that holds a job: its first index; -1 when there is none. */
  extentFrom(dag: number, job: number): number {
    const base = this.handle(dag, job);
    if (base === 0) return -1;
    for (const { from, count } of this.extents[dag]!) if (job >= from && job < from + count) return from;
    return -1;
  }

  /** Whether the DAG's jobs are in memory. */
  isResident(dag: number): boolean {
    return this.extents[dag] !== undefined;
  }
}

function regrown(array: Uint32Array, atLeast: number): Uint32Array<ArrayBuffer> {
  let capacity = array.length;
  while (capacity < atLeast) capacity *= 2;
  const next = new Uint32Array(capacity);
  next.set(array);
  return next;
}
