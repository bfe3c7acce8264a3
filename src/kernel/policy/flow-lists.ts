import { doubled } from '../grow.js';
import { IntrusiveHeap } from '../heap.js';
import { FLOW_STRIDE, rowOfFlow } from '../shapes.js';

/** An order of flows in lists: what comes first in each, and which of two comes first. */
export interface FlowOrder {
  /** The flow that comes first in a list, 0 when it is empty. */
  head(list: number): number;
  before(flow: number, other: number): boolean;
}

/** Flows in lists, each list a heap of one total order; its nodes are the numbers of rows. */
export class FlowLists implements FlowOrder {
  private readonly heap: IntrusiveHeap;
  /** List of a flow, 0 when it is in none. */
  private lists = new Uint32Array(256);
  private readonly roots: number[] = [];

  constructor(readonly before: (flow: number, other: number) => boolean) {
    this.heap = new IntrusiveHeap((a, b) => before(a * FLOW_STRIDE, b * FLOW_STRIDE));
  }

  /** Puts a flow into a list; one that is in a list already moves to where it belongs now. */
  put(flow: number, list: number): void {
    const node = rowOfFlow(flow);
    if (node >= this.lists.length) this.lists = doubled(this.lists, node + 1);
    const known = this.lists[node]!;
    if (known === list) this.roots[list] = this.heap.update(this.roots[list]!, node);
    else {
      if (known !== 0) this.roots[known] = this.heap.remove(this.roots[known]!, node);
      this.heap.ensure(node);
      this.lists[node] = list;
      this.roots[list] = this.heap.insert(this.roots[list] ?? 0, node);
    }
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const node = rowOfFlow(flow);
    const list = this.lists[node] ?? 0;
    if (list === 0) return;
    this.lists[node] = 0;
    this.roots[list] = this.heap.remove(this.roots[list]!, node);
  }

  has(flow: number): boolean {
    return (this.lists[rowOfFlow(flow)] ?? 0) !== 0;
  }

  head(list: number): number {
    return (this.roots[list] ?? 0) * FLOW_STRIDE;
  }
}
