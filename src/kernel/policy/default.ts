import { EvidenceField, Lane, Shape } from '../../catalogue/generated/codes.js';
import { doubled } from '../flow-heads.js';
import { tagKey } from '../fold.js';
import { IntrusiveHeap } from '../heap.js';
import type { Choice, Difference, Policy, PolicyView } from './policy.js';

/** The tenants of one priority that compete in a class and shape. */
interface Priority {
  readonly priority: number;
  root: number;
}

const SHAPES = 3;

/**
 * The regular lane of `default@1` (policy.md, sections 1 to 3): strictly by priority, then by the tenant's tag, then
 * the DAG that would have finished first, then the longest path. Per class and shape a short sorted list of priorities;
 * in each a heap of tenants, in each a heap of flows, in each (FlowHeads) a heap of jobs.
 */
export class DefaultPolicy implements Policy {
  readonly id = 'default@1';
  private readonly tenants: IntrusiveHeap;
  private readonly flows: IntrusiveHeap;
  /** Lists of priorities, highest first, by class * 4 + shape. */
  private readonly lists: (Priority[] | undefined)[] = [];
  /** Root of the flows of a tenant node (tag row * 3 + shape + 1). */
  private flowRoots = new Uint32Array(256);
  private tenantOf = new Uint32Array(256);
  private dagOf = new Uint32Array(256);

  constructor(private readonly view: PolicyView) {
    const { tags, dags } = view.state;
    this.tenants = new IntrusiveHeap((a, b) => {
      const x = tagOf(a);
      const y = tagOf(b);
      return tags.c.tag[x] === tags.c.tag[y] ? tags.keyB[x]! < tags.keyB[y]! : tags.c.tag[x]! < tags.c.tag[y]!;
    });
    this.flows = new IntrusiveHeap((a, b) => {
      const x = this.dagOf[a]!;
      const y = this.dagOf[b]!;
      const { dagFinish } = dags.c;
      return dagFinish[x] === dagFinish[y] ? dags.keyA[x]! < dags.keyA[y]! : dagFinish[x]! < dagFinish[y]!;
    });
  }

  flowStarted(flow: number, dag: number): void {
    const { state } = this.view;
    const { dags, flows, tags } = state;
    const classAndShape = flows.keyB[flow]!;
    const priority = dags.c.priority[dag]!;
    const tag = tags.find(tagKey(classAndShape >>> 2, priority), dags.c.tenant[dag]!);
    const tenant = tag * SHAPES + (classAndShape & 3) + 1;
    this.makeRoom(flow, tenant);
    this.dagOf[flow] = dag;
    this.tenantOf[flow] = tenant;
    const wasEmpty = this.flowRoots[tenant] === 0;
    this.flowRoots[tenant] = this.flows.insert(this.flowRoots[tenant]!, flow);
    if (!wasEmpty) return;
    const entry = this.priorityEntry(classAndShape, priority, true)!;
    entry.root = this.tenants.insert(entry.root, tenant);
  }

  flowEnded(flow: number): void {
    const tenant = this.tenantOf[flow]!;
    if (tenant === 0 || !this.flows.contains(flow)) return;
    this.flowRoots[tenant] = this.flows.remove(this.flowRoots[tenant]!, flow);
    this.tenantOf[flow] = 0;
    if (this.flowRoots[tenant] !== 0) return;
    const list = this.lists[this.listOf(tenant)]!;
    const entry = this.priorityEntry(this.listOf(tenant), this.priorityOf(tenant), false)!;
    entry.root = this.tenants.remove(entry.root, tenant);
    if (entry.root === 0) list.splice(list.indexOf(entry), 1);
  }

  flowMoved(flow: number): void {
    const tenant = this.tenantOf[flow] ?? 0;
    if (tenant !== 0 && this.flows.contains(flow)) {
      this.flowRoots[tenant] = this.flows.update(this.flowRoots[tenant]!, flow);
    }
  }

  tagMoved(tag: number): void {
    for (let shape = 0; shape < SHAPES; shape++) {
      const tenant = tag * SHAPES + shape + 1;
      if (!this.tenants.contains(tenant)) continue;
      const entry = this.priorityEntry(this.listOf(tenant), this.priorityOf(tenant), false)!;
      entry.root = this.tenants.update(entry.root, tenant);
    }
  }

  jobAdded(): void {}

  jobRemoved(): void {}

