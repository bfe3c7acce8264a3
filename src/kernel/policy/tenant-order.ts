import { classOfFlow, tagKey } from '../rows/keys.js';
import { flowOfRow, rowOfFlow, rowOfTag } from '../rows/shapes.js';
import { ArrayHeap, Places } from '../structures/array-heap.js';
import { doubled } from '../structures/grow.js';
import { IntrusiveHeap } from '../structures/heap.js';
import type { FlowOrder } from './flow-lists.js';
import type { PolicyView } from './policy.js';

/** The tenants of one priority that compete in a list: their nodes by (tag, tenantSeq). */
interface Priority {
  priority: number;
  readonly tenants: ArrayHeap;
}

/**
 * Flows strictly by priority, then by their tenant's tag, then in an order of its DAGs, then by their heads: in each
 * list a short sorted list of priorities, in each a heap of tenants, in each a heap of flows. A tenant in a list is a
 * node; the nodes of one tag row are chained, so that a tag that moved finds them. A tag that grew leaves its nodes
 * where they are, ahead of where they belong: that is put right when one of them comes to be first.
 */
export class TenantOrder implements FlowOrder {
  private readonly places = new Places();
  /** Rows of a tenant's flows by (what the policy says of their DAG, dagSeq); noted with each is its tenant's node. */
  private readonly flows = new IntrusiveHeap();
  private readonly lists: (Priority[] | undefined)[] = [];
  private firstOfTag = new Int32Array(64);
  private tagOf = new Int32Array(64);
  private listOf = new Int32Array(64);
  private nextOf = new Int32Array(64);
  private rootOf = new Int32Array(64);
  /** Where each node's tenant competes, while it has flows. */
  private readonly entryOf: Priority[] = [];
  private readonly free: number[] = [];
  /** Entries that had no tenants left, with their heaps' memory. */
  private readonly spare: Priority[] = [];
  private high = 1;

  constructor(private readonly view: PolicyView) {}

  /**
   * Puts a flow into a list, `dagKey` being what the DAGs of a tenant are ordered by; one that is in a list already
   * moves to where it belongs now.
   */
  put(flow: number, dag: number, list: number, dagKey: number): void {
    const row = rowOfFlow(flow);
    const known = this.flows.note(row);
    const { state } = this.view;
    const dagSeq = state.dags.keyA[dag]!;
    if (known !== 0 && this.listOf[known] === list) {
      this.rootOf[known] = this.flows.update(this.rootOf[known]!, row, dagKey, dagSeq);
      return;
    }
    if (known !== 0) this.take(flow);
    const priority = state.dags.c.priority[dag]!;
    const classSeq = classOfFlow(state.flows.keyB[flow]!);
    const tag = state.tags.find(tagKey(classSeq, priority), state.dags.c.tenant[dag]!);
    const node = this.node(tag, list);
    this.flows.ensure(row);
    this.flows.setNote(row, node);
    const root = this.rootOf[node]!;
    this.rootOf[node] = this.flows.insert(root, row, dagKey, dagSeq);
    if (root !== 0) return;
    const entry = this.priorityEntry(list, priority);
    this.entryOf[node] = entry;
    entry.tenants.insert(node, state.tags.c.tag[tag]!, state.tags.keyB[tag]!);
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const row = rowOfFlow(flow);
    const node = this.flows.note(row);
    if (node === 0) return;
    this.flows.setNote(row, 0);
    this.rootOf[node] = this.flows.remove(this.rootOf[node]!, row);
    if (this.rootOf[node] !== 0) return;
    const entry = this.entryOf[node]!;
    entry.tenants.remove(node);
    if (entry.tenants.size === 0) {
      const list = this.lists[this.listOf[node]!]!;
      list.splice(list.indexOf(entry), 1);
      this.spare.push(entry);
    }
    this.drop(node);
  }

  has(flow: number): boolean {
    return this.flows.note(rowOfFlow(flow)) !== 0;
  }

  /** The tag of a tenant has changed: where it is less than before, its nodes move. */
  tagMoved(tag: number): void {
    const { c, keyB } = this.view.state.tags;
    for (let node = this.firstOfTag[rowOfTag(tag)] ?? 0; node !== 0; node = this.nextOf[node]!) {
      const { tenants } = this.entryOf[node]!;
      if (c.tag[tag]! < tenants.firstOf(node)) tenants.update(node, c.tag[tag]!, keyB[tag]!);
    }
  }

