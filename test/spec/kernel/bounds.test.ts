/** Bounded turns: whatever is due at one moment, no turn grows beyond its limits, and others go on (faults 15 and 29). */
import { describe, expect, it } from 'vitest';
import { CauseCode } from '../../../src/catalogue/generated/codes.js';
import type { TurnResult } from '../../../src/kernel/kernel.js';
import {
  EVENTS_PER_CURSOR,
  MAX_CONTINUATION_EVENTS,
  MAX_CURSOR_EVENTS,
  MAX_EVENTS_BEFORE_PLAN,
  MAX_EVENTS_PER_TURN,
  MAX_INPUTS_PER_TURN,
  MIN_CONTINUATION_EVENTS,
} from '../../../src/kernel/limits.js';
import { Code, fanOut, input, job, KernelBench, registration, retry, submission } from '../../support/kernel/bench.js';

/** Turns until nothing is left, in each of which somebody else's job is submitted, dispatched and done. */
function others(b: KernelBench, isDone: () => boolean): number {
  let turns = 0;
  for (; !isDone(); turns++) {
    if (turns > 1000) throw new Error('it never ends');
    const { entries } = b.submit(`other${turns}`, [job('x', { executorClass: 'mine' })]);
    expect(entries.length - 1).toBeLessThanOrEqual(MAX_EVENTS_PER_TURN);
    expect(b.stateOf(`other${turns}`, 'x')).toBe('dispatched');
    b.complete(`other${turns}`, 'x');
  }
  return turns;
}

/** Many jobs with executors, of a tenant of their own. */
function giant(jobs: number, more: Parameters<typeof job>[1]): KernelBench {
  const b = new KernelBench({ isLarge: true, isQuiet: true });
  b.register('mine', { executorClass: 'mine', sessionMs: 600_000 });
  for (let n = 0; n * 4096 < jobs; n++) b.register(`e${n}`, { slots: 4096, sessionMs: 600_000 });
  const tenant = { tenant: 'giant', failurePolicy: 'continue' } as const;
  b.submit(
    'giant',
    Array.from({ length: jobs }, (_, i) => job(`j${i}`, more)),
    tenant,
  );
  b.settle(200);
  expect(b.count('JobDispatched')).toBe(jobs);
  return b;
}

/** A kernel in which one executor has 4,096 leases. */
function withManyLeases(): KernelBench {
  const b = new KernelBench({ isLarge: true, isQuiet: true });
  b.register('e1', { slots: 4096, sessionMs: 600_000 });
  b.submit(
    'd',
    Array.from({ length: 4096 }, (_, i) => job(`j${i}`)),
  );
  b.settle();
  return b;
}

describe('many at one moment:', () => {
  it('100,000 attempts that time out', () => {
    const b = giant(100_000, { timeoutMs: 100_000 });
    b.at += 100_000;
    expect(others(b, () => b.count('JobTimedOut') === 100_000)).toBeGreaterThan(100);
  });

  it('20,000 backoffs that are over', () => {
    const b = giant(20_000, { retry: retry(2, 50_000) });
    const { leases } = b.kernel.state;
    const failures = Array.from({ length: 20_000 }, (_, i) => {
      const lease = { dag: 1, job: leases.c.job[leases.find(i + 1)]!, attempt: 1, token: i + 1 };
      return input(Code.FailJob, { lease, code: 'broken', message: '', retryable: true, unitsUsed: null });
    });
    while (failures.length > 0) failures.splice(0, b.step(failures.slice(0, 5000)).taken);
    b.at += 100_000;
    expect(b.count('JobReadied')).toBe(20_000);
    expect(others(b, () => b.count('JobReadied') >= 40_000)).toBeGreaterThan(6);
  });

  it('20,000 leases of executors that are lost', () => {
    const b = giant(20_000, {});
    b.at += 500_000;
    b.give(Code.Heartbeat, { executor: 'mine', incarnation: 'mine-1' });
    b.at += 100_001;
    expect(others(b, () => b.count('LeaseExpired') === 20_000)).toBeGreaterThan(3);
  });

  it('9,000 DAGs whose hard deadline has passed, most of them held', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    b.register('mine', { executorClass: 'mine', sessionMs: 600_000 });
    const more = { tenant: 'giant', hardDeadlineAtMs: 50_000 };
    const dags = Array.from({ length: 9000 }, (_, i) =>
      input(Code.SubmitDag, submission(`d${i}`, [job('a', { executorClass: 'none' })], more)),
    );
    while (dags.length > 0) dags.splice(0, b.step(dags).taken);
    b.at += 100_000;
    expect(others(b, () => b.count('DagFailed') === 9000)).toBeGreaterThan(3);
  });
});

