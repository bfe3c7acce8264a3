import { EvidenceField, Lane } from '../../catalogue/generated/codes.js';
import { IntrusiveHeap } from '../heap.js';
import type { Choice, Difference, Policy, PolicyView } from './policy.js';

/** `fifo@1`: of all ready jobs of the class the one that became ready first. */
export class FifoPolicy implements Policy {
  readonly id = 'fifo@1';
  private readonly jobs: IntrusiveHeap;
  /** Roots by class * 4 + shape: narrow jobs are not held up by a wide one that fits nowhere. */
  private readonly roots: number[] = [];

  constructor(private readonly view: PolicyView) {
    const { jobs } = view.state;
    this.jobs = new IntrusiveHeap((a, b) => jobs.c.readySeq[a]! < jobs.c.readySeq[b]!);
  }

  flowStarted(): void {}

  flowEnded(): void {}

  flowMoved(): void {}

  tagMoved(): void {}

  jobAdded(job: number, flow: number): void {
    const list = this.view.state.flows.keyB[flow]!;
    this.jobs.ensure(job);
    this.roots[list] = this.jobs.insert(this.roots[list] ?? 0, job);
  }

  jobRemoved(job: number, flow: number): void {
    if (!this.jobs.contains(job)) return;
    const list = this.view.state.flows.keyB[flow]!;
    this.roots[list] = this.jobs.remove(this.roots[list]!, job);
  }

  peek(classSeq: number, slots: number, into: Choice): Choice | null {
    const { jobs } = this.view.state;
    let best = 0;
    for (let shape = 0; shape < 3; shape++) {
      const job = this.roots[classSeq * 4 + shape] ?? 0;
      if (job === 0 || jobs.c.moreSlots[job]! >= slots) continue;
      if (best === 0 || jobs.c.readySeq[job]! < jobs.c.readySeq[best]!) best = job;
    }
    if (best === 0) return null;
    into.job = best;
    into.flow = this.view.heads.flow(best);
    into.lane = Lane.regular;
    return into;
  }

  compare(_winner: Choice, loser: Choice): Difference {
    return { field: EvidenceField.readySeq, value: this.view.state.jobs.c.readySeq[loser.job]! };
  }
}
