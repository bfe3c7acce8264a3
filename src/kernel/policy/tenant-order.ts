import { tagKey } from '../fold.js';
import { doubled } from '../grow.js';
import { IntrusiveHeap } from '../heap.js';
import { FLOW_STRIDE, rowOfFlow } from '../shapes.js';
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
  private readonly tenants: IntrusiveHeap;
  private readonly flows: IntrusiveHeap;
  private readonly lists: (Priority[] | undefined)[] = [];
  private nodeOf = new Uint32Array(256);
  private firstOfTag = new Uint32Array(64);
  private tagOf = new Uint32Array(64);
  private listOf = new Uint32Array(64);
  private nextOf = new Uint32Array(64);
  private rootOf = new Uint32Array(64);
  private readonly free: number[] = [];
  private high = 1;

  /** `dagBefore` is a total order of the DAGs of a tenant, of which it gets the flows. */
  constructor(
    private readonly view: PolicyView,
    private readonly dagBefore: (flow: number, dag: number, other: number, otherDag: number) => boolean,
  ) {
    const { tags } = view.state;
    this.tenants = new IntrusiveHeap((a, b) => {
      const x = this.tagOf[a]!;
      const y = this.tagOf[b]!;
      return tags.c.tag[x] === tags.c.tag[y] ? tags.keyB[x]! < tags.keyB[y]! : tags.c.tag[x]! < tags.c.tag[y]!;
    });
    this.flows = new IntrusiveHeap((a, b) => {
      const flow = a * FLOW_STRIDE;
      const other = b * FLOW_STRIDE;
      return dagBefore(flow, view.dagOf[flow]!, other, view.dagOf[other]!);
    });
  }

  /** Puts a flow into a list; one that is in a list already moves to where it belongs now. */
  put(flow: number, dag: number, list: number): void {
    const row = rowOfFlow(flow);
    const known = this.nodeOf[row] ?? 0;
    if (known !== 0 && this.listOf[known] === list) {
      this.rootOf[known] = this.flows.update(this.rootOf[known]!, row);
      return;
    }
    if (known !== 0) this.take(flow);
    const { state } = this.view;
    const priority = state.dags.c.priority[dag]!;
    const classSeq = state.flows.keyB[flow]! >>> 2;
    const tag = state.tags.find(tagKey(classSeq, priority), state.dags.c.tenant[dag]!);
    const node = this.node(tag, list);
    if (row >= this.nodeOf.length) this.nodeOf = doubled(this.nodeOf, row + 1);
    this.flows.ensure(row);
    this.nodeOf[row] = node;
    const root = this.rootOf[node]!;
    this.rootOf[node] = this.flows.insert(root, row);
    if (root !== 0) return;
    const entry = this.priorityEntry(list, priority, true)!;
    entry.root = this.tenants.insert(entry.root, node);
  }

  /** Takes a flow out; nothing happens when it is in no list. */
  take(flow: number): void {
    const row = rowOfFlow(flow);
    const node = this.nodeOf[row] ?? 0;
    if (node === 0) return;
    this.nodeOf[row] = 0;
    this.rootOf[node] = this.flows.remove(this.rootOf[node]!, row);
    if (this.rootOf[node] !== 0) return;
    const list = this.lists[this.listOf[node]!]!;
    const entry = this.priorityEntry(this.listOf[node]!, this.priorityOf(node), false)!;
    entry.root = this.tenants.remove(entry.root, node);
    if (entry.root === 0) list.splice(list.indexOf(entry), 1);
    this.drop(node);
  }

  has(flow: number): boolean {
    return (this.nodeOf[rowOfFlow(flow)] ?? 0) !== 0;
  }

  /** The tag of a tenant has changed. */
  tagMoved(tag: number): void {
    for (let node = this.firstOfTag[tag] ?? 0; node !== 0; node = this.nextOf[node]!) {
      const entry = this.priorityEntry(this.listOf[node]!, this.priorityOf(node), false)!;
      entry.root = this.tenants.update(entry.root, node);
    }
  }

  head(list: number): number {
    const priorities = this.lists[list];
    return priorities === undefined || priorities.length === 0 ? 0 : this.rootOf[priorities[0]!.root]! * FLOW_STRIDE;
  }

  /** By the whole key, the heads' included. */
  before(flow: number, other: number): boolean {
    const { dags, tags, jobs } = this.view.state;
    const dag = this.view.dagOf[flow]!;
    const otherDag = this.view.dagOf[other]!;
    const { priority, tenant } = dags.c;
    if (priority[dag] !== priority[otherDag]) return priority[dag]! > priority[otherDag]!;
    const tag = tags.c.tag[this.tagOf[this.nodeOf[rowOfFlow(flow)]!]!]!;
    const otherTag = tags.c.tag[this.tagOf[this.nodeOf[rowOfFlow(other)]!]!]!;
    if (tag !== otherTag) return tag < otherTag;
    if (tenant[dag] !== tenant[otherDag]) return tenant[dag]! < tenant[otherDag]!;
    if (dag !== otherDag) return this.dagBefore(flow, dag, other, otherDag);
    const { rank, readySeq } = jobs.c;
    const job = this.view.heads.head(flow);
    const otherJob = this.view.heads.head(other);
    return rank[job] === rank[otherJob] ? readySeq[job]! < readySeq[otherJob]! : rank[job]! > rank[otherJob]!;
  }

  private priorityOf(node: number): number {
    return (this.view.state.tags.keyA[this.tagOf[node]!]! % 2 ** 21) - 2 ** 20;
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

  /** The entry of a priority in a sorted list, found by halving. */
  private priorityEntry(list: number, priority: number, make: boolean): Priority | null {
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
    if (!make) return null;
    const entry: Priority = { priority, root: 0 };
    entries.splice(low, 0, entry);
    return entry;
  }
}
