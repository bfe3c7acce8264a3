import { DAG_STRIDE, rowOfDag } from '../rows/shapes.js';
import type { State } from '../rows/state.js';
import { IntrusiveHeap } from '../structures/heap.js';
import { deadlineOfDag, NEVER } from './edf.js';
import type { Timed } from './ordered.js';

/** Deadlines within the same quarter of an hour count as the same. */
const SLA_BUCKET_MS = 900_000;

/** Bucket of DAGs without a deadline: less than that of any other. */
export const NO_DEADLINE = -(2 ** 25);

/**
 * How late DAGs are, in quarters of an hour: -1 in the last one before the deadline, 0 in the first one after it, and so
 * on. A DAG comes into its next bucket by time alone, so each has its moment in a heap.
 */
export class SlaBuckets implements Timed {
  private at = 0;
  private readonly buckets: number[] = [];
  private readonly nextMoments: number[] = [];
  private readonly heap = new IntrusiveHeap();
  private root = 0;

  constructor(private readonly state: State) {}

  /** Bucket of a DAG, by its row: of one that competes, that in which it was when its flows were put where they are. */
  of(dag: number): number {
    const node = rowOfDag(dag);
    return this.heap.contains(node) ? this.buckets[node]! : this.bucketOf(deadlineOfDag(this.state, dag));
  }

  private bucketOf(deadline: number): number {
    return deadline === NEVER ? NO_DEADLINE : Math.floor((this.at - deadline) / SLA_BUCKET_MS);
  }

  entered(dag: number): void {
    const node = rowOfDag(dag);
    this.heap.ensure(node);
    const deadline = deadlineOfDag(this.state, dag);
    const bucket = this.bucketOf(deadline);
    const nextAt = deadline + (bucket + 1) * SLA_BUCKET_MS;
    const isWatched = this.heap.contains(node);
    // A deadline that moves by whole buckets has the same moment, in another bucket.
    if (isWatched && this.nextMoments[node] === nextAt && this.buckets[node] === bucket) return;
    if (isWatched) this.root = this.heap.remove(this.root, node);
    this.buckets[node] = bucket;
    this.nextMoments[node] = nextAt;
    if (bucket !== NO_DEADLINE) this.root = this.heap.insert(this.root, node, nextAt, node);
  }

  nextAt(competes: (dag: number) => boolean): number {
    while (this.root !== 0 && !competes(this.root * DAG_STRIDE)) this.root = this.heap.remove(this.root, this.root);
    return this.root === 0 ? Number.POSITIVE_INFINITY : this.nextMoments[this.root]!;
  }

  advance(at: number, moved: (dag: number) => boolean): void {
    this.at = Math.max(this.at, at);
    while (this.root !== 0 && this.nextMoments[this.root]! <= this.at) {
      const node = this.root;
      const dag = node * DAG_STRIDE;
      this.entered(dag);
      // Nobody told of a DAG that has lost its deadline while none of its jobs was ready, or whose row is another's now.
      if (!moved(dag) && this.heap.contains(node)) this.root = this.heap.remove(this.root, node);
    }
  }
}
