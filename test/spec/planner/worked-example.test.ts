/** The worked example of policy.md: one class, one slot, two tenants, a priority and a deadline, to the last number. */

import { describe, expect, it } from 'vitest';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { fairKey, tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, input, job, KernelBench, registration, submission } from '../../support/kernel/bench.js';

/** Journal time 0 of the example. */
const START = 1000;

/** What is told of a dispatch: when, which job, the lane, and what decided over whom; then tags, V and credit. */
type Told = readonly (number | string)[];

class Example {
  readonly bench = new KernelBench();
  readonly told: Told[] = [];

  constructor() {
    const jobs = (count: number, estimateMs: number) =>
      Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs }));
    const b = this.bench;
    const result = b.step([
      input(Code.RegisterExecutor, registration('e1', { sessionMs: 600_000 })),
      input(Code.SubmitDag, submission('D1', jobs(3, 4000), { tenant: 'A' })),
      input(Code.SubmitDag, submission('D2', jobs(1, 1000), { tenant: 'A' })),
      input(Code.SubmitDag, submission('D3', jobs(1, 2000), { tenant: 'B' })),
      input(Code.SubmitDag, submission('D4', jobs(1, 1000), { tenant: 'A', priority: 5 })),
      input(Code.SubmitDag, submission('D5', jobs(1, 3000), { tenant: 'B', deadlineAtMs: START + 10_000 })),
    ]);
    this.note(result.entries as EventEntry[]);
  }

  /** The running job completes after its estimate; what is dispatched then is noted. */
  next(dag: string, index: string, tenant: string, afterMs: number): void {
    const { bench } = this;
    bench.at += afterMs;
    this.note(bench.completeLease(bench.lease(dag, index, tenant)).entries as EventEntry[]);
  }

  private note(entries: readonly EventEntry[]): void {
    const { state } = this.bench.kernel;
    const { tags, virtuals, classes } = state;
    for (const entry of entries) {
      if (entry.code !== Code.JobDispatched) continue;
      const { dag, job: index, evidence } = entry.body;
      const tag = (tenant: number) => {
        const row = tags.find(tagKey(1, 0), tenant);
        return row === 0 ? 'none' : tags.c.tag[row]!;
      };
      const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
      this.told.push([
        this.bench.at - START,
        `D${dag}#${index}`,
        ['guard', 'urgent', 'regular'][evidence.lane]!,
        FIELDS[evidence.decidedBy]!,
        evidence.runnerUpDag < 0 ? 'none' : `D${evidence.runnerUpDag}#${evidence.runnerUpJob}`,
        tag(1),
        tag(2),
        v,
        classes.c.regularCredit[classes.find(1)]!,
      ]);
    }
  }
}

const FIELDS: Readonly<Record<number, string>> = {
  0: '',
  1: 'priority',
  2: 'tenantTag',
  4: 'dagFinish',
  7: 'readySeq',
  11: 'lane',
};

describe('the worked example', () => {
  it('is dispatched as policy.md says', () => {
    const e = new Example();
    e.next('D4', '0', 'A', 1000);
    e.next('D5', '0', 'B', 3000);
    e.next('D2', '0', 'A', 1000);
    e.next('D1', '0', 'A', 4000);
    e.next('D3', '0', 'B', 2000);
    e.next('D1', '1', 'A', 4000);
    expect(e.told).toEqual([
      [0, 'D4#0', 'regular', 'priority', 'D2#0', 0, 0, 0, -3000],
      [1000, 'D5#0', 'urgent', 'lane', 'D2#0', 0, 3000, 0, 0],
      [4000, 'D2#0', 'regular', 'dagFinish', 'D1#0', 1000, 3000, 0, -3000],
      [5000, 'D1#0', 'regular', 'readySeq', 'D1#1', 5000, 3000, 1000, -15_000],
      [9000, 'D3#0', 'regular', 'tenantTag', 'D1#1', 5000, 5000, 3000, -21_000],
      [11_000, 'D1#1', 'regular', 'readySeq', 'D1#2', 9000, 'none', 5000, -33_000],
      [15_000, 'D1#2', 'regular', '', 'none', 13_000, 'none', 9000, -45_000],
    ]);
    e.next('D1', '2', 'A', 4000);
    expect(e.bench.kernel.state.tags.table.live).toBe(0);
    expect(e.bench.kernel.state.virtuals.table.live).toBe(0);
  });

  it('gives each DAG when it is due and when it would have finished', () => {
    const { kernel } = new Example().bench;
    const { dags, fairs } = kernel.state;
    const rows = ['A', 'A', 'B', 'A', 'B'].map((tenant, i) =>
      dags.find(seqOf(kernel.state, IdKind.dag, tenant, `D${i + 1}`)),
    );
    expect(rows.map((row) => dags.c.dueAtMs[row]! - START)).toEqual([144_000, 122_000, 124_000, 122_000, 126_000]);
    expect(rows.map((row) => dags.c.dagFinish[row])).toEqual([12_000, 1000, 2000, 1000, 3000]);
    expect(fairs.c.w[fairs.find(fairKey(5), 1)]).toBe(1000);
  });
});
