import type { DagRows, JobRows } from '../generated/rows.js';
import { Extents } from '../structures/extents.js';
import { doubled } from '../structures/grow.js';
import { rowOfDag } from './shapes.js';

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
 * Words of a DAG's place: its first extent (first index, count and
 * first handle; a count of 0: none), and where its edges are.
 */
const FROM = 0;
const COUNT = 1;
const BASE = 2;
const EDGES = 3;
const SHIFT = 2;

/** The first word of a DAG's place. */
function placeOf(dag: number): number {
  return rowOfDag(dag) << SHIFT;
}

/**
 * Where the jobs of a DAG are: its own jobs in one extent of neighbouring handles, the children of each fan-out in
 * another; and the edges to the jobs after a job. Nothing here is a fact: it is rebuilt from rows and specifications.
 *
 * Most DAGs have one extent, and there are many DAGs: the extent with the lowest indexes is kept in an array, all of a
 * DAG's in one place, and only what else there is as objects.
 */
export class JobSpace {
  private readonly handles = new Extents();
  private readonly edgePlaces = new Extents();
  private places = new Int32Array(64 << SHIFT);
  /** The extents behind the first one, in the order of their indexes. */
  private readonly others = new Map<number, Extent[]>();
  /** How many words a DAG has in `edges`; 0: none. */
  private edgesSize = new Int32Array(64);
  /** DAG handle of each job. */
  dagOf = new Int32Array(1024);
  /** Place in `edges` of a job's downstream edges: their count, then the indexes of the jobs. 0: none. */
  edgesOf = new Int32Array(1024);
  edges = new Int32Array(4096);

  constructor(
    private readonly dags: DagRows,
    private readonly jobs: JobRows,
  ) {}

  /** Makes room for `count` more jobs of a DAG, from index `from` on. */
  extend(dag: number, from: number, count: number): void {
    const base = this.handles.take(count);
    const keyA = this.dags.keyA[dag]!;
    this.jobs.table.grow(base + count + 1);
    this.makeRoom(dag);
    for (let i = 0; i < count; i++) {
      this.jobs.table.occupy(base + i, keyA, from + i);
      this.dagOf[base + i] = dag;
      this.edgesOf[base + i] = 0;
    }
    this.jobs.table.high = Math.max(this.jobs.table.high, base + count);
    this.addExtent(dag, { from, count, base });
  }

  private makeRoom(dag: number): void {
    if (this.jobs.table.capacity > this.dagOf.length) {
      this.dagOf = doubled(this.dagOf, this.jobs.table.capacity);
      this.edgesOf = doubled(this.edgesOf, this.jobs.table.capacity);
    }
    if (rowOfDag(dag) < this.edgesSize.length) return;
    this.places = doubled(this.places, placeOf(dag) + (1 << SHIFT));
    this.edgesSize = doubled(this.edgesSize, rowOfDag(dag) + 1);
  }

  private addExtent(dag: number, extent: Extent): void {
    const first = this.firstOf(dag);
    if (first.count === 0) return this.setFirst(dag, extent);
    const comesFirst = extent.from < first.from;
    if (comesFirst) this.setFirst(dag, extent);
    this.addOther(dag, comesFirst ? first : extent);
  }

  /** In place: a DAG may have an extent for each of 65,000 fan-outs. */
  private addOther(dag: number, extent: Extent): void {
    const others = this.others.get(dag);
    if (others === undefined) {
      this.others.set(dag, [extent]);
      return;
    }
    let at = others.length;
    while (at > 0 && others[at - 1]!.from > extent.from) at -= 1;
    others.splice(at, 0, extent);
  }

  /** The extent with the lowest indexes; of a DAG without any it has no jobs. */
  private firstOf(dag: number): Extent {
    if (!this.isResident(dag)) return NONE;
    const at = placeOf(dag);
    return { from: this.places[at | FROM]!, count: this.places[at | COUNT]!, base: this.places[at | BASE]! };
  }

  private setExtents(dag: number, [first, ...others]: readonly Extent[]): void {
    this.setFirst(dag, first ?? NONE);
    if (others.length === 0) this.others.delete(dag);
    else this.others.set(dag, others);
  }

