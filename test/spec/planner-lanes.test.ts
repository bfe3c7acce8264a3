/** The lanes of default@1: what goes first, what it may take, and what it pays (policy.md, sections 4 to 6 and 9). */
import { describe, expect, it } from 'vitest';
import { Risk } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { tagKey } from '../../src/kernel/fold.js';
import { IdKind, seqOf } from '../../src/kernel/ids.js';
import { Code, input, job, KernelBench, registration, retry } from '../support/kernel/bench.js';

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

const signal = job('s', { kind: 'signal', signalName: 's' });

describe('a tenant', () => {
  it('is charged in the end what a job took, by the weight with which it started', () => {
    const s = new Slot();
    const weigh = (weight: number) =>
      s.bench.give(Code.SetTenantLimits, {
        tenant: 'acme',
        weight,
        openDags: null,
        activeDags: null,
        runnableJobs: null,
      });
    weigh(2);
    s.bench.submit('a', jobs(2));
    weigh(4);
    s.next(3000);
    const { tags } = s.bench.kernel.state;
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(3000 / 2 + 1000 / 4);
  });
});

describe('a tenant that is passed over', () => {
  it('takes no virtual time back when it starts after all', () => {
    const s = new Slot(2);
    s.bench.submit('a', jobs(12));
    s.bench.submit('w', [job('w', { slots: 2 })], { tenant: 'beta' });
    for (let n = 0; n < 4; n++) s.next(500);
    const { virtuals } = s.bench.kernel.state;
    const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    expect(v).toBeGreaterThan(2000);
    s.bench.give(Code.PauseDag, { tenant: 'acme', dagId: 'a' });
    expect([s.next(500), s.next(500)]).toEqual([[], ['w/0 regular']]);
    expect(virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]).toBe(v);
  });
});

describe('a priority', () => {
  it('is what it is, whichever there was before it', () => {
    const s = new Slot();
    s.bench.submit('top', jobs(2), { priority: 9 });
    s.next(1000);
    s.bench.submit('low', jobs(1));
    s.bench.submit('high', jobs(1), { priority: 5 });
    expect(s.next(1000)).toEqual(['high/0 regular']);
  });
});

describe('a tenant that comes later', () => {
  it('shares from then on: that it wanted nothing before has earned it nothing', () => {
    const s = new Slot();
    s.bench.submit('a', jobs(9));
    for (let n = 0; n < 4; n++) s.next(1000);
    s.bench.submit('b', jobs(9), { tenant: 'beta' });
    const names = Array.from({ length: 4 }, () => s.next(1000)[0]!.slice(0, 1));
    expect(names).toEqual(['b', 'a', 'b', 'a']);
  });
});

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
    s.bench.submit('near', jobs(50), { deadlineAtMs: s.bench.at + 70_000 });
    s.next(1000);
    const served = Array.from({ length: 40 }, () => s.next(1000)[0]!.replace(/\/\d+/, ''));
    expect(served.filter((one) => one === 'plain regular')).toHaveLength(10);
    expect(served.filter((one) => one === 'near urgent')).toHaveLength(30);
  });

  it('leaves a quarter of the time to work of a higher priority, of its tenant too', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1));
    s.bench.submit('high', jobs(50), { priority: 1 });
    s.bench.submit('near', jobs(50), { deadlineAtMs: s.bench.at + 70_000 });
    s.next(1000);
    const served = Array.from({ length: 20 }, () => s.next(1000)[0]!.replace(/\/\d+/, ''));
    expect(served.filter((one) => one === 'high regular')).toHaveLength(5);
  });

  it('goes by what its flow needs now', () => {
    const s = new Slot();
    const b = s.bench;
    const later = job('j1', { after: ['s'], estimateMs: 2000 });
    const deadlineAtMs = b.at + 6000;
    b.submit('busy', jobs(1));
    b.submit('grows', [job('j0', { estimateMs: 2000 }), later, signal], { deadlineAtMs });
    b.submit('stays', jobs(1, 3000), { deadlineAtMs });
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'grows', signal: 's', output: null });
    expect(s.next(1000)).toEqual(['stays/0 urgent']);
  });

  it('owes others three times what they had, and a minute of slot time or that of one job at most', () => {
    const s = new Slot();
    s.bench.submit('a', [...jobs(1, 10_000), job('j1', { estimateMs: 15_000 })]);
    expect(s.credit('regularCredit')).toBe(-45_000);
    s.next(15_000);
    expect(s.credit('regularCredit')).toBe(-60_000);
    s.bench.submit('long', jobs(1, 100_000));
    s.next(10_000);
    expect(s.credit('regularCredit')).toBe(-300_000);
  });

  it('saves up nothing for others while they want nothing', () => {
    const s = new Slot();
    s.bench.submit('near', jobs(3), { deadlineAtMs: s.bench.at + 4000 });
    s.next(1000);
    s.next(1000);
    expect(s.credit('regularCredit')).toBe(0);
  });

  it('that needs more slots than are left lets others have them', () => {
    const s = new Slot(5);
    const wide = Array.from({ length: 3 }, (_, i) => job(`w${i}`, { estimateMs: 1000, slots: 2 }));
    s.bench.submit('all', [job('j', { estimateMs: 1000, slots: 5 })]);
    s.bench.submit('near', wide, { deadlineAtMs: s.bench.at + 3500 });
    s.bench.submit('plain', jobs(2));
    expect(s.next(1000)).toEqual(['near/0 urgent', 'near/1 urgent', 'plain/0 regular']);
  });

  it('of one class is looked for there, whatever has just been found in another', () => {
    const b = new KernelBench();
    const llm = (id: string) => [job(id, { executorClass: 'llm' })];
    b.submit('other', [job('a')]);
    b.submit('plain', llm('a'));
    b.submit('near', llm('a'), { deadlineAtMs: b.at + 3000 });
    const { entries } = b.step([
      input(Code.RegisterExecutor, registration('e1', { sessionMs: 600_000 })),
      input(Code.RegisterExecutor, registration('e2', { sessionMs: 600_000, executorClass: 'llm' })),
    ]);
    expect(entries.filter(({ code }) => code === Code.JobDispatched)).toHaveLength(2);
    expect([b.stateOf('plain', 'a'), b.stateOf('near', 'a')]).toEqual(['ready', 'dispatched']);
  });

  it('that is late is regular again: neither pushed nor punished', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1, 20_000));
    s.bench.submit('late', jobs(1), { deadlineAtMs: s.bench.at + 5000, tenant: 'beta' });
    s.bench.submit('plain', jobs(1), { tenant: 'beta', priority: 1 });
    const { state } = s.bench.kernel;
    s.bench.later(3000);
    expect(state.flows.c.risk[state.flows.find(2, 4)]).toBe(Risk.atRisk);
    s.bench.later(3000);
    expect(s.next(14_000)).toEqual(['plain/0 regular']);
    expect(s.next(1000)).toEqual(['late/0 regular']);
  });
});

