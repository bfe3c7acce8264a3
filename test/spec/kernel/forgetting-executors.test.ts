/** Executors that left or were lost: when they are forgotten, what that waits for, and that nothing is mistaken for them. */
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RETAIN_EXECUTORS_MS,
  MAX_FORGOTTEN_EXECUTORS_PER_TURN,
  RECLAIM_AFTER_MS,
} from '../../../src/kernel/limits.js';
import { Code, cellLimits, input, job, KernelBench, registration } from '../../support/kernel/bench.js';
import { checkState } from '../../support/kernel/invariants.js';

const HOUR = DEFAULT_RETAIN_EXECUTORS_MS;

function leave(b: KernelBench, executor: string): void {
  b.give(Code.DeregisterExecutor, { executor, incarnation: `${executor}-1` });
}

function keep(b: KernelBench, retainExecutorsMs: number | null): void {
  b.give(Code.SetCellLimits, cellLimits({ retainExecutorsMs }));
}

/** Ids of the executors that have a row, in the order of their numbers. */
function known(b: KernelBench): string[] {
  const { executors } = b.kernel.state;
  const rows = Array.from({ length: executors.table.high }, (_, row) => row).filter(
    (row) => row > 0 && executors.table.isLive(row),
  );
  return rows.sort((x, y) => executors.keyA[x]! - executors.keyA[y]!).map((row) => executors.c.id[row]!);
}