  private setFirst(dag: number, { from, count, base }: Extent): void {
    const at = placeOf(dag);
    this.places[at | FROM] = from;
    this.places[at | COUNT] = count;
    this.places[at | BASE] = base;
  }

  /** The handle of a DAG's job; 0 when the index is out of range. */
  handle(dag: number, job: number): number {
    const { places } = this;
    const at = placeOf(dag);
    if (at >= places.length) return 0;
    const offset = job - places[at | FROM]!;
    if (offset >= 0 && offset < places[at | COUNT]!) return places[at | BASE]! + offset;
    const extent = this.otherExtent(dag, job);
    return extent === null ? 0 : extent.base + job - extent.from;
  }

  /** The extent behind the first one that holds a job, found by halving. */
  private otherExtent(dag: number, job: number): Extent | null {
    const extents = this.others.get(dag);
    if (extents === undefined) return null;
    let low = 0;
    let high = extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (extents[middle]!.from <= job) low = middle;
      else high = middle - 1;
    }
    const extent = extents[low]!;
    return job >= extent.from && job < extent.from + extent.count ? extent : null;
  }

  /**
   * Stores the edges of a DAG's own jobs. `degrees[i]` edges leave job i; `targets` holds them one job after the other.
   */
  setEdges(dag: number, degrees: Uint32Array, targets: Uint32Array): void {
    let size = targets.length;
    for (const degree of degrees) if (degree > 0) size += 1;
    if (size === 0) return;
    let at = this.edgePlaces.take(size);
    this.places[placeOf(dag) | EDGES] = at;
    this.edgesSize[rowOfDag(dag)] = size;
    if (at + size > this.edges.length) this.edges = doubled(this.edges, at + size);
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
    const others = this.others.get(dag);
    if (others !== undefined) {
      while (others.length > 0 && others[others.length - 1]!.from >= jobs) this.giveBack(others.pop()!, gone);
      if (others.length > 0) return;
      this.others.delete(dag);
    }
    const first = this.firstOf(dag);
    if (first.count === 0 || first.from < jobs) return;
    this.giveBack(first, gone);
    this.drop(dag);
  }

  private giveBack(extent: Extent, gone: boolean): void {
    for (let i = 0; i < extent.count; i++) this.jobs.table.vacate(extent.base + i, gone && i % BLOCK_JOBS === 0);
    this.handles.give(extent.base, extent.count);
  }

  private drop(dag: number): void {
    this.setExtents(dag, []);
    const row = rowOfDag(dag);
    if (this.edgesSize[row] !== 0) this.edgePlaces.give(this.places[placeOf(dag) | EDGES]!, this.edgesSize[row]!);
    this.edgesSize[row] = 0;
  }

  /** Takes back extents whose jobs are no rows any more: after an undo. */
  shrinkBlank(dag: number): void {
    const kept: Extent[] = [];
    this.eachExtent(dag, (from, count, base) => {
      if (this.jobs.table.isBlank(base)) this.giveBack({ from, count, base }, true);
      else kept.push({ from, count, base });
    });
    if (kept.length === 0) this.drop(dag);
    else this.setExtents(dag, kept);
  }

  /** Calls back with each extent of a DAG, in the order of job indexes. */
  eachExtent(dag: number, each: (from: number, count: number, base: number) => void): void {
    if (!this.isResident(dag)) return;
    const at = placeOf(dag);
    each(this.places[at | FROM]!, this.places[at | COUNT]!, this.places[at | BASE]!);
    for (const { from, count, base } of this.others.get(dag) ?? NO_OTHERS) each(from, count, base);
  }

  /** The extent that holds a job, null where there is none. */
  extentAt(dag: number, job: number): Extent | null {
    const first = this.firstOf(dag);
    return job >= first.from && job < first.from + first.count ? first : this.otherExtent(dag, job);
  }

  /** Whether the DAG's jobs are in memory. */
  isResident(dag: number): boolean {
    const at = placeOf(dag);
    return at < this.places.length && this.places[at | COUNT] !== 0;
  }
}

const NONE: Extent = { from: 0, count: 0, base: 0 };
const NO_OTHERS: readonly Extent[] = [];
