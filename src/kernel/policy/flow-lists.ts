import { doubled } from '../grow.js';
import { IntrusiveHeap } from '../heap.js';

/** An order of flows in lists: what comes first in each, and which of two comes first. */
export interface FlowOrder {
  /** The flow that comes first in a list, 0 when it is empty. */
  head(list: number): number;
  before(flow: number, other: number): boolean;
}

/** Flows in lists, each list a heap of one total order. */
export class FlowLists implements FlowOrder {
  private readonly heap: IntrusiveHeap;
  /** List of a flow, 0 when it is in none. */
  private lists = new Uint32Array(256);
  private readonly roots: number[] = [];

  constructor(readonly before: (flow: number, other: number) => boolean) {
    this.heap = new IntrusiveHeap(before);
  }

  /** Puts a flow into a list; one that is in a list already moves to where it belongs now. */
  put(flow: number, list: number): void {
    if (flow >= this.lists.length) this.lists = doubled(this.lists, flow + 1);
    const known = this.lists[flow]!;
    if (known === list) this.roots[list] = this.heap.update(this.roots[list]!, flow);
    else {
      if (known !== 0) this.roots[known] = this.heap.remove(this.roots[known]!, flow);
      this.heap.ensure(flow);
      this.lists[flow] = list;
      this.roots[list] = this.heap.insert(this.roots[list] ?? 0, flow);
    }
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const list = this.lists[flow] ?? 0;
    if (list === 0) return;
    this.lists[flow] = 0;
    this.roots[list] = this.heap.remove(this.roots[list]!, flow);
  }

  has(flow: number): boolean {
    return (this.lists[flow] ?? 0) !== 0;
  }

  head(list: number): number {
    return this.roots[list] ?? 0;
  }
}