describe('a turn takes', () => {
  it('so many inputs as it has room for, in order, the first one always', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    const inputs = Array.from({ length: 5000 }, (_, i) => input(Code.SubmitDag, submission(`d${i}`, [job('a')])));
    expect(b.step(inputs).taken).toBe(MAX_INPUTS_PER_TURN);
    const many = Array.from({ length: 2000 }, (_, i) =>
      input(
        Code.SubmitDag,
        submission(
          `e${i}`,
          Array.from({ length: 15 }, (_, k) => job(`j${k}`)),
          { tenant: 'beta' },
        ),
      ),
    );
    const { taken, entries } = b.step(many);
    expect(taken).toBeLessThan(800);
    expect(entries.length).toBeLessThan(MAX_EVENTS_PER_TURN);
  });

  it('a registration that lists 4,096 leases, and ends the turn with it', () => {
    const b = withManyLeases();
    const held = Array.from({ length: 4096 }, (_, i) => ({
      lease: { dag: 1, job: i, attempt: 1, token: i + 1 },
      slots: 1,
    }));
    const again = (n: number) =>
      input(Code.RegisterExecutor, registration('e1', { incarnation: `i${n}`, slots: 4096, held }));
    const { taken, entries } = b.step([again(1), again(2), again(3), again(4), again(5)]);
    expect(taken).toBeLessThan(5);
    expect(entries.length).toBeLessThan(MAX_EVENTS_PER_TURN);
  });

  it('a registration that lists 4,096 leases, and as many whose ends it has not heard of', () => {
    const b = withManyLeases();
    const held = Array.from({ length: 8192 }, (_, i) => ({
      lease: { dag: 1 + (i >> 12), job: i & 4095, attempt: 1, token: i + 1 },
      slots: 1,
    }));
    const jobs = Array.from({ length: 4096 }, (_, i) => job(`j${i}`));
    const nothing = { output: null, blob: null, unitsUsed: null };
    const ends = held.slice(0, 4096).map(({ lease }) => input(Code.CompleteJob, { lease, ...nothing }));
    for (let ended = 0; ended < ends.length; ) ended += b.step(ends.slice(ended)).taken;
    b.submit('e', jobs);
    b.settle();
    const { entries } = b.step([input(Code.RegisterExecutor, registration('e1', { slots: 4096, held }))]);
    expect(b.count('LeaseAdopted')).toBe(4096);
    expect(b.count('SlotReportedHeld')).toBe(4096);
    expect(entries.length).toBeLessThan(MAX_EVENTS_PER_TURN);
  });

  it.each([
    ['paused', (n: number) => (n % 2 === 0 ? Code.PauseDag : Code.ResumeDag)],
    ['reprioritized', () => Code.ReprioritizeDag],
    ['given deadlines', () => Code.SetDeadline],
  ])('as many controls as move a turn of flows: of a DAG of many classes that is %s', (_, codeOf) => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    b.submit(
      'd',
      Array.from({ length: 1000 }, (_, i) => job(`j${i}`, { executorClass: `c${i}` })),
    );
    b.settle();
    const more = { priority: 1, deadlineAtMs: null, hardDeadlineAtMs: null };
    const controls = Array.from({ length: 200 }, (_, n) => input(codeOf(n), { tenant: 'acme', dagId: 'd', ...more }));
    const { taken } = b.step(controls);
    expect(taken).toBeGreaterThan(5);
    expect(taken).toBeLessThan(15);
  });

  it('few registrations of an executor that has many leases', () => {
    const b = withManyLeases();
    const again = Array.from({ length: 100 }, () => input(Code.RegisterExecutor, registration('e1', { slots: 4096 })));
    expect(b.step(again).taken).toBeLessThan(5);
  });

  it('no more dispatches than it has room for: it says so, and the next one goes on', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    b.submit(
      'd',
      Array.from({ length: 12_000 }, (_, i) => job(`j${i}`)),
    );
    b.settle();
    const registrations = ['e1', 'e2', 'e3'].map((id) =>
      input(Code.RegisterExecutor, registration(id, { slots: 4096 })),
    );
    const first = b.step(registrations);
    const second = b.step();
    const third = b.step();
    expect([first.full, second.full, third.full]).toEqual([true, true, false]);
    expect(b.count('JobDispatched')).toBe(12_000);
  });
});

