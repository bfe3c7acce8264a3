import { EvidenceField, Lane, Risk, Shape } from '../../catalogue/generated/codes.js';
import { rowOfFlow } from '../rows/shapes.js';
import { doubled } from '../structures/grow.js';
import { FirstFlow } from './first-flow.js';
import { Key, partsOf } from './key.js';
import { KeyedLists } from './keyed-lists.js';
import type { Choice, Difference, KeyValue, Policy, PolicyView, Room } from './policy.js';
import { longMayStart, shortReserveEnds } from './reserve.js';
import { Sizes } from './sizes.js';
import { TenantOrder } from './tenant-order.js';

/**
 * `default@1` (policy.md). Three lanes: guard, the DAG that is most overdue, for 1/16 of slot time; urgent, flows at
 * risk, by priority, then the smallest need, then the DAG that came first; regular, by priority, tenant, DAG and rank.
 * A flow that is at risk stands in the urgent order, any other in the regular one, and all of them by when they are
 * due.
 */
export class DefaultPolicy implements Policy {
  readonly id = 'default@1';
  readonly hasLanes = true;
  readonly followsService = false;
  private readonly sizes: Sizes;
  private readonly due: KeyedLists;
  private readonly urgent: KeyedLists;
  private readonly regular: TenantOrder;
  private readonly firstDue: FirstFlow;
  private readonly firstUrgent: FirstFlow;
  /** The lane in which each flow stands, by its row; 0 while it doesn't compete. */
  private lanes = new Uint8Array(256);
  private readonly keys: readonly Key[];

  constructor(private readonly view: PolicyView) {
    const { dags, flows } = view.state;
    this.sizes = new Sizes(view.state, view.heads);
    this.due = new KeyedLists();
    this.urgent = new KeyedLists((a, b) => {
      const s = dags.keyA[view.dagOf[a]!]!;
      const t = dags.keyA[view.dagOf[b]!]!;
      return s === t ? flows.c.flowSeq[a]! < flows.c.flowSeq[b]! : s < t;
    });
    this.regular = new TenantOrder(view);
    this.firstDue = new FirstFlow(this.sizes, this.due);
    this.firstUrgent = new FirstFlow(this.sizes, this.urgent);
    const p = partsOf(view.state);
    this.keys = [
      [p.dueAt, p.flowSeq, p.rank, p.readySeq],
      [p.priority, p.needMs, p.dagSeq, p.flowSeq, p.rank, p.readySeq],
      [p.priority, p.tenantTag, p.tenantSeq, p.dagFinish, p.dagSeq, p.rank, p.readySeq],
    ].map((parts) => new Key(view.state, parts));
  }

  flowStarted(flow: number, dag: number): void {
    this.place(flow, dag);
  }

  flowEnded(flow: number): void {
    if (this.standsIn(flow) === 0) return;
    this.due.take(flow);
    this.leaveLane(flow);
  }

  flowMoved(flow: number): void {
    if (this.standsIn(flow) !== 0) this.place(flow, this.view.dagOf[flow]!);
  }

  /** Only the urgent order looks at the need: a flow that was not at risk and is not now stays where it is. */
  needChanged(flow: number): void {
    const lane = this.standsIn(flow);
    if (lane === 0) return;
    const isUrgent = this.view.state.flows.c.risk[flow] === Risk.atRisk;
    if (isUrgent || lane === Lane.urgent) this.placeInLane(flow, this.view.dagOf[flow]!, this.sizes.listOf(flow));
  }

  private place(flow: number, dag: number): void {
    const list = this.sizes.listOf(flow);
    const { dags, flows } = this.view.state;
    const row = rowOfFlow(flow);
    if (row >= this.lanes.length) this.lanes = doubled(this.lanes, row + 1);
    this.due.put(flow, list, dags.c.dueAtMs[dag]!, flows.c.flowSeq[flow]!);
    this.placeInLane(flow, dag, list);
  }

  private placeInLane(flow: number, dag: number, list: number): void {
    const { dags, flows } = this.view.state;
    const lane = flows.c.risk[flow] === Risk.atRisk ? Lane.urgent : Lane.regular;
    if (this.standsIn(flow) !== lane) this.leaveLane(flow);
    this.lanes[rowOfFlow(flow)] = lane;
    if (lane === Lane.urgent) this.urgent.put(flow, list, -dags.c.priority[dag]!, flows.c.needMs[flow]!);
    else this.regular.put(flow, dag, list, dags.c.dagFinish[dag]!);
  }

