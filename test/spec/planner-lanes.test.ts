/** The lanes of default@1: what goes first, what it may take, and what it pays (policy.md, sections 4 to 6 and 9). */
import { describe, expect, it } from 'vitest';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { IdKind, seqOf } from '../../src/kernel/ids.js';
import { Code, job, KernelBench, retry } from '../support/kernel/bench.js';

/** One executor of a class that never goes, and a way to run jobs one after the other. */
class Slot {
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

const jobs = (count: number, estimateMs = 1000) =>
  Array.from({ length: count }, (_, i) => job(`j${i}`, { estimateMs }));

describe('the guard', () => {
  it('serves a DAG that is overdue once, and then not before others have had fifteen times as much', () => {
    const s = new Slot();
    s.bench.submit('giant', jobs(400), { priority: 5 });
    s.bench.submit('low', jobs(2), { tenant: 'beta' });
    s.bench.at += 200_000;
    expect(s.next(0)).toEqual(['low/0 guard']);
    expect(s.credit('guardCredit')).toBe(-15_000);
    const after = Array.from({ length: 16 }, () => s.next(1000)[0]);
    expect(after.slice(0, 15).every((name) => name?.startsWith('giant/') && name.endsWith('regular'))).toBe(true);
    expect(after[15]).toBe('low/1 guard');
  });

  it('takes the DAG that is due first, whatever its priority', () => {
    const s = new Slot();
    s.bench.submit('busy', jobs(1), { priority: 5 });
    s.bench.submit('second', jobs(1), { priority: 3 });
    s.bench.later(10);
    s.bench.submit('third', jobs(1), { priority: 4 });
    s.bench.at += 200_000;
    expect(s.next(0)).toEqual(['second/0 guard']);
  });
});

describe('urgent work', () => {
  it('goes before regular work of its tenant without limit, smallest need first', () => {
    const s = new Slot();
    s.bench.submit('plain', jobs(3));
    s.bench.submit('large', jobs(1, 5000), { deadlineAtMs: 14_000 });
    s.bench.submit('small', jobs(1, 2000), { deadlineAtMs: 7000 });
    s.bench.at += 0;
    expect(s.next(1000)).toEqual(['small/0 urgent']);
    expect(s.next(2000)).toEqual(['large/0 urgent']);
    expect(s.next(5000)).toEqual(['plain/1 regular']);
  });

  it('leaves a quarter of the time to another tenant', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1));
    s.bench.submit('plain', jobs(50), { tenant: 'beta' });
    s.bench.submit('near', jobs(50), { deadlineAtMs: s.bench.at + 100_000 });
    s.next(1000);
    const lanes = Array.from({ length: 40 }, () => s.next(1000)[0]!.split(' ')[1]);
    expect(lanes.filter((lane) => lane === 'regular')).toHaveLength(10);
  });

  it('that needs more slots than are left lets others have them', () => {
    const s = new Slot(5);
    const wide = Array.from({ length: 3 }, (_, i) => job(`w${i}`, { estimateMs: 1000, slots: 2 }));
    s.bench.submit('all', [job('j', { estimateMs: 1000, slots: 5 })]);
    s.bench.submit('near', wide, { deadlineAtMs: s.bench.at + 3500 });
    s.bench.submit('plain', jobs(2));
    expect(s.next(1000)).toEqual(['near/0 urgent', 'near/1 urgent', 'plain/0 regular']);
  });

  it('that is late is regular again: neither pushed nor punished', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1, 20_000));
    s.bench.submit('late', jobs(1), { deadlineAtMs: s.bench.at + 5000, tenant: 'beta' });
    s.bench.submit('plain', jobs(1), { tenant: 'beta', priority: 1 });
    expect(s.next(20_000)).toEqual(['plain/0 regular']);
    expect(s.next(1000)).toEqual(['late/0 regular']);
  });
});

