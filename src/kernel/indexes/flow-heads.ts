import { rowOfFlow } from '../rows/shapes.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';
import { IntrusiveHeap } from '../structures/heap.js';

/**
 * The ready jobs of each flow in an order: by rank the kernel needs the head for deadlines under every policy, and the
 * policies pick from it. An index over rows: nodes come from a pool, so that it costs memory for ready jobs only.
 */
export class FlowHeads {
  private readonly heap: IntrusiveHeap;
  private flowOf = new Int32Array(1024);
  private nodeOf = new Int32Array(1024);
  private roots = new Int32Array(1024);
  private readonly free: number[] = [];
  private high = 1;
  size = 0;

  /** The order is (-rank, readySeq), or `before`, a total order of jobs by their rows. */
  constructor(
    private readonly state: State,
    private readonly before: ((job: number, other: number) => boolean) | null = null,
  ) {
    if (before === null) this.heap = new IntrusiveHeap();
    else this.heap = new IntrusiveHeap((a, b) => before(this.heap.note(a), this.heap.note(b)));
  }

  /** Adds a ready job to its flow. */
  add(flow: number, job: number): void {
    const node = this.free.length > 0 ? this.free.pop()! : this.high++;
    if (node >= this.flowOf.length) this.flowOf = doubled(this.flowOf, node + 1);
    if (job >= this.nodeOf.length)
      this.nodeOf = doubled(this.nodeOf, Math.max(job + 1, this.state.jobs.table.capacity));
    const row = rowOfFlow(flow);
    if (row >= this.roots.length) this.roots = doubled(this.roots, row + 1);
    this.heap.ensure(node);
    this.heap.setNote(node, job);
    this.flowOf[node] = flow;
    this.nodeOf[job] = node;
    const { rank, readySeq } = this.state.jobs.c;
    const isByRank = this.before === null;
    this.roots[row] = this.heap.insert(
      this.roots[row]!,
      node,
      isByRank ? -rank[job]! : 0,
      isByRank ? readySeq[job]! : 0,
    );
    this.size += 1;
  }

  /** Takes a ready job out of its flow. Mostly it is the head: then nothing is read of the job. */
  remove(flow: number, job: number): void {
    const row = rowOfFlow(flow);
    const root = this.roots[row]!;
    const node = this.heap.note(root) === job ? root : this.nodeOf[job]!;
    this.roots[row] = this.heap.remove(root, node);
    this.nodeOf[job] = 0;
    this.free.push(node);
    this.size -= 1;
  }

  /** The flow of a ready job, 0 when the job is not ready. */
  flow(job: number): number {
    const node = this.nodeOf[job] ?? 0;
    return node === 0 ? 0 : this.flowOf[node]!;
  }

  /** The job that comes first in the flow, 0 when it has none. */
  head(flow: number): number {
    const root = this.roots[rowOfFlow(flow)] ?? 0;
    return root === 0 ? 0 : this.heap.note(root);
  }
}
