import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { Code, KernelBench } from './bench.js';

/** One executor of a class that never goes, and a way to run jobs one after the other. */
export class Slot {
  readonly bench = new KernelBench();

  constructor(slots = 1) {
    this.bench.register('e1', { slots, sessionMs: 600_000 });
  }

  /** Completes what runs after so many ms; gives the names and lanes of what is dispatched then. */
  next(afterMs: number): string[] {
    const { bench } = this;
    const { leases, dags, jobs, space } = bench.kernel.state;
    const lease = bench.kernel.indexes.tokensOf(1)[0]!;
    const row = leases.find(lease);
    const dag = leases.c.dag[row]!;
    const index = leases.c.job[row]!;
    const attempt = jobs.c.attempt[space.handle(dags.find(dag), index)]!;
    bench.at += afterMs;
    return this.dispatched(bench.completeLease({ dag, job: index, attempt, token: lease }).entries as EventEntry[]);
  }

  dispatched(entries: readonly EventEntry[]): string[] {
    const found: string[] = [];
    for (const entry of entries) {
      if (entry.code !== Code.JobDispatched) continue;
      const { dag, job: index, evidence } = entry.body;
      found.push(`${this.bench.cold.specs.get(dag)!.dagId}/${index} ${['guard', 'urgent', 'regular'][evidence.lane]}`);
    }
    return found;
  }

  credit(lane: 'guardCredit' | 'regularCredit'): number {
    const { classes } = this.bench.kernel.state;
    return classes.c[lane][classes.find(1)]!;
  }
}
