/** Whose work a token stands for, and what becomes of its slots (faults 6, 11, 26, 27). */
import { describe, expect, it } from 'vitest';
import type { LeaseRef } from '../../../src/catalogue/generated/types.js';
import { Code, job, KernelBench, registration, retry } from '../../support/kernel/bench.js';

/** Two jobs that run on an executor with two slots. */
function busy(more: Parameters<typeof job>[1] = {}) {
  const b = new KernelBench();
  b.register('e1', { slots: 2 });
  b.submit('d', [job('a', more), job('b', more)]);
  const [a, other] = ['a', 'b'].map((id) => b.lease('d', id)) as [LeaseRef, LeaseRef];
  for (const lease of [a, other]) b.give(Code.AcknowledgeDispatch, { lease });
  b.skip();
  return { b, a, other };
}

/** Slots of the first executor: leases in force, and reclaiming. */
function slots({ kernel }: KernelBench): string {
  const { executors } = kernel.state;
  const row = executors.find(1);
  return `${executors.c.reserved[row]} reserved, ${executors.c.reclaiming[row]} reclaiming`;
}

function refusals(b: KernelBench): number {
  return b.transcript.lines.filter((line) => line.includes('InputRefused') && line.includes('stale-token')).length;
}

describe('a callback', () => {
  it('with the token of another job is refused, although both are in force', () => {
    const { b, a, other } = busy();
    b.completeLease({ ...a, token: other.token });
    expect(refusals(b)).toBe(1);
    expect([b.stateOf('d', 'a'), b.stateOf('d', 'b'), slots(b)]).toEqual([
      'running',
      'running',
      '2 reserved, 0 reclaiming',
    ]);
  });
});

describe('a job that an executor has acknowledged', () => {
  it.each([
    ['is cancelled', Code.CancelJob, { job: 'a' }, 'cancelled', '1 reserved, 1 reclaiming'],
    ['is cancelled with its DAG', Code.CancelDag, {}, 'cancelled', '0 reserved, 2 reclaiming'],
  ] as const)(
    'and that %s keeps its slot until its executor says that it has stopped',
    (_how, code, more, state, after) => {
      const { b, a } = busy();
      b.give(code, { tenant: 'acme', dagId: 'd', reason: '', ...more } as never);
      b.settle();
      expect([b.stateOf('d', 'a'), slots(b)]).toEqual([state, after]);
      const [reserved, reclaiming] = after.match(/\d/g)!.map(Number);
      b.completeLease(a);
      expect(slots(b)).toBe(`${reserved} reserved, ${reclaiming! - 1} reclaiming`);
    },
  );

  it('begins its next attempt without the progress of this one', () => {
    const { b, a } = busy({ retry: retry(2) });
    const { jobs, dags, space } = b.kernel.state;
    const permille = () => jobs.c.permille[space.handle(dags.find(1), 0)];
    b.give(Code.ReportProgress, { lease: a, permille: 700, message: null });
    expect(permille()).toBe(700);
    b.fail('d', 'a');
    b.settle();
    expect([b.stateOf('d', 'a'), permille()]).toEqual(['dispatched', 0]);
  });
});

describe('work that a registration lists although its lease is over', () => {
  /** A new process lists a token that was given back, under some name and with so many slots. */
  function reported(name: Partial<LeaseRef>, ownSlots = 1) {
    const { b, a } = busy();
    b.completeLease(a);
    b.later(500);
    const held = [{ lease: { ...a, ...name }, slots: ownSlots }];
    b.give(Code.RegisterExecutor, registration('e1', { incarnation: 'e1-2', slots: 2, held }));
    const { leases } = b.kernel.state;
    return { b, a, row: leases.find(a.token), leases: leases.c };
  }

  it('keeps the name under which the executor has it, and since when it is waited for', () => {
    const { b, a, row, leases } = reported({});
    expect([leases.dag[row], leases.job[row], leases.attempt[row], leases.reclaimingAtMs[row]]).toEqual([
      1,
      0,
      1,
      b.at,
    ]);
    b.completeLease({ ...a, job: 1 });
    expect(slots(b)).toContain(' 1 reclaiming');
    b.completeLease(a);
    expect(slots(b)).toContain(' 0 reclaiming');
  });

  it.each([0, 2])('keeps no name of DAG %i, which there never was: its token is enough to free its slot', (dag) => {
    const { b, a, row, leases } = reported({ dag });
    expect([leases.dag[row], leases.job[row], leases.attempt[row]]).toEqual([0, 0, 0]);
    b.completeLease({ ...a, job: 1 });
    expect(slots(b)).toContain(' 0 reclaiming');
  });

  it.each([
    [0, 1],
    [4096, 4096],
    [4097, 4096],
  ])('with %i slots counts as %i', (ownSlots, counted) => {
    expect(slots(reported({}, ownSlots).b)).toContain(` ${counted} reclaiming`);
  });

  it('is left alone where another executor has it, which keeps its lease', () => {
    const { b, a } = busy();
    b.give(Code.RegisterExecutor, registration('e2', { held: [{ lease: a, slots: 1 }] }));
    expect(b.tell()).not.toMatch(/LeaseAdopted|SlotReportedHeld/);
    b.give(Code.RegisterExecutor, registration('e1', { slots: 2, held: [{ lease: a, slots: 1 }] }));
    b.settle();
    expect(b.stateOf('d', 'a')).toBe('running');
  });
});
