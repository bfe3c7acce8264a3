import { Lane } from '../../catalogue/generated/codes.js';
import { FlowHeads } from '../indexes/flow-heads.js';
import { FlowLists } from './flow-lists.js';
import { Key, type KeyPart } from './key.js';
import type { Choice, Difference, KeyValue, Policy, PolicyView, Room } from './policy.js';
import { Sizes } from './sizes.js';

const a: Choice = { job: 0, flow: 0, dag: 0, lane: Lane.regular };
const b: Choice = { job: 0, flow: 0, dag: 0, lane: Lane.regular };

/** A field of a key that time alone changes, for whole DAGs by their rows. */
export interface Timed {
  /** Jobs of the DAG compete, or its deadline is another one. */
  entered(dag: number): void;
  /** It is `at`: calls back with each DAG of which the field has changed; false: nothing of it competes any more. */
  advance(at: number, moved: (dag: number) => boolean): void;
  /** The earliest moment after the last `advance` at which the field of a DAG that competes changes; infinity for none. */
  nextAt(competes: (dag: number) => boolean): number;
}

/**
 * A policy that is one key over all ready jobs of a class, without lanes. Jobs stand in their flows and flows in a
 * heap for each size, so that a DAG that is paused or ends takes its flows out, however many jobs they have.
 */
export class OrderedPolicy implements Policy {
  readonly hasLanes = false;
  private readonly sizes: Sizes;
  private readonly jobs: FlowHeads;
  private readonly lists: FlowLists;
  private readonly key: Key;

  /** `followsService`: the key changes when a job of the DAG is dispatched or ends; `timed`: as time goes by, too. */
  constructor(
    readonly id: string,
    private readonly view: PolicyView,
    parts: readonly KeyPart[],
    readonly followsService = false,
    private readonly timed: Timed | null = null,
  ) {
    this.key = new Key(view.state, parts);
    this.jobs = new FlowHeads(view.state, (job, other) => this.isBefore(job, other));
    this.sizes = new Sizes(view.state, this.jobs);
    this.lists = new FlowLists((flow, other) => this.isBefore(this.jobs.head(flow), this.jobs.head(other)));
  }

  private isBefore(job: number, other: number): boolean {
    const { dagOf } = this.view.state.space;
    a.job = job;
    a.dag = dagOf[job]!;
    b.job = other;
    b.dag = dagOf[other]!;
    return this.key.isBefore(a, b);
  }

  flowStarted(flow: number, dag: number): void {
    this.timed?.entered(dag);
    this.place(flow);
  }

  private place(flow: number): void {
    this.lists.put(flow, this.sizes.listOf(flow), 0, 0);
  }

  flowEnded(flow: number): void {
    this.lists.take(flow);
  }

  flowMoved(flow: number): void {
    if (!this.lists.has(flow)) return;
    this.timed?.entered(this.view.state.space.dagOf[this.jobs.head(flow)]!);
    this.place(flow);
  }

  needChanged(): void {}

  tagMoved(): void {}

  dagServed(dag: number): void {
    this.view.eachFlow(dag, (flow) => this.flowMoved(flow));
  }

  jobAdded(job: number, flow: number): void {
    this.jobs.add(flow, job);
    this.flowMoved(flow);
  }

  jobRemoved(job: number, flow: number): void {
    const isLast = this.view.heads.head(flow) === 0;
    if (isLast) this.flowEnded(flow);
    this.jobs.remove(flow, job);
    if (!isLast) this.flowMoved(flow);
  }

  advance(at: number): void {
    this.timed?.advance(at, (dag) => {
      this.view.eachFlow(dag, (flow) => {
        if (this.lists.has(flow)) this.place(flow);
      });
      return this.competes(dag);
    });
  }

  peek(room: Room, into: Choice): Choice | null {
    this.advance(room.at);
    return this.take(this.sizes.first(this.lists, room), into);
  }

  hasUnfit(room: Room, most: number): boolean {
    return this.sizes.hasUnfit(this.lists, room, most);
  }

  nextAt(room: Room, most: number): number {
    const patience = this.sizes.nextPatience(this.lists, room, most);
    if (this.timed === null || !this.sizes.hasUpTo(this.lists, room.classSeq, most)) return patience;
    this.advance(room.at);
    return Math.min(
      patience,
      this.timed.nextAt((dag) => this.competes(dag)),
    );
  }

  private competes(dag: number): boolean {
    let found = false;
    this.view.eachFlow(dag, (flow) => {
      found ||= this.lists.has(flow);
    });
    return found;
  }

  private take(flow: number, into: Choice): Choice | null {
    if (flow === 0) return null;
    into.flow = flow;
    into.job = this.jobs.head(flow);
    into.dag = this.view.state.space.dagOf[into.job]!;
    into.lane = Lane.regular;
    return into;
  }

  headOf(flow: number): number {
    return this.jobs.head(flow);
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