describe('an executor is forgotten', () => {
  it('an hour after it left: under its id it is a new one', () => {
    const b = new KernelBench();
    b.register('e1');
    leave(b, 'e1');
    expect(b.kernel.nextAt(0)).toBe(b.at + HOUR);
    b.later(HOUR - 1);
    expect(known(b)).toEqual(['e1']);
    b.skip();
    b.later(1);
    b.register('e1');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 3601000
        ExecutorForgotten executor 1
      -- 3601000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 3611000
        ExecutorResized e1 slots 1
      "
    `);
    expect(b.kernel.state.executors.find(1)).toBe(0);
    expect(b.kernel.state.executors.find(2)).not.toBe(0);
  });

  it('sooner or later, as an operator says, also those that left before he said it', () => {
    const b = new KernelBench();
    b.register('e1');
    leave(b, 'e1');
    keep(b, 2 * HOUR);
    b.later(2 * HOUR - 1);
    expect(known(b)).toEqual(['e1']);
    keep(b, 5000);
    expect(b.kernel.nextAt(0)).toBeLessThanOrEqual(b.at);
    b.step();
    expect(known(b)).toEqual([]);
    b.give(Code.SetCellLimits, cellLimits({ retainExecutorsMs: -1 }));
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code invalid-limit');
  });

  it('when nothing that it has had is in use any more: a lost one when its slots are withdrawn', () => {
    const b = new KernelBench();
    keep(b, 0);
    b.register('e1', { sessionMs: 10_000 });
    b.submit('d', [job('a')]);
    b.later(10_000);
    b.settle();
    expect(known(b)).toEqual(['e1']);
    // It waits for its slots, not for time: nothing wakes the loop for it alone.
    expect(b.kernel.nextAt(0)).toBe(b.at + RECLAIM_AFTER_MS);
    b.skip();
    b.later(RECLAIM_AFTER_MS);
    b.step();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 41000
        SlotWithdrawn token 1 slots 1
      -- 41000
        ExecutorForgotten executor 1
      "
    `);
    expect(b.kernel.nextAt(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('in the order in which they left; those behind one that has slots in use wait with it', () => {
    const b = new KernelBench();
    keep(b, 0);
    b.register('e1', { sessionMs: 10_000 });
    b.submit('d', [job('a')]);
    b.register('e2', { sessionMs: 600_000, executorClass: 'other' });
    b.later(10_000);
    leave(b, 'e2');
    b.settle();
    expect(known(b)).toEqual(['e1', 'e2']);
    b.completeLease({ dag: 1, job: 0, attempt: 1, token: 1 });
    b.step();
    expect(known(b)).toEqual([]);
  });

  it('not while it is there again, and then an hour after it left for the last time', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    leave(b, 'e1');
    b.register('e2', { sessionMs: 600_000 });
    leave(b, 'e2');
    b.later(HOUR - 1000);
    b.register('e1', { incarnation: 'e1-1', sessionMs: 600_000 });
    b.later(1000);
    expect(known(b)).toEqual(['e1']);
    leave(b, 'e1');
    b.later(HOUR - 1);
    expect(known(b)).toEqual(['e1']);
    b.later(1);
    expect(known(b)).toEqual([]);
  });

  it('again when the turn that forgot it comes to nothing', () => {
    const b = new KernelBench();
    b.register('e1');
    leave(b, 'e1');
    b.register('e2', { executorClass: 'other', sessionMs: 600_000 });
    const { kernel } = b;
    const before = kernel.state.hash.toBytes();
    const ahead = { turn: b.turn + 1, at: b.at + HOUR, stoppedMs: HOUR, shell: [], caughtUp: false, published: b.turn };
    const inputs = [input(Code.RegisterExecutor, registration('e3'))];
    const result = kernel.turn({ ...ahead, inputs }, b.cold.viewFor(kernel, { ...ahead, inputs }), b.cold.put);
    expect(result.entries[0]).toMatchObject({ code: Code.ExecutorForgotten, body: { executor: 1 } });
    kernel.undo();
    expect(kernel.state.hash.toBytes()).toEqual(before);
    expect(known(b)).toEqual(['e1', 'e2']);
    b.stoppedMs = HOUR;
    b.later(HOUR);
    expect(known(b)).toEqual(['e2']);
  });
});

describe('of an executor that is forgotten', () => {
  /** e1 was given the job of `d`, was lost with it, and is forgotten; nobody has the job now. */
  function forgotten(): KernelBench {
    const b = new KernelBench();
    keep(b, 0);
    b.register('e1', { sessionMs: 10_000 });
    b.submit('d', [job('a')]);
    b.later(10_000);
    b.later(RECLAIM_AFTER_MS);
    b.step();
    expect(known(b)).toEqual([]);
    b.skip();
    return b;
  }
  const lease = { dag: 1, job: 0, attempt: 1, token: 1 };

  it('callbacks are refused as they were before, and free nothing that somebody else has', () => {
    const b = forgotten();
    b.register('e2');
    b.completeLease(lease);
    b.give(Code.AcknowledgeDispatch, { lease });
    b.give(Code.Heartbeat, { executor: 'e1', incarnation: 'e1-1' });
    leave(b, 'e1');
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 41000
      > RegisterExecutor e2 slots 1
        ExecutorRegistered e2 untilMs 51000
        ExecutorResized e2 slots 1
        LeaseGranted d/a e2 token 2 attempt 2
        SlotReserved e2 token 2 slots 1
        JobDispatched d/a token 2
      -- 41000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
      -- 41000
      > AcknowledgeDispatch d/a token 1
        InputRefused d code stale-token
      -- 41000
      > Heartbeat e1
        InputRefused code unknown-executor
      -- 41000
      > DeregisterExecutor e1
        InputRefused code unknown-executor
      "
    `);
    expect(b.stateOf('d', 'a')).toBe('dispatched');
    b.complete('d', 'a');
    expect(b.kernel.state.leases.table.live).toBe(0);
  });

  it('work that still runs is counted when it comes back with it', () => {
    const b = forgotten();
    b.give(Code.RegisterExecutor, registration('e1', { held: [{ lease, slots: 1 }] }));
    expect(b.stateOf('d', 'a')).toBe('ready');
    b.completeLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 41000
      > RegisterExecutor e1 slots 1 held [{lease {dag 1, job 0, attempt 1, token 1}, slots 1}]
        ExecutorRegistered e1 untilMs 51000
        ExecutorResized e1 slots 1
        SlotReportedHeld e1 token 1 slots 1
      -- 41000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
        SlotReleased token 1 slots 1 occupancyMs 0
        LeaseGranted d/a e1 token 2 attempt 2
        SlotReserved e1 token 2 slots 1
        JobDispatched d/a token 2
      "
    `);
  });

  it('the job still knows that it was lost: the third loss is the last', () => {
    const b = forgotten();
    for (const executor of ['e2', 'e3']) {
      b.register(executor, { sessionMs: 10_000 });
      b.later(10_000);
      b.later(RECLAIM_AFTER_MS);
      b.step();
    }
    expect(known(b)).toEqual([]);
    expect(b.stateOf('d', 'a')).toBe('failed');
    expect(b.transcript.lines.filter((line) => line.includes('JobFailed'))).toEqual([
      '  JobFailed d/a attempt 3 code poison final',
    ]);
  });

  it('the place in memory is used again, by one with other slots and another class', () => {
    const b = forgotten();
    b.register('wide', { executorClass: 'other', slots: 7, sessionMs: 600_000 });
    leave(b, 'wide');
    b.step();
    b.register('e2');
    b.submit('e', [job('a'), job('b')]);
    expect(b.kernel.state.executors.table.live).toBe(1);
    const states = [b.stateOf('d', 'a'), b.stateOf('e', 'a'), b.stateOf('e', 'b')];
    expect(states.sort()).toEqual(['dispatched', 'ready', 'ready']);
  });
});

describe('as many as come', () => {
  it('100,000 executors that come once: rows and memory are those of the last hour', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    const { state } = b.kernel;
    const round = 1000;
    const perHour = 6;
    let most = 0;
    for (let first = 0; first < 100_000; first += round) {
      const ids = Array.from({ length: round }, (_, i) => `host-${first + i}`);
      b.step(ids.map((id) => input(Code.RegisterExecutor, registration(id))));
      b.submit(`d${first}`, [job('a'), job('b')]);
      // Half of them say goodbye; the others are lost, two of them with work.
      const gone = ids.filter((_, i) => i % 2 === 1);
      b.step(gone.map((executor) => input(Code.DeregisterExecutor, { executor, incarnation: `${executor}-1` })));
      b.later(10_000);
      b.give(Code.CancelDag, { tenant: 'acme', dagId: `d${first}`, reason: '' });
      b.later(HOUR / perHour - 10_000);
      b.settle();
      most = Math.max(most, state.executors.table.live);
      if (first === 20 * round) expect(state.executors.table.live).toBeGreaterThan((perHour - 1) * round);
    }
    expect(b.count('ExecutorRegistered')).toBe(100_000);
    expect(b.count('ExecutorDeregistered') + b.count('ExecutorLost')).toBe(100_000);
    expect(most).toBeLessThanOrEqual((perHour + 1) * round);
    expect(state.executors.table.capacity).toBeLessThanOrEqual(8192);
    expect(state.ids.table.capacity).toBeLessThanOrEqual(16_384);
    checkState(state);
    keep(b, 0);
    for (let turn = 0; turn < perHour && b.kernel.nextAt(0) <= b.at; turn++) b.step();
    for (const { table } of [state.executors, state.leases, state.cursors]) expect(table.live).toBe(0);
    expect(b.count('ExecutorForgotten')).toBe(100_000);
  });

  it('no more in a turn than it has room for, and the next one goes on', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    const ids = Array.from({ length: MAX_FORGOTTEN_EXECUTORS_PER_TURN + 10 }, (_, i) => `e${i}`);
    b.step(ids.map((id) => input(Code.RegisterExecutor, registration(id))));
    b.step(ids.map((executor) => input(Code.DeregisterExecutor, { executor, incarnation: `${executor}-1` })));
    b.later(HOUR);
    expect(b.kernel.state.executors.table.live).toBe(10);
    expect(b.kernel.nextAt(0)).toBeLessThanOrEqual(b.at);
    b.step();
    expect(b.kernel.state.executors.table.live).toBe(0);
  });
});