describe('long jobs', () => {
  const busy = (slots = 8) => {
    const s = new Slot(slots);
    for (let n = 0; n < 20; n++) {
      s.bench.submit(`s${n}`, jobs(1, 100));
      s.next(100);
    }
    return s;
  };

  it('are those that take more than twice the geometric mean', () => {
    const s = new Slot();
    for (let n = 0; n < 20; n++) {
      s.bench.submit(`s${n}`, jobs(1, 128));
      s.next(128);
    }
    const { longRunning } = s.bench.kernel.state.classes.c;
    s.bench.submit('twice', jobs(1, 256));
    expect(longRunning[1]).toBe(0);
    s.next(256);
    // A sixteenth of an octave more.
    s.bench.submit('long', jobs(1, 280));
    expect(longRunning[1]).toBe(1);
  });

  it('leave an eighth of the slots to short ones while those come', () => {
    const s = busy();
    s.bench.submit('long', jobs(9, 60_000));
    expect(s.bench.kernel.state.classes.c.longRunning[1]).toBe(7);
    s.bench.submit('short', jobs(1, 100));
    expect(s.bench.kernel.state.classes.c.reserved[1]).toBe(8);
  });

  it.each([
    [7, 7],
    [15, 14],
    [16, 14],
  ])('leave an eighth at most: of %i slots they have %i', (slots, theirs) => {
    const s = busy(slots);
    s.bench.submit('long', jobs(slots, 60_000));
    expect(s.bench.kernel.state.classes.c.longRunning[1]).toBe(theirs);
  });

  it('make room for the next ones when they end', () => {
    const s = busy();
    s.bench.submit('long', jobs(9, 60_000));
    expect(s.next(100)).toEqual(['long/7 regular']);
  });

  it('leave nothing where there have been no short ones', () => {
    const s = new Slot(8);
    for (let n = 0; n < 20; n++) {
      s.bench.submit(`w${n}`, [job('w', { slots: 2, estimateMs: 100 })]);
      s.next(100);
    }
    s.bench.submit('long', jobs(8, 60_000));
    expect(s.bench.kernel.state.classes.c.longRunning[1]).toBe(8);
  });

  it('leave an eighth of what the limit of the class lets them have', () => {
    const s = busy(64);
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

describe('a DAG that is accepted', () => {
  it('stands behind what an equal share of the tenant’s work since then has been, to the last part', () => {
    const s = new Slot();
    for (const dagId of ['a', 'b', 'c']) s.bench.submit(dagId, jobs(9));
    for (let n = 0; n < 3; n++) s.next(1000);
    s.bench.submit('d', jobs(1, 500));
    const { dags } = s.bench.kernel.state;
    // The first job ran while there was one DAG, the others while there were three.
    expect(dags.c.dagFinish[dags.find(4)]).toBe(1000 + (3 * 1000) / 3 + 500);
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
