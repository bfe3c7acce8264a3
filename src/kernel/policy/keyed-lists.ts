import { flowOfRow, rowOfFlow } from '../rows/shapes.js';
import { ArrayHeap, Places } from '../structures/array-heap.js';
import { doubled } from '../structures/grow.js';
import type { FlowOrder } from './flow-lists.js';

/**
 * Flows in lists, as FlowLists has them, where two numbers of each are what orders them, then `ties`, an order that never
 * changes. One of tens of thousands leaves without a look at most of its neighbours.
 */
export class KeyedLists implements FlowOrder {
  /** Nodes are the numbers of rows; the list of a flow is noted with its node, 0 when it is in none. */
  private readonly places = new Places();
  private readonly heaps: (ArrayHeap | undefined)[] = [];
  /** The node that comes first in each list, 0 for none: asked for far more often than it changes. */
  private firsts = new Int32Array(8);
  /** Rises whenever a flow is put in, moves or is taken out. */
  changes = 0;
  private readonly ties: ((a: number, b: number) => boolean) | undefined;

  constructor(ties?: (flow: number, other: number) => boolean) {
    this.ties = ties === undefined ? undefined : (a, b) => ties(flowOfRow(a), flowOfRow(b));
  }

  /** Puts a flow into a list; one that is in a list already moves to where it belongs now. */
  put(flow: number, list: number, first: number, second: number): void {
    const node = rowOfFlow(flow);
    const known = this.places.note(node);
    if (known === list) {
      if (this.heaps[list]!.update(node, first, second)) this.note(list);
      return;
    }
    if (known !== 0) this.remove(node, known);
    this.places.ensure(node);
    this.places.setNote(node, list);
    this.heap(list).insert(node, first, second);
    this.note(list);
  }

  private heap(list: number): ArrayHeap {
    let heap = this.heaps[list];
    if (heap === undefined) {
      heap = new ArrayHeap(this.places, this.ties);
      this.heaps[list] = heap;
      this.firsts = doubled(this.firsts, list + 1);
    }
    return heap;
  }

  private remove(node: number, list: number): void {
    this.heaps[list]!.remove(node);
    this.note(list);
  }

  /** A list has changed. */
  private note(list: number): void {
    this.firsts[list] = this.heaps[list]!.top;
    this.changes += 1;
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const node = rowOfFlow(flow);
    const list = this.places.note(node);
    if (list === 0) return;
    this.places.setNote(node, 0);
    this.remove(node, list);
  }

  head(list: number): number {
    return list < this.firsts.length ? flowOfRow(this.firsts[list]!) : 0;
  }

  before(list: number, other: number): boolean {
    return this.heaps[list]!.isBefore(this.heaps[other]!);
  }
}
