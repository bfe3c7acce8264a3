/** Forgetting: when, how much, in which steps, and that nothing is left. */
import { describe, expect, it } from 'vitest';
import { Code, cellLimits, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import { checkState, rowsOf } from '../../support/kernel/invariants.js';

const WEEK = 7 * 24 * 3600 * 1000;

function keep(b: KernelBench, retainTerminalMs: number | null, retainTerminalJobs: number | null = null): void {
  b.give(Code.SetCellLimits, cellLimits({ retainTerminalMs, retainTerminalJobs }));
}

/** A DAG that has ended. */
function ended(b: KernelBench, dagId = 'd'): void {
  b.submit(dagId, [job('a', { kind: 'noop' })]);
  b.settle();
}

describe('a terminal DAG is forgotten', () => {
  it('after a week, with its names: they may be used again', () => {
    const b = new KernelBench();
    ended(b);
    b.later(WEEK - 1);
    expect(b.kernel.state.dags.table.live).toBe(1);
    b.skip();
    b.later(1);
    ended(b);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 604801000
        DagForgotten d from 0 to 1 last
      -- 604801000
      > SubmitDag d
        DagAccepted d
        JobSucceeded d/a attempt 0
        ContinuationAdvanced cursor 2 to 0
        DagSucceeded d
      "
    `);
  });

  it('sooner if more jobs are kept than may be: the oldest ones first', () => {
    const b = new KernelBench();
    keep(b, null, 2);
    for (const dag of ['d1', 'd2', 'd3', 'd4']) ended(b, dag);
    b.step();
    const forgotten = b.transcript.lines.filter((line) => line.includes('DagForgotten'));
    expect(forgotten).toEqual(['  DagForgotten d1 from 0 to 1 last', '  DagForgotten d2 from 0 to 1 last']);
  });

  it('only when the projections of its end are acknowledged', () => {
    const b = new KernelBench();
    ended(b);
    keep(b, 0);
    b.skip();
    b.step([], { later: 5000, published: 0 });
    expect(b.tell()).toBe('\n\n');
    expect(b.kernel.nextAt(0)).toBe(b.at + 1000);
    b.step([], { later: 5000 });
    expect(b.transcript.lines.at(-1)).toBe('  DagForgotten d from 0 to 1 last');
    expect(b.kernel.nextAt(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('in bounded steps: after the first one nobody finds it, after the last one nothing is left', () => {
    const b = new KernelBench({ isLarge: true });
    b.submit('d', [job('f', { kind: 'noop', fanOut: fanOut(5000) })]);
    b.settle();
    keep(b, 0);
    b.skip();
    b.step();
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
    b.settle();
    const told = b.transcript.lines.filter((line) => /Forgotten|Refused/.test(line));
    const steps = Array.from({ length: Math.ceil((5001 - 1024) / 16) }, (_, n) => 1024 + 16 * n);
    expect(told).toEqual([
      '  DagForgotten d from 0 to 1024',
      ...steps.map((from) => `  DagForgotten d from ${from} to ${from + 16 < 5001 ? from + 16 : '5001 last'}`),
      '  InputRefused code unknown-dag',
    ]);
    const { state } = b.kernel;
    for (const { table } of [state.dags, state.jobs, state.fans, state.cursors, state.retired])
      expect(table.live).toBe(0);
    checkState(state);
  });

  it('with others in one turn, while these are not many jobs: what is kept stays bounded', () => {
    const b = new KernelBench({ isLarge: true });
    for (let n = 0; n < 4; n++) b.submit(`d${n}`, [job('f', { kind: 'noop', fanOut: fanOut(1500) })]);
    b.settle();
    for (let n = 0; n < 300; n++) ended(b, `small-${n}`);
    keep(b, 0);
    const before = b.history.length;
    b.settle();
    const begun = b.history
      .slice(before)
      .map(
        ({ entries }) => entries.filter((entry) => entry.code === Code.DagForgotten && entry.body.from === 0).length,
      );
    expect(begun.filter((count) => count > 0)).toEqual([3, 301]);
    expect(b.kernel.state.dags.table.live).toBe(0);
  });

  it('while slots of it are still reclaiming: they come back all the same', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a')]);
    const lease = b.lease('d', 'a');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' });
    keep(b, 0);
    b.step();
    expect(b.kernel.state.dags.table.live).toBe(0);
    b.skip();
    b.completeLease(lease);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d/a token 1
        InputRefused d code stale-token
        SlotReleased token 1 slots 1 occupancyMs 0
      "
    `);
  });

  it('not if it was reopened meanwhile', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' });
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'd' });
    b.settle();
    b.later(2 * WEEK);
    expect(b.stateOf('d', 'a')).toBe('ready');
  });
});

describe('once all is forgotten', () => {
  it('no row is left but those of who is known for good', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 3, sessionMs: 600_000 });
    for (const [i, tenant] of ['acme', 'beta', 'acme', 'gamma'].entries()) {
      b.submit(`d${i}`, [job('a'), job('f', { after: ['a'], fanOut: fanOut(2) })], { tenant, priority: i % 2 });
    }
    for (let turn = 0; turn < 20; turn++) {
      const { leases } = b.kernel.state;
      for (const lease of rowsOf(leases)) {
        const { dag, job: index } = leases.c;
        b.completeLease({ dag: dag[lease]!, job: index[lease]!, attempt: 1, token: leases.keyA[lease]! });
      }
      b.step([], { later: 500 });
    }
    keep(b, 0);
    b.settle();
    const { state } = b.kernel;
    const left = Object.fromEntries(
      state.tables.flatMap((table) => (table === undefined || table.live === 0 ? [] : [[table.name, table.live]])),
    );
    expect(left).toEqual({ cell: 1, tenant: 3, class: 1, executor: 1, id: 7, remembered: 2, pattern: 8 });
  });
});
