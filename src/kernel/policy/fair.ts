import { EvidenceField, Lane } from '../../catalogue/generated/codes.js';
import { dagTagOf } from '../evolve/fair-dags.js';
import { classOfFlow } from '../rows/keys.js';
import { Key, ofDag, partsOf } from './key.js';
import type { Choice, Difference, KeyValue, Policy, PolicyView, Room } from './policy.js';
import { Sizes } from './sizes.js';
import { TenantOrder } from './tenant-order.js';

/**
 * `fair@1`: strictly by priority, tenants by start-time fair queueing, and the DAGs of a tenant in the same way: equal
 * shares all the way down. No lanes and no reserve for short jobs.
 */
export class FairPolicy implements Policy {
  readonly id = 'fair@1';
  readonly hasLanes = false;
  readonly followsService = true;
  private readonly sizes: Sizes;
  private readonly order: TenantOrder;
  private readonly key: Key;

  constructor(private readonly view: PolicyView) {
    const { state } = view;
    this.sizes = new Sizes(state, view.heads);
    this.order = new TenantOrder(view);
    const p = partsOf(state);
    const dagTag = ofDag(EvidenceField.dagTag, ({ job, dag }) => dagTagOf(state, dag, state.jobs.c.class[job]!));
    this.key = new Key(state, [p.priority, p.tenantTag, p.tenantSeq, dagTag, p.dagSeq, p.rank, p.readySeq]);
  }

  flowStarted(flow: number, dag: number): void {
    const dagTag = dagTagOf(this.view.state, dag, classOfFlow(this.view.state.flows.keyB[flow]!));
    this.order.put(flow, dag, this.sizes.listOf(flow), dagTag);
  }

  flowEnded(flow: number): void {
    this.order.take(flow);
  }

  flowMoved(flow: number): void {
    if (this.order.has(flow)) this.flowStarted(flow, this.view.dagOf[flow]!);
  }

  needChanged(): void {}

  tagMoved(tag: number): void {
    this.order.tagMoved(tag);
  }

  dagServed(dag: number): void {
    this.view.eachFlow(dag, (flow) => this.flowMoved(flow));
  }

  jobAdded(): void {}

  jobRemoved(): void {}

  advance(): void {}

  peek(room: Room, into: Choice): Choice | null {
    return this.take(this.sizes.first(this.order, room), into);
  }

  hasUnfit(room: Room, most: number): boolean {
    return this.sizes.hasUnfit(this.order, room, most);
  }

  nextAt(room: Room, most: number): number {
    return this.sizes.nextPatience(this.order, room, most);
  }

  private take(flow: number, into: Choice): Choice | null {
    if (flow === 0) return null;
    into.flow = flow;
    into.dag = this.view.dagOf[flow]!;
    into.job = this.view.heads.head(flow);
    into.lane = Lane.regular;
    return into;
  }

  headOf(flow: number): number {
    return this.view.heads.head(flow);
  }

  laneOf(): number {
    return Lane.regular;
  }

  compare(winner: Choice, loser: Choice): Difference {
    return this.key.difference(winner, loser);
  }

  keyOf(choice: Choice): readonly KeyValue[] {
    return this.key.valuesOf(choice);
  }
}