  head(list: number): number {
    const priorities = this.lists[list];
    return priorities === undefined || priorities.length === 0
      ? 0
      : flowOfRow(this.rootOf[this.first(priorities[0]!)]!);
  }

  /**
   * The node that comes first of a priority; those that stand ahead of it by tags that have grown move to their places.
   */
  private first({ tenants }: Priority): number {
    const { c, keyB } = this.view.state.tags;
    for (;;) {
      const node = tenants.top;
      const tag = this.tagOf[node]!;
      if (c.tag[tag] === tenants.topFirst) return node;
      tenants.update(node, c.tag[tag]!, keyB[tag]!);
    }
  }

  /**
   * By the whole key, the heads' included; mostly the priorities or the tenants differ, and no row is read. Both heads
   * have been looked at since the last change.
   */
  before(list: number, other: number): boolean {
    const first = this.lists[list]![0]!;
    const second = this.lists[other]![0]!;
    if (first.priority !== second.priority) return first.priority > second.priority;
    const node = first.tenants.top;
    const otherNode = second.tenants.top;
    // In one class a tenant has one tag of a priority.
    if (this.tagOf[node] !== this.tagOf[otherNode]) return first.tenants.isBefore(second.tenants);
    const { dagOf } = this.view;
    const row = this.rootOf[node]!;
    const otherRow = this.rootOf[otherNode]!;
    const flow = flowOfRow(row);
    const otherFlow = flowOfRow(otherRow);
    return dagOf[flow] === dagOf[otherFlow] ? this.headIsBefore(flow, otherFlow) : this.flows.isBefore(row, otherRow);
  }

  private headIsBefore(flow: number, other: number): boolean {
    const { rank, readySeq } = this.view.state.jobs.c;
    const job = this.view.heads.head(flow);
    const otherJob = this.view.heads.head(other);
    return rank[job] === rank[otherJob] ? readySeq[job]! < readySeq[otherJob]! : rank[job]! > rank[otherJob]!;
  }

  /** The node of a tag row in a list, made if it is not there. */
  private node(tag: number, list: number): number {
    const row = rowOfTag(tag);
    if (row >= this.firstOfTag.length) this.firstOfTag = doubled(this.firstOfTag, row + 1);
    for (let node = this.firstOfTag[row]!; node !== 0; node = this.nextOf[node]!) {
      if (this.listOf[node] === list) return node;
    }
    const node = this.free.length > 0 ? this.free.pop()! : this.high++;
    if (node >= this.tagOf.length) {
      this.tagOf = doubled(this.tagOf, node + 1);
      this.listOf = doubled(this.listOf, node + 1);
      this.nextOf = doubled(this.nextOf, node + 1);
      this.rootOf = doubled(this.rootOf, node + 1);
    }
    this.places.ensure(node);
    this.tagOf[node] = tag;
    this.listOf[node] = list;
    this.nextOf[node] = this.firstOfTag[row]!;
    this.firstOfTag[row] = node;
    return node;
  }

  /** A node without flows goes. */
  private drop(node: number): void {
    const row = rowOfTag(this.tagOf[node]!);
    if (this.firstOfTag[row] === node) this.firstOfTag[row] = this.nextOf[node]!;
    else {
      let before = this.firstOfTag[row]!;
      while (this.nextOf[before] !== node) before = this.nextOf[before]!;
      this.nextOf[before] = this.nextOf[node]!;
    }
    this.free.push(node);
  }

  /** The entry of a priority in a sorted list, found by halving, made if it is not there. */
  private priorityEntry(list: number, priority: number): Priority {
    let entries = this.lists[list];
    if (entries === undefined) {
      entries = [];
      this.lists[list] = entries;
    }
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle]!.priority > priority) low = middle + 1;
      else high = middle;
    }
    const found = entries[low];
    if (found !== undefined && found.priority === priority) return found;
    const entry = this.spare.pop() ?? { priority, tenants: new ArrayHeap(this.places) };
    entry.priority = priority;
    entries.splice(low, 0, entry);
    return entry;
  }
}