  peek(classSeq: number, slots: number, into: Choice): Choice | null {
    let best = 0;
    let bestFlow = 0;
    for (let shape = 0; shape < SHAPES; shape++) {
      const flow = this.head(classSeq * 4 + shape);
      if (flow === 0) continue;
      const job = this.view.heads.head(flow);
      if (shape === Shape.wide && this.view.state.jobs.c.moreSlots[job]! >= slots) continue;
      if (best !== 0 && !this.before(job, flow, best, bestFlow)) continue;
      best = job;
      bestFlow = flow;
    }
    if (best === 0) return null;
    into.job = best;
    into.flow = bestFlow;
    into.lane = Lane.regular;
    return into;
  }

  compare(winner: Choice, loser: Choice): Difference {
    return this.difference(winner.job, this.dagOf[winner.flow]!, loser.job, this.dagOf[loser.flow]!);
  }

  private before(job: number, flow: number, other: number, otherFlow: number): boolean {
    const dag = this.dagOf[flow]!;
    const otherDag = this.dagOf[otherFlow]!;
    for (const field of KEY_FIELDS) {
      const a = this.keyOf(field, job, dag);
      const b = this.keyOf(field, other, otherDag);
      if (a !== b) return a < b;
    }
    return false;
  }

  private difference(job: number, dag: number, other: number, otherDag: number): Difference {
    for (const field of KEY_FIELDS) {
      const value = this.keyOf(field, other, otherDag);
      if (this.keyOf(field, job, dag) === value) continue;
      const isNegated = field === EvidenceField.priority || field === EvidenceField.rank;
      return { field, value: isNegated ? -value : value };
    }
    return { field: EvidenceField.none, value: 0 };
  }

  /** A field of the regular lane's key; smaller comes first. */
  private keyOf(field: number, job: number, dag: number): number {
    const { jobs, dags } = this.view.state;
    switch (field) {
      case EvidenceField.priority:
        return -dags.c.priority[dag]!;
      case EvidenceField.tenantTag:
        return this.tagValue(job, dag);
      case EvidenceField.tenantSeq:
        return dags.c.tenant[dag]!;
      case EvidenceField.dagFinish:
        return dags.c.dagFinish[dag]!;
      case EvidenceField.dagSeq:
        return dags.keyA[dag]!;
      case EvidenceField.rank:
        return -jobs.c.rank[job]!;
      default:
        return jobs.c.readySeq[job]!;
    }
  }

  private tagValue(job: number, dag: number): number {
    const { jobs, dags, tags } = this.view.state;
    return tags.c.tag[tags.find(tagKey(jobs.c.class[job]!, dags.c.priority[dag]!), dags.c.tenant[dag]!)]!;
  }

  /** The first flow of a class and shape. */
  private head(classAndShape: number): number {
    const list = this.lists[classAndShape];
    return list === undefined || list.length === 0 ? 0 : this.flowRoots[list[0]!.root]!;
  }

  private listOf(tenant: number): number {
    const { tags } = this.view.state;
    return Math.floor(tags.keyA[tagOf(tenant)]! / 2 ** 21) * 4 + ((tenant - 1) % SHAPES);
  }

  private priorityOf(tenant: number): number {
    const key = this.view.state.tags.keyA[tagOf(tenant)]!;
    return (key % 2 ** 21) - 2 ** 20;
  }

  /** The entry of a priority in a sorted list, found by halving. */
  private priorityEntry(classAndShape: number, priority: number, make: boolean): Priority | null {
    let list = this.lists[classAndShape];
    if (list === undefined) {
      list = [];
      this.lists[classAndShape] = list;
    }
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.priority > priority) low = middle + 1;
      else high = middle;
    }
    const found = list[low];
    if (found !== undefined && found.priority === priority) return found;
    if (!make) return null;
    const entry: Priority = { priority, root: 0 };
    list.splice(low, 0, entry);
    return entry;
  }

  private makeRoom(flow: number, tenant: number): void {
    this.flows.ensure(flow);
    this.tenants.ensure(tenant);
    if (flow >= this.dagOf.length) {
      this.dagOf = doubled(this.dagOf, flow);
      this.tenantOf = doubled(this.tenantOf, flow);
    }
    if (tenant >= this.flowRoots.length) this.flowRoots = doubled(this.flowRoots, tenant);
  }
}

/** The key of the regular lane, in the order in which it is compared. */
const KEY_FIELDS = [
  EvidenceField.priority,
  EvidenceField.tenantTag,
  EvidenceField.tenantSeq,
  EvidenceField.dagFinish,
  EvidenceField.dagSeq,
  EvidenceField.rank,
  EvidenceField.readySeq,
] as const;

/** Tag row of a tenant node. */
function tagOf(tenant: number): number {
  return Math.floor((tenant - 1) / SHAPES);
}
