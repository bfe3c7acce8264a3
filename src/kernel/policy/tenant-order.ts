import { tagKey } from '../fold.js';
import { doubled } from '../grow.js';
import { IntrusiveHeap } from '../heap.js';
import { flowOfRow, rowOfFlow } from '../shapes.js';
import type { FlowOrder } from './flow-lists.js';
import type { PolicyView } from './policy.js';

/** The tenants of one priority that compete in a list, as a heap. */
interface Priority {
  readonly priority: number;
  root: number;
}

/**
 * Flows strictly by priority, then by their tenant's tag, then in an order of its DAGs, then by their heads: in each
 * list a short sorted list of priorities, in each a heap of tenants, in each a heap of flows. A tenant in a list is a
 * node; the nodes of one tag row are chained, so that a tag that moved finds them.
 */
export class TenantOrder implements FlowOrder {
  /** Nodes of tenants by (tag, tenantSeq). */
  private readonly tenants = new IntrusiveHeap();
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
  private high = 1;

  constructor(private readonly view: PolicyView) {}

  /**
   * Puts a flow into a list, `dagKey` being what the DAGs of a tenant are ordered by; one that is in a list already moves
   * to where it belongs now.
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
    const classSeq = state.flows.keyB[flow]! >>> 2;
    const tag = state.tags.find(tagKey(classSeq, priority), state.dags.c.tenant[dag]!);
    const node = this.node(tag, list);
    this.flows.ensure(row);
    this.flows.setNote(row, node);
    const root = this.rootOf[node]!;
    this.rootOf[node] = this.flows.insert(root, row, dagKey, dagSeq);
    if (root !== 0) return;
    const entry = this.priorityEntry(list, priority);
    this.entryOf[node] = entry;
    entry.root = this.tenants.insert(entry.root, node, state.tags.c.tag[tag]!, state.tags.keyB[tag]!);
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
    entry.root = this.tenants.remove(entry.root, node);
    if (entry.root === 0) {
      const list = this.lists[this.listOf[node]!]!;
      list.splice(list.indexOf(entry), 1);
    }
    this.drop(node);
  }

  has(flow: number): boolean {
    return this.flows.note(rowOfFlow(flow)) !== 0;
  }

  /** The tag of a tenant has changed. */
  tagMoved(tag: number): void {
    const { c, keyB } = this.view.state.tags;
    for (let node = this.firstOfTag[tag] ?? 0; node !== 0; node = this.nextOf[node]!) {
      const entry = this.entryOf[node]!;
      entry.root = this.tenants.update(entry.root, node, c.tag[tag]!, keyB[tag]!);
    }
  }

  head(list: number): number {
    const priorities = this.lists[list];
    return priorities === undefined || priorities.length === 0 ? 0 : flowOfRow(this.rootOf[priorities[0]!.root]!);
  }

  /** By the whole key, the heads' included; mostly the priorities or the tenants differ, and no row is read. */
  before(list: number, other: number): boolean {
    const first = this.lists[list]![0]!;
    const second = this.lists[other]![0]!;
    if (first.priority !== second.priority) return first.priority > second.priority;
    // In one class a tenant has one tag of a priority.
    if (this.tagOf[first.root] !== this.tagOf[second.root]) return this.tenants.isBefore(first.root, second.root);
    const { dagOf } = this.view;
    const row = this.rootOf[first.root]!;
    const otherRow = this.rootOf[second.root]!;
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
    if (tag >= this.firstOfTag.length) this.firstOfTag = doubled(this.firstOfTag, tag + 1);
    for (let node = this.firstOfTag[tag]!; node !== 0; node = this.nextOf[node]!) {
      if (this.listOf[node] === list) return node;
    }
    const node = this.free.length > 0 ? this.free.pop()! : this.high++;
    if (node >= this.tagOf.length) {
      this.tagOf = doubled(this.tagOf, node + 1);
      this.listOf = doubled(this.listOf, node + 1);
      this.nextOf = doubled(this.nextOf, node + 1);
      this.rootOf = doubled(this.rootOf, node + 1);
    }
    this.tenants.ensure(node);
    this.tagOf[node] = tag;
    this.listOf[node] = list;
    this.nextOf[node] = this.firstOfTag[tag]!;
    this.firstOfTag[tag] = node;
    return node;
  }

  /** A node without flows goes. */
  private drop(node: number): void {
    const tag = this.tagOf[node]!;
    if (this.firstOfTag[tag] === node) this.firstOfTag[tag] = this.nextOf[node]!;
    else {
      let before = this.firstOfTag[tag]!;
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
    const entry: Priority = { priority, root: 0 };
    entries.splice(low, 0, entry);
    return entry;
  }
}