describe('long jobs', () => {
  const busy = () => {
    const s = new Slot(8);
    for (let n = 0; n < 20; n++) {
      s.bench.submit(`s${n}`, jobs(1, 100));
      s.next(100);
    }
    return s;
  };

  it('leave an eighth of the slots to short ones while those come', () => {
    const s = busy();
    s.bench.submit('long', jobs(9, 60_000));
    expect(s.bench.kernel.state.classes.c.longRunning[1]).toBe(7);
    s.bench.submit('short', jobs(1, 100));
    expect(s.bench.kernel.state.classes.c.reserved[1]).toBe(8);
  });

  it('leave an eighth of what the limit of the class lets them have', () => {
    const s = new Slot(64);
    for (let n = 0; n < 20; n++) {
      s.bench.submit(`s${n}`, jobs(1, 100));
      s.next(100);
    }
    const limits = { group: 'default', executorClass: 'ocr', maxSlots: 8, unitCost: 0, rates: [] };
    s.bench.give(Code.SetClassLimits, limits);
    s.bench.submit('long', jobs(9, 60_000));
    const { classes } = s.bench.kernel.state;
    expect(classes.c.longRunning[classes.find(1)]).toBe(7);
  });

  it('leave it to them when they are urgent, too', () => {
    const s = busy();
    s.bench.submit('near', jobs(8, 60_000), { deadlineAtMs: s.bench.at + 100_000 });
    const { longRunning, reserved } = s.bench.kernel.state.classes.c;
    expect(longRunning[1]).toBe(7);
    s.bench.submit('short', jobs(1, 100));
    expect([longRunning[1], reserved[1]]).toEqual([7, 8]);
  });

  it('have all of them a minute after the last short one, without a word from outside', () => {
    const s = busy();
    s.bench.submit('long', jobs(9, 60_000));
    expect(s.bench.kernel.nextAt(0)).toBe(s.bench.at - 100 + 60_000);
    s.bench.later(59_900);
    expect(s.bench.kernel.state.classes.c.longRunning[1]).toBe(8);
  });

  it('are given the reserve by the guard', () => {
    const s = busy();
    s.bench.submit('long', jobs(8, 60_000));
    const { dags, classes } = s.bench.kernel.state;
    const due = dags.c.dueAtMs[dags.find(seqOf(s.bench.kernel.state, IdKind.dag, 'acme', 'long'))]!;
    while (s.bench.at < due) {
      s.bench.submit(`more${s.bench.at}`, jobs(1, 100));
      const { leases } = s.bench.kernel.state;
      const tokens = s.bench.kernel.indexes.tokensOf(1);
      const token = tokens[tokens.length - 1]!;
      s.bench.at += 30_000;
      s.bench.completeLease({ dag: leases.c.dag[leases.find(token)]!, job: 0, attempt: 1, token });
    }
    expect(classes.c.longRunning[1]).toBe(8);
  });
});

describe('a DAG whose attempts fail', () => {
  it('falls behind the others of its tenant by the slots that it has burnt', () => {
    const s = new Slot();
    s.bench.submit('sick', [job('a', { retry: retry(5) }), job('b')]);
    s.bench.submit('well', jobs(2, 1500));
    s.bench.at += 5000;
    expect(s.dispatched(s.bench.fail('sick', 'a').entries as EventEntry[])).toEqual(['well/0 regular']);
    const { dags } = s.bench.kernel.state;
    expect(dags.c.dagFinish[dags.find(1)]).toBe(7000);
  });
});

describe('a job without an estimate', () => {
  it('counts as what jobs of its class took that ended well, or a second', () => {
    const s = new Slot();
    s.bench.submit('first', [job('a')]);
    s.next(3000);
    s.bench.submit('second', [job('a')]);
    s.next(5000);
    s.bench.submit('fails', [job('a')]);
    s.bench.at += 90_000;
    s.bench.fail('fails', 'a');
    s.bench.submit('third', [job('a', { slots: 1 })]);
    const { dags } = s.bench.kernel.state;
    expect([1, 2, 3, 4].map((seq) => dags.c.work[dags.find(seq)])).toEqual([1000, 3000, 4000, 4000]);
  });
});