describe('a giant that begins', () => {
  it('has no more of its jobs readied in its first turn than continuations may have events', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    const { entries } = b.submit(
      'giant',
      Array.from({ length: 10_000 }, (_, i) => job(`j${i}`)),
    );
    const readied = entries.filter(({ code }) => code === Code.JobReadied).length;
    expect(readied).toBeLessThanOrEqual(MAX_CONTINUATION_EVENTS);
  });
});

describe('continuations get', () => {
  /** What a cursor's last step may go beyond the share. */
  const STEP = MAX_CURSOR_EVENTS + 2;

  /** A giant whose children are being made: enough for many turns. */
  function making(): KernelBench {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    b.submit('giant', [job('f', { executorClass: 'none', fanOut: fanOut(100_000) })]);
    return b;
  }

  const continued = ({ entries }: TurnResult): number =>
    entries.filter((entry) => 'cause' in entry && entry.cause === CauseCode.continuation).length;

  const submissions = (count: number, jobs: number) => {
    const specs = Array.from({ length: jobs }, (_, k) => job(`j${k}`, { executorClass: 'none' }));
    return Array.from({ length: count }, (_, i) => input(Code.SubmitDag, submission(`d${i}`, specs)));
  };

  it('few events beside few inputs, so that callbacks that come meanwhile do not wait for a long turn', () => {
    const b = making();
    for (const inputs of [[], submissions(10, 1)]) {
      const events = continued(b.step(inputs));
      expect(events).toBeGreaterThanOrEqual(MIN_CONTINUATION_EVENTS);
      expect(events).toBeLessThan(MIN_CONTINUATION_EVENTS + STEP);
    }
  });

  it('an event for each input beside many, so that what inputs begin gets done', () => {
    const b = making();
    const result = b.step(submissions(3000, 1));
    expect(result.taken).toBe(3000);
    expect(continued(result)).toBeGreaterThanOrEqual(3000);
    expect(continued(result)).toBeLessThan(3000 + STEP);
  });

  it('more events where many wait, so that many DAGs do not wait for one turn after another; a quarter of a turn at most', () => {
    const chain = Array.from({ length: 50 }, (_, k) =>
      job(`n${k}`, { kind: 'noop', after: k === 0 ? [] : [`n${k - 1}`] }),
    );
    const withLine = (dags: number): number => {
      const b = new KernelBench({ isLarge: true, isQuiet: true });
      b.step(Array.from({ length: dags }, (_, i) => input(Code.SubmitDag, submission(`c${i}`, chain))));
      const waiting = b.kernel.indexes.cursors.length;
      expect(waiting).toBeGreaterThan(dags / 2);
      const events = continued(b.step());
      expect(events).toBeLessThan(Math.min(MAX_CONTINUATION_EVENTS, waiting * EVENTS_PER_CURSOR) + STEP);
      return events;
    };
    expect(withLine(100)).toBeGreaterThan(2000);
    expect(withLine(1000)).toBeGreaterThanOrEqual(MAX_CONTINUATION_EVENTS);
  });

  it('as much of a turn that inputs would fill: these stop in time', () => {
    const withGiant = making().step(submissions(MAX_INPUTS_PER_TURN, 4));
    const alone = new KernelBench({ isLarge: true, isQuiet: true }).step(submissions(MAX_INPUTS_PER_TURN, 4));
    expect(alone.taken).toBeLessThan(MAX_INPUTS_PER_TURN);
    expect(alone.entries.length).toBeGreaterThan(MAX_EVENTS_BEFORE_PLAN);
    expect(withGiant.taken).toBeLessThan(alone.taken);
    expect(continued(withGiant)).toBeGreaterThanOrEqual(withGiant.taken);
    expect(withGiant.entries.length - withGiant.taken).toBeLessThan(MAX_EVENTS_BEFORE_PLAN + STEP);
  });
});
