import { flowOfRow, rowOfFlow } from '../rows/shapes.js';
import { IntrusiveHeap } from '../structures/heap.js';

/** An order of flows in lists: what comes first in each, and in which of two what comes first of both. */
export interface FlowOrder {
  /** The flow that comes first in a list, 0 when it is empty. */
  head(list: number): number;
  /** Whether the first flow of a list comes before that of another; neither is empty. */
  before(list: number, other: number): boolean;
}

/**
 * Flows in lists, each list a heap of one total order: by two numbers, then by `ties`. Nodes are the numbers of rows, and
 * the list of a flow is noted with its node, 0 when it is in none.
 */
export class FlowLists implements FlowOrder {
  private readonly heap: IntrusiveHeap;
  private readonly roots: number[] = [];

  constructor(ties: (flow: number, other: number) => boolean) {
    this.heap = new IntrusiveHeap((a, b) => ties(flowOfRow(a), flowOfRow(b)));
  }

  /** Puts a flow into a list; one that is in a list already moves to where it belongs now. */
  put(flow: number, list: number, first: number, second: number): void {
    const node = rowOfFlow(flow);
    const known = this.heap.note(node);
    if (known === list) this.roots[list] = this.heap.update(this.roots[list]!, node, first, second);
    else {
      if (known !== 0) this.roots[known] = this.heap.remove(this.roots[known]!, node);
      this.heap.ensure(node);
      this.heap.setNote(node, list);
      this.roots[list] = this.heap.insert(this.roots[list] ?? 0, node, first, second);
    }
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const node = rowOfFlow(flow);
    const list = this.heap.note(node);
    if (list === 0) return;
    this.heap.setNote(node, 0);
    this.roots[list] = this.heap.remove(this.roots[list]!, node);
  }

  has(flow: number): boolean {
    return this.heap.note(rowOfFlow(flow)) !== 0;
  }

  head(list: number): number {
    return flowOfRow(this.roots[list] ?? 0);
  }

  before(list: number, other: number): boolean {
    return this.heap.isBefore(this.roots[list]!, this.roots[other]!);
  }
}