  /** The lane in which a flow stands, 0 when it doesn't compete. */
  private standsIn(flow: number): number {
    return this.lanes[rowOfFlow(flow)] ?? 0;
  }

  private leaveLane(flow: number): void {
    const lane = this.standsIn(flow);
    if (lane === Lane.urgent) this.urgent.take(flow);
    else if (lane === Lane.regular) this.regular.take(flow);
    this.lanes[rowOfFlow(flow)] = 0;
  }

  tagMoved(tag: number): void {
    this.regular.tagMoved(tag);
  }

  dagServed(): void {}

  jobAdded(): void {}

  jobRemoved(): void {}

  advance(): void {}

  peek(room: Room, into: Choice): Choice | null {
    const { state } = this.view;
    const { cls } = room;
    if (state.classes.c.guardCredit[cls]! >= 0) {
      const flow = this.firstDue.of(room);
      if (flow !== 0 && this.dueAt(flow) <= room.at) return this.take(flow, Lane.guard, into);
    }
    const long = longMayStart(state, cls, room.at, room.longEnds);
    const urgent = this.firstUrgent.of(room, long);
    const regular = this.sizes.first(this.regular, room, long);
    if (urgent !== 0 && (regular === 0 || !this.regularGoesFirst(cls, regular, urgent))) {
      return this.take(urgent, Lane.urgent, into);
    }
    return regular === 0 ? null : this.take(regular, Lane.regular, into);
  }

  private dueAt(flow: number): number {
    return this.view.state.dags.c.dueAtMs[this.view.dagOf[flow]!]!;
  }

  /** The head of the regular order, of a higher priority or another tenant, has its share (policy.md: Deadlines). */
  private regularGoesFirst(cls: number, regular: number, urgent: number): boolean {
    const { classes, dags } = this.view.state;
    const { priority, tenant } = dags.c;
    const dag = this.view.dagOf[regular]!;
    const other = this.view.dagOf[urgent]!;
    if (priority[dag]! <= priority[other]! && tenant[dag] === tenant[other]) return false;
    return classes.c.regularCredit[cls]! >= 0;
  }

  private take(flow: number, lane: number, into: Choice): Choice {
    into.flow = flow;
    into.dag = this.view.dagOf[flow]!;
    into.job = this.view.heads.head(flow);
    into.lane = lane;
    return into;
  }

  hasUnfit(room: Room, most: number): boolean {
    return this.sizes.hasUnfit(this.due, room, most);
  }

  /** A wide head's patience, the end of the short reserve, and when the guard takes one before what waits. */
  nextAt(room: Room, most: number): number {
    const { state } = this.view;
    const { cls } = room;
    const holdsLong = !longMayStart(state, cls, room.at, room.longEnds);
    const guards = state.classes.c.guardCredit[cls]! >= 0;
    const urgent = this.sizes.nextPatience(this.urgent, room, most);
    let next = Math.min(urgent, this.sizes.nextPatience(this.regular, room, most));
    const { count, codes, lists } = this.sizes.of(room.classSeq);
    for (let i = 0; i < count && codes[i]! <= Math.max(Shape.long, most); i++) {
      const due = this.due.head(lists[i]!);
      if (due === 0) continue;
      if (holdsLong && codes[i] === Shape.long) next = Math.min(next, shortReserveEnds(state, cls));
      if (guards && this.dueAt(due) > room.at) next = Math.min(next, this.dueAt(due));
    }
    return next;
  }

  headOf(flow: number): number {
    return this.view.heads.head(flow);
  }

  laneOf(flow: number): number {
    return this.standsIn(flow) === Lane.urgent ? Lane.urgent : Lane.regular;
  }

  compare(winner: Choice, loser: Choice): Difference {
    if (winner.lane !== loser.lane) return { field: EvidenceField.lane, value: loser.lane };
    return this.keys[winner.lane]!.difference(winner, loser);
  }

  keyOf(choice: Choice): readonly KeyValue[] {
    return this.keys[choice.lane]!.valuesOf(choice);
  }
}
