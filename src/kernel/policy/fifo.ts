import { EvidenceField, Lane } from '../../catalogue/generated/codes.js';
import { doubled, FlowHeads } from '../flow-heads.js';
import { IntrusiveHeap } from '../heap.js';
import type { Choice, Difference, Policy, PolicyView } from './policy.js';

/**
 * `fifo@1`: of all ready jobs of the class the one that became ready first. Jobs stand in their flows and flows in a
 * heap, so that a DAG that is paused or ends takes its flows out, however many jobs they have.
 */
export class FifoPolicy implements Policy {
  readonly id = 'fifo@1';
  private readonly jobs: FlowHeads;
  private readonly flows: IntrusiveHeap;
  /** Whether a flow competes: the number of its list (class * 4 + shape), 0 when it does not. */
  private listOf = new Uint32Array(256);
  /** Roots by list: narrow jobs are not held up by a wide one that fits nowhere. */
  private readonly roots: number[] = [];

  constructor(private readonly view: PolicyView) {
    const { c } = view.state.jobs;
    this.jobs = new FlowHeads(view.state, (a, b) => c.readySeq[a]! < c.readySeq[b]!);
    this.flows = new IntrusiveHeap((a, b) => c.readySeq[this.jobs.head(a)]! < c.readySeq[this.jobs.head(b)]!);
  }

  flowStarted(flow: number): void {
    const list = this.view.state.flows.keyB[flow]!;
    if (flow >= this.listOf.length) this.listOf = doubled(this.listOf, flow);
    this.flows.ensure(flow);
    this.listOf[flow] = list;
    this.roots[list] = this.flows.insert(this.roots[list] ?? 0, flow);
  }

  flowEnded(flow: number): void {
    const list = this.listOf[flow] ?? 0;
    if (list === 0) return;
    if (this.flows.contains(flow)) this.roots[list] = this.flows.remove(this.roots[list]!, flow);
    this.listOf[flow] = 0;
  }

  flowMoved(): void {}

  tagMoved(): void {}

  jobAdded(job: number, flow: number): void {
    this.jobs.add(flow, job);
    this.moved(flow);
  }

  jobRemoved(job: number, flow: number): void {
    const isLast = this.view.heads.head(flow) === 0;
    if (isLast) this.flowEnded(flow);
    this.jobs.remove(job);
    if (!isLast) this.moved(flow);
  }

  private moved(flow: number): void {
    const list = this.listOf[flow] ?? 0;
    if (list !== 0) this.roots[list] = this.flows.update(this.roots[list]!, flow);
  }

  peek(classSeq: number, slots: number, into: Choice): Choice | null {
    const { jobs } = this.view.state;
    let best = 0;
    let bestFlow = 0;
    for (let shape = 0; shape < 3; shape++) {
      const flow = this.roots[classSeq * 4 + shape] ?? 0;
      const job = flow === 0 ? 0 : this.jobs.head(flow);
      if (job === 0 || jobs.c.moreSlots[job]! >= slots) continue;
      if (best !== 0 && jobs.c.readySeq[job]! > jobs.c.readySeq[best]!) continue;
      best = job;
      bestFlow = flow;
    }
    if (best === 0) return null;
    into.job = best;
    into.flow = bestFlow;
    into.lane = Lane.regular;
    return into;
  }

  compare(_winner: Choice, loser: Choice): Difference {
    return { field: EvidenceField.readySeq, value: this.view.state.jobs.c.readySeq[loser.job]! };
  }
}
