/** Deadlines: missed, at risk, hard ones that fail or demote; and what flows are told of them (policy.md: Deadlines). */
import { describe, expect, it } from 'vitest';
import { Risk } from '../../../src/catalogue/generated/codes.js';
import { Code, job, KernelBench, retry } from '../../support/kernel/bench.js';

const D = { tenant: 'acme', dagId: 'd' };

describe('a soft deadline', () => {
  it('is missed one ms after it, once, and the DAG goes on', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')], { deadlineAtMs: 60_000 });
    b.later(59_000);
    b.skip();
    b.later(1);
    b.later(100);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 60001
        DeadlineMissed d
      "
    `);
    expect(b.stateOf('d', 'a')).toBe('ready');
  });

  it('comes at risk when the time that its work needs comes near, once in a run', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 10_000 }), job('b', { after: ['a'], estimateMs: 5000 })], {
      deadlineAtMs: 101_000,
    });
    b.later(54_999);
    expect(b.transcript.lines.filter((line) => line.includes('DeadlineAtRisk'))).toEqual([]);
    b.skip();
    b.later(1);
    b.later(1000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 56000
        DeadlineAtRisk d
        FlowRiskChanged d shape 0 deadline {needMs 15000, risk 1, wakeAtMs 86001}
      "
    `);
  });

  it('is looked at again later when nothing is ready: then nothing can be late', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { estimateMs: 1000 }), job('b', { after: ['a'], estimateMs: 1000 })], {
      deadlineAtMs: 50_000,
    });
    b.skip();
    b.later(44_000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 45000
        DeadlineRiskDeferred d
      "
    `);
    b.submit('first', [job('x')], { priority: 1 });
    b.at += 4000;
    b.complete('d', 'a');
    b.step();
    expect(b.transcript.lines.filter((line) => line.includes('DeadlineAtRisk'))).toHaveLength(1);
  });

  it('is looked at again when the first of several flows may come at risk', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    const jobs = [job('a', { estimateMs: 10_000 }), job('b', { estimateMs: 3000 }), job('w', { slots: 2 })];
    b.submit('d', jobs, { deadlineAtMs: 100_000 });
    b.skip();
    b.later(60_000);
    // Of what is left the jobs of one slot need 3 s, that of two slots 2 s.
    expect(b.tell()).toContain('DeadlineRiskDeferred d riskAtMs 91000');
  });

  it('that has passed does not hide a hard one that is ahead', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 1000 })], { deadlineAtMs: 2000, hardDeadlineAtMs: 100_000 });
    b.later(1001);
    b.later(1000);
    expect(
      b.transcript.lines.filter((line) => line.includes('Deadline') || line.includes('Risk')),
    ).toMatchInlineSnapshot(`
      [
        "> SubmitDag d deadlineAtMs 2000 hardDeadlineAtMs 100000",
        "  DeadlineRiskDeferred d riskAtMs 97000",
        "  FlowRiskChanged d shape 0 deadline {needMs 1000, risk 0, wakeAtMs 97000}",
        "  DeadlineMissed d",
      ]
    `);
  });
});

describe('a hard deadline', () => {
  it('fails the DAG: what waits is cancelled, leases end', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a'), job('b')], { hardDeadlineAtMs: 5000 });
    b.later(4000);
    b.skip();
    b.later(1);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 5001
        HardDeadlinePassed d
        DagEnding d outcome failed code hard-deadline
        JobCancelled d/a reason hard-deadline
        LeaseReleased token 1 reason dag-ended
        SlotReclaiming token 1
        JobCancelled d/b reason hard-deadline
        ContinuationAdvanced cursor 1 to 2
        DagFailed d code hard-deadline
      "
    `);
  });

  it('demotes the DAG where that was asked for: it goes on behind everybody', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')], { hardDeadlineAtMs: 5000, onHardDeadline: 'demote', priority: 7 });
    b.submit('other', [job('x')]);
    b.later(4001);
    b.register('e1');
    expect(b.stateOf('other', 'x')).toBe('dispatched');
    b.complete('other', 'x');
    b.complete('d', 'a');
    expect(b.transcript.lines.at(-1)).toBe('  DagSucceeded d');
  });

  it('fails a DAG that is held or paused too', () => {
    const b = new KernelBench();
    b.submit('p', [job('a')], { hardDeadlineAtMs: 5000 });
    b.give(Code.PauseDag, { ...D, dagId: 'p' });
    b.give(Code.SetTenantLimits, { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null });
    b.submit('d', [job('a')], { hardDeadlineAtMs: 4000 });
    b.skip();
    b.later(3001);
    b.later(1000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 4001
        DeadlineAtRisk p
        FlowRiskChanged p shape 0 deadline {needMs 1000, risk 2, wakeAtMs -1}
        HardDeadlinePassed d
        DagEnding d outcome failed code hard-deadline
        JobCancelled d/a reason hard-deadline
        ContinuationAdvanced cursor 1 to 1
        DagFailed d code hard-deadline
      -- 5001
        HardDeadlinePassed p
        DagEnding p outcome failed code hard-deadline
        JobCancelled p/a reason hard-deadline
        ContinuationAdvanced cursor 2 to 1
        DagFailed p code hard-deadline
      "
    `);
  });

  it('does not fire a second time for a new run', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')], { hardDeadlineAtMs: 5000 });
    b.later(5000);
    b.give(Code.RetryDag, D);
    b.settle();
    b.later(100);
    expect(b.stateOf('d', 'a')).toBe('ready');
  });
});

describe('SetDeadline', () => {
  it('moves deadlines and looks at all flows again; none is none', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 1000 }), job('w', { slots: 2, estimateMs: 1000 })], { deadlineAtMs: 5000 });
    b.skip();
    b.give(Code.SetDeadline, { ...D, deadlineAtMs: 90_000, hardDeadlineAtMs: null });
    b.give(Code.SetDeadline, { ...D, deadlineAtMs: null, hardDeadlineAtMs: null });
    b.later(100_000);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
        DeadlineAtRisk d
      > SetDeadline d deadlineAtMs 90000
        DeadlineChanged d deadlineAtMs 90000
        FlowRiskChanged d shape 0 deadline {needMs 1000, risk 0, wakeAtMs 87000}
        FlowRiskChanged d shape 2 deadline {needMs 2000, risk 0, wakeAtMs 84000}
      -- 1000
      > SetDeadline d
        DeadlineChanged d
        FlowRiskChanged d shape 0 deadline {needMs 1000, risk 2, wakeAtMs -1}
        FlowRiskChanged d shape 2 deadline {needMs 2000, risk 2, wakeAtMs -1}
      "
    `);
  });

  it('looks at 64 flows at most', () => {
    const b = new KernelBench();
    b.submit(
      'd',
      Array.from({ length: 70 }, (_, i) => job(`j${i}`, { executorClass: `c${i}` })),
    );
    b.settle();
    const { entries } = b.give(Code.SetDeadline, { ...D, deadlineAtMs: 90_000, hardDeadlineAtMs: null });
    expect(entries.filter(({ code }) => code === Code.FlowRiskChanged)).toHaveLength(64);
  });

  it('in the past misses it at once, and is refused when it is no time', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.SetDeadline, { ...D, deadlineAtMs: 500, hardDeadlineAtMs: null });
    b.step();
    b.give(Code.SetDeadline, { ...D, deadlineAtMs: 0, hardDeadlineAtMs: null });
    b.give(Code.SetDeadline, { ...D, deadlineAtMs: null, hardDeadlineAtMs: 2 ** 43 + 1 });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SetDeadline d deadlineAtMs 500
        DeadlineChanged d deadlineAtMs 500
        FlowRiskChanged d shape 0 deadline {needMs 1000, risk 2, wakeAtMs -1}
      -- 1000
        DeadlineMissed d
      -- 1000
      > SetDeadline d deadlineAtMs 0
        InputRefused code invalid-deadline
      -- 1000
      > SetDeadline d hardDeadlineAtMs 8796093022209
        InputRefused code invalid-deadline
      "
    `);
  });
});

describe('a flow with a deadline', () => {
  it('is looked at when a job joins it, when one is dispatched, and when it wakes', () => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 1000 }), job('b', { estimateMs: 1000 })], { deadlineAtMs: 21_000 });
    b.register('e1', { sessionMs: 600_000 });
    b.later(17_000);
    b.later(3000);
    const told = b.transcript.lines.filter((line) => /JobReadied|FlowRisk|DeadlineAtRisk/.test(line));
    expect(told).toMatchInlineSnapshot(`
      [
        "  JobReadied d/a shape 0 deadline {needMs 1000, risk 0, wakeAtMs 18000}",
        "  JobReadied d/b shape 0 deadline {needMs 2000, risk 0, wakeAtMs 15000}",
        "  DeadlineAtRisk d",
        "  FlowRiskChanged d shape 0 deadline {needMs 1000, risk 1, wakeAtMs 20001}",
        "  FlowRiskChanged d shape 0 deadline {needMs 1000, risk 2, wakeAtMs -1}",
      ]
    `);
    const { flows } = b.kernel.state;
    expect(flows.c.risk[flows.find(1, 4)]).toBe(2);
  });

  it.each(['deadlineAtMs', 'hardDeadlineAtMs'])('needs less by what is dispatched of it, with %s', (which) => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('d', [job('a', { estimateMs: 3000 }), job('b'), job('c')], { [which]: 90_000 });
    const { flows } = b.kernel.state;
    expect(flows.c.needMs[flows.find(1, 4)]).toBe(2000);
  });

  it.each([
    [2100, Risk.atRisk],
    [2101, Risk.safe],
  ])('is at risk two seconds before the last moment at the latest: %i ms before its deadline', (leftMs, risk) => {
    const b = new KernelBench();
    b.submit('d', [job('a', { estimateMs: 100 })], { deadlineAtMs: b.at + leftMs });
    const { flows } = b.kernel.state;
    expect(flows.c.risk[flows.find(1, 4)]).toBe(risk);
  });

  it('that is late is looked at again when that deadline has passed, if there is another one', () => {
    const b = new KernelBench();
    const deadlines = { deadlineAtMs: b.at + 3000, hardDeadlineAtMs: b.at + 100_000 };
    b.submit('d', [job('a', { estimateMs: 5000 })], deadlines);
    const { flows } = b.kernel.state;
    const flow = flows.find(1, 4);
    expect([flows.c.risk[flow], flows.c.wakeAtMs[flow]]).toEqual([Risk.late, deadlines.deadlineAtMs + 1]);
  });

  it('needs 2^43 ms at most', () => {
    const b = new KernelBench();
    const most = { slots: 1024, estimateMs: 30 * 24 * 3_600_000 };
    const jobs = Array.from({ length: 300 }, (_, i) => job(`j${i}`, most));
    b.submit('d', jobs, { deadlineAtMs: 2 ** 42 });
    b.settle();
    const { flows } = b.kernel.state;
    expect(flows.c.needMs[flows.find(1, 6)]).toBe(2 ** 43);
  });

  it('count the need of the job that was ready first, of two with the same path behind them', () => {
    const b = new KernelBench();
    const pairs = [
      job('a', { estimateMs: 5000 }),
      job('b', { estimateMs: 1000 }),
      job('a2', { estimateMs: 1000, after: ['a'] }),
      job('b2', { estimateMs: 5000, after: ['b'] }),
    ];
    b.submit('d', pairs, { deadlineAtMs: 10_000_000 });
    const { flows } = b.kernel.state;
    expect(flows.c.needMs[flows.find(1, 4)]).toBe(1000 + (5000 + 1000));
  });

  it('count the need of the job that comes first, also of two with the same path behind them', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    const pairs = [
      job('a', { estimateMs: 1000, retry: retry(3, 1000) }),
      job('b', { estimateMs: 5000 }),
      job('a2', { estimateMs: 5000, after: ['a'] }),
      job('b2', { estimateMs: 1000, after: ['b'] }),
    ];
    b.submit('d', pairs, { deadlineAtMs: 10_000_000 });
    b.submit('busy', [job('x', { estimateMs: 100_000 })], { priority: 5 });
    b.fail('d', 'a');
    b.later(3000);
    const { state, indexes } = b.kernel;
    const flow = state.flows.find(1, 4);
    // Both have 6 s: the first is the one that has been ready before, and 5 s lie behind it.
    expect(state.jobs.keyB[indexes.heads.head(flow)]).toBe(0);
    expect(state.flows.c.needMs[flow]).toBe(5000 + Math.max(1000, state.flows.c.work[flow]!));
  });
});
