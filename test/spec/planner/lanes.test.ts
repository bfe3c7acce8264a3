/**
 * The lanes of default@1: what goes first, what it may take, and what
 * it pays (policy.md: Deadlines; The guard; Short and long).
 */
import { describe, expect, it } from 'vitest';
import { Risk } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { Code, classLimits, input, job, KernelBench, registration } from '../../support/kernel/bench.js';
import { Slot } from '../../support/kernel/slot.js';

const jobs = (count: number, estimateMs = 1000) =>
  Array.from({ length: count }, (_, i) => job(`j${i}`, { estimateMs }));

const signal = job('s', { kind: 'signal', signalName: 's' });

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

  it('counts what others took, where that is more than they were charged', () => {
    const s = new Slot();
    s.bench.submit('giant', jobs(9), { priority: 5 });
    s.bench.submit('low', jobs(2), { tenant: 'beta' });
    s.bench.at += 200_000;
    expect(s.next(0)).toEqual(['low/0 guard']);
    expect(s.next(1000)).toEqual(['giant/1 regular']);
    expect(s.next(2500)).toEqual(['giant/2 regular']);
    expect(s.credit('guardCredit')).toBe(-15_000 + 2500 + 1000);
  });

  it('is not locked out by what others gave to pay for more than it took', () => {
    const s = new Slot(16);
    s.bench.submit('giant', jobs(31, 30_000), { priority: 5 });
    s.bench.submit('low', jobs(1, 30_000), { tenant: 'beta' });
    s.bench.at += 200_000;
    s.bench.submit('exact', jobs(40), { priority: 4 });
    expect(s.next(0)).toEqual(['low/0 guard']);
    for (let i = 0; i < 15; i++) expect(s.next(0)).toEqual([`giant/${16 + i} regular`]);
    expect(s.credit('guardCredit')).toBe(0);
    // All of it takes a second: the guard fifteen slot-s in all, with what it pays for, and so much have the others had.
    s.next(1000);
    for (let i = 0; i < 15; i++) s.next(0);
    expect(s.credit('guardCredit')).toBeGreaterThan(-15_000);
  });

  it('has nothing of what others did for it while it seemed to owe more, once that has ended', () => {
    const s = new Slot(32);
    const b = s.bench;
    const ends = (dagId: string, count: number) =>
      Array.from({ length: count }, (_, i) =>
        input(Code.CompleteJob, { lease: b.lease(dagId, `j${i}`), output: null, blob: null, unitsUsed: null }),
      );
    b.submit('busy', jobs(32), { priority: 5 });
    b.submit('long', jobs(1, 100_000));
    b.later(320_000);
    b.submit('exact', jobs(31, 60_000), { priority: 5 });
    expect(s.dispatched(b.step(ends('busy', 32)).entries as EventEntry[])[0]).toBe('long/0 guard');
    b.at += 60_000;
    b.step([...ends('exact', 31), ...ends('long', 1)]);
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    b.submit('flood', jobs(60, 15_000), { priority: 5 });
    b.submit('low', jobs(20));
    b.at += 170_000;
    const served = Array.from({ length: 32 }, () => s.next(1000)[0]!);
    expect(served.filter((one) => one.endsWith('guard')).length).toBeLessThanOrEqual(4);
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

  it('of a higher priority goes first, though it needs more', () => {
    const s = new Slot();
    s.bench.submit('plain', jobs(3));
    s.bench.submit('small', jobs(1, 4000), { deadlineAtMs: 11_500 });
    s.bench.submit('large', jobs(1, 5000), { deadlineAtMs: 14_000, priority: 1 });
    expect(s.next(1000)).toEqual(['large/0 urgent']);
    expect(s.next(5000)).toEqual(['small/0 urgent']);
    expect(s.next(4000)).toEqual(['plain/1 regular']);
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

  it('leaves a quarter of the time to another tenant also where its own jobs take much longer', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1));
    s.bench.submit('plain', jobs(50), { tenant: 'beta' });
    s.bench.submit('near', jobs(3, 60_000), { deadlineAtMs: s.bench.at + 250_000 });
    const served = s.next(1000);
    while (!served.includes('near/2 urgent'))
      served.push(s.next(served.at(-1)!.startsWith('near') ? 60_000 : 1000)[0]!);
    // After each of them twenty seconds.
    expect(served.filter((one) => one.startsWith('plain'))).toHaveLength(40);
  });

  it.each([2000, 60_000])(
    'leaves it as much of that where the jobs of the other are expected to take %i ms',
    (expected) => {
      const s = new Slot();
      s.bench.submit('first', jobs(1));
      s.bench.submit('plain', jobs(50, expected), { tenant: 'beta' });
      s.bench.submit('near', jobs(3, 60_000), { deadlineAtMs: s.bench.at + 250_000 });
      const served = s.next(1000);
      while (!served.includes('near/2 urgent'))
        served.push(s.next(served.at(-1)!.startsWith('near') ? 60_000 : 1000)[0]!);
      expect(served.filter((one) => one.startsWith('plain'))).toHaveLength(40);
    },
  );

  it('leaves a quarter of the time to work of a higher priority, of its tenant too', () => {
    const s = new Slot();
    s.bench.submit('first', jobs(1));
    s.bench.submit('high', jobs(50), { priority: 1 });
    s.bench.submit('near', jobs(50), { deadlineAtMs: s.bench.at + 70_000 });
    s.next(1000);
    const served = Array.from({ length: 20 }, () => s.next(1000)[0]!.replace(/\/\d+/, ''));
    expect(served.filter((one) => one === 'high regular')).toHaveLength(5);
  });

  it('of the same need goes by its DAG, then by what of it was ready first', () => {
    const s = new Slot(2);
    const b = s.bench;
    const deadlineAtMs = b.at + 4000;
    b.submit('busy', [job('j', { slots: 2 })]);
    b.submit('first', [job('j', { after: ['s'] }), signal], { deadlineAtMs });
    b.submit('second', [job('w', { slots: 2 }), job('j', { estimateMs: 1000, after: ['s'] }), signal], {
      deadlineAtMs,
    });
    for (const dagId of ['second', 'first'])
      b.give(Code.ResolveSignal, { tenant: 'acme', dagId, signal: 's', output: null });
    expect(s.next(1000)).toEqual(['first/0 urgent', 'second/1 urgent']);
  });

  it('of the same need and DAG goes by what was ready first', () => {
    const s = new Slot(2);
    const b = s.bench;
    b.submit('busy', [job('j', { slots: 2 })]);
    b.submit('near', [job('w', { slots: 2, estimateMs: 1000 }), ...jobs(1)], { deadlineAtMs: b.at + 4000 });
    const { flows } = b.kernel.state;
    expect([flows.c.needMs[flows.find(2, 4)], flows.c.needMs[flows.find(2, 6)]]).toEqual([1000, 1000]);
    expect(s.next(1000)).toEqual(['near/0 urgent']);
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

  it('saves up no more for others than its last job was charged, while they want nothing', () => {
    const s = new Slot();
    s.bench.submit('near', jobs(3), { deadlineAtMs: s.bench.at + 4000 });
    s.next(1000);
    s.next(1000);
    expect(s.credit('regularCredit')).toBe(1000);
  });

  it('takes back what it gave others for time that it did not use, though they have had it', () => {
    const s = new Slot(8);
    s.bench.submit('near', jobs(1, 60_000), { deadlineAtMs: s.bench.at + 61_000 });
    s.bench.submit('plain', jobs(5), { tenant: 'beta' });
    expect(s.credit('regularCredit')).toBe(60_000 - 15_000);
    s.next(1000);
    expect(s.credit('regularCredit')).toBe(1000 - 15_000);
  });

  it('gives others a minute of all slots at most: a job of a day would keep all others from their deadlines', () => {
    const s = new Slot(8);
    s.bench.submit('near', jobs(1, 86_400_000), { deadlineAtMs: s.bench.at + 90_000_000 });
    expect(s.credit('regularCredit')).toBe(480_000);
    s.next(1000);
    expect(s.credit('regularCredit')).toBe(1000);
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

  it.each([20, 300])('are those that take more than twice the geometric mean of %i', (count) => {
    const s = new Slot();
    for (let n = 0; n < count; n++) {
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
    const limits = classLimits({ maxSlots: 8 });
    s.bench.give(Code.SetClassLimits, limits);
    s.bench.submit('long', jobs(9, 60_000));
    const { classes } = s.bench.kernel.state;
    expect(classes.c.longRunning[classes.find(1)]).toBe(7);
  });

  it.each([
    ['a quarter', 4, 12],
    ['all of it', 1, 0],
    ['nothing', 0, 16],
  ])('leave %s where the class says so', (_, shortReserve, theirs) => {
    const s = busy(16);
    const limits = classLimits({ shortReserve });
    s.bench.give(Code.SetClassLimits, limits);
    s.bench.submit('long', jobs(17, 60_000));
    const { classes } = s.bench.kernel.state;
    expect(classes.c.longRunning[classes.find(1)]).toBe(theirs);
    s.bench.give(Code.SetClassLimits, { ...limits, shortReserve: null });
    expect(classes.c.longRunning[classes.find(1)]).toBe(Math.max(theirs, 14));
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

  it('have it when the guard may take them, without a word from outside', () => {
    const s = busy();
    const b = s.bench;
    b.submit('long', jobs(8, 60_000));
    const { dags, classes } = b.kernel.state;
    const due = dags.c.dueAtMs[dags.find(seqOf(b.kernel.state, IdKind.dag, 'acme', 'long'))]!;
    b.at = due - 30_000;
    b.submit('short', jobs(1, 100));
    b.complete('short', 'j0');
    expect([b.kernel.nextAt(0), classes.c.longRunning[1]]).toEqual([due, 7]);
    b.later(30_000);
    expect(classes.c.longRunning[1]).toBe(8);
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
