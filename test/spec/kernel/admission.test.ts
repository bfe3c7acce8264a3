/** Admission: what is refused, what is held, and in which order held DAGs go on (policy.md: Admission). */
import { describe, expect, it } from 'vitest';
import { MAX_LIMIT } from '../../../src/kernel/limits.js';
import { Code, cellLimits, fanOut, input, job, KernelBench, submission } from '../../support/kernel/bench.js';

function limits(
  b: KernelBench,
  more: { openDags?: number; activeDags?: number; runnableJobs?: number },
  tenant = 'acme',
): void {
  b.give(Code.SetTenantLimits, {
    tenant,
    weight: 1,
    openDags: null,
    activeDags: null,
    runnableJobs: null,
    ...more,
  });
}

describe('a tenant', () => {
  it('with too many open DAGs is refused', () => {
    const b = new KernelBench();
    limits(b, { openDags: 1 });
    b.submit('d1', [job('a')]);
    b.skip();
    b.submit('d2', [job('a')]);
    b.submit('d3', [job('a')], { tenant: 'other' });
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d2
        InputRefused code tenant-open-dags
      -- 1000
      > SubmitDag d3
        DagAccepted d3
        JobReadied d3/a
      "
    `);
  });

  it('with too many active DAGs has its next ones held, and released by priority, then by age', () => {
    const b = new KernelBench();
    b.register('e1');
    limits(b, { activeDags: 1 });
    b.submit('d1', [job('a')]);
    b.submit('d2', [job('a')]);
    b.submit('d3', [job('a')]);
    b.submit('d4', [job('a')], { priority: 1 });
    b.skip();
    for (const dag of ['d1', 'd4', 'd2', 'd3']) {
      b.complete(dag, 'a');
      b.settle();
    }
    const told = b.transcript.lines.filter((line) => /Released d|DagSucceeded/.test(line));
    expect(told).toMatchInlineSnapshot(`
      [
        "  DagSucceeded d1",
        "  DagReleased d4",
        "  DagSucceeded d4",
        "  DagReleased d2",
        "  DagSucceeded d2",
        "  DagReleased d3",
        "  DagSucceeded d3",
      ]
    `);
  });

  it('has a whole DAG let in below its limit of runnable jobs, and what fans out later: both may go beyond it', () => {
    const b = new KernelBench();
    limits(b, { runnableJobs: 2 });
    b.submit('one', [job('a')]);
    b.submit('whole', [job('a'), job('b'), job('pages', { fanOut: fanOut(4) })]);
    b.settle();
    b.submit('held', [job('a')]);
    const states = ['a', 'b', 'pages[0]', 'pages[3]'].map((id) => b.stateOf('whole', id));
    expect([...states, b.stateOf('held', 'a')]).toEqual(['ready', 'ready', 'ready', 'ready', 'waiting']);
  });

  describe('whose DAGs are so large that their jobs are looked at later', () => {
    const large = (count: number, more: object = {}) =>
      Array.from({ length: count }, (_, i) => job(`${i}`, i === 0 ? {} : more));
    const all = (b: KernelBench, jobs: ReturnType<typeof large>) =>
      b.step(Array.from({ length: 40 }, (_, i) => input(Code.SubmitDag, submission(`d${i}`, jobs))));
    const counts = ({ kernel: { state } }: KernelBench) => {
      const { runnableJobs, heldDags } = state.tenants.c;
      const tenant = state.tenants.find(1);
      return { runnable: runnableJobs[tenant], held: heldDags[tenant] };
    };

    it('has no more of them let in than of others, however many come at once', () => {
      const b = new KernelBench();
      limits(b, { runnableJobs: 50 });
      all(b, large(20));
      b.settle();
      expect(counts(b)).toEqual({ runnable: 60, held: 37 });
    });

    it('has no more of them released at once', () => {
      const b = new KernelBench();
      limits(b, { runnableJobs: 0 });
      all(b, large(20));
      limits(b, { runnableJobs: 50 });
      b.settle();
      expect(counts(b)).toEqual({ runnable: 60, held: 37 });
    });

    it('has others released when it turns out that few can run, without a word from outside', () => {
      const b = new KernelBench();
      limits(b, { runnableJobs: 50 });
      all(b, large(20, { after: ['0'] }));
      expect(counts(b)).toEqual({ runnable: 3, held: 34 });
      b.settle();
      expect(counts(b)).toEqual({ runnable: 40, held: 0 });
    });
  });

  it('with too many runnable jobs has its next DAG held until enough of them are dispatched', () => {
    const b = new KernelBench();
    limits(b, { runnableJobs: 2 });
    b.submit('d1', [job('a'), job('b')]);
    b.submit('d2', [job('a')]);
    b.skip();
    b.register('e1');
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 1
        ExecutorRegistered e1 untilMs 11000
        ExecutorResized e1 slots 1
        LeaseGranted d1/a e1 token 1 attempt 1
        SlotReserved e1 token 1 slots 1
        JobDispatched d1/a token 1
        DagReleased d2
        JobReadied d2/a
      "
    `);
  });

  it('whose limits are raised has its held DAGs released', () => {
    const b = new KernelBench();
    limits(b, { activeDags: 0 });
    b.submit('d1', [job('a')]);
    b.submit('d2', [job('a')]);
    b.skip();
    limits(b, {});
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SetTenantLimits weight 1
        TenantLimitsChanged
        DagReleased d1
        JobReadied d1/a
        DagReleased d2
        JobReadied d2/a
      "
    `);
  });

  it('may cancel, pause and reprioritize a held DAG, or a job of it', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4 });
    limits(b, { activeDags: 1 });
    b.submit('d1', [job('a')]);
    for (const dag of ['d2', 'd3', 'd4']) b.submit(dag, [job('x'), job('y', { after: ['x'] })]);
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd2', reason: '' });
    b.give(Code.PauseDag, { tenant: 'acme', dagId: 'd3' });
    b.give(Code.ReprioritizeDag, { tenant: 'acme', dagId: 'd4', priority: 9 });
    b.give(Code.CancelJob, { tenant: 'acme', dagId: 'd4', job: 'x', reason: '' });
    b.skip();
    b.complete('d1', 'a');
    b.settle();
    b.give(Code.ResumeDag, { tenant: 'acme', dagId: 'd3' });
    b.settle();
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > CompleteJob d1/a token 1
        JobSucceeded d1/a attempt 1
        LeaseReleased token 1 reason completed
        SlotReleased token 1 slots 1 occupancyMs 0
        DagSucceeded d1
        DagReleased d4
        JobSkipped d4/y reason upstream-failed
        ContinuationAdvanced cursor 2 to 0
        DagFailed d4 code job-failed
        DagReleased d3
        JobReadied d3/x
      -- 1000
      > ResumeDag d3
        DagResumed d3
        LeaseGranted d3/x e1 token 2 attempt 1
        SlotReserved e1 token 2 slots 1
        JobDispatched d3/x token 2
      "
    `);
  });

  it('has a new DAG held behind those that are held, also where there is room for it now', () => {
    const b = new KernelBench();
    limits(b, { activeDags: 0 });
    for (let i = 0; i < 40; i++) b.submit(`d${i}`, [job('a')]);
    const more = { tenant: 'acme', weight: 1, openDags: null, activeDags: 100, runnableJobs: null };
    b.step([input(Code.SetTenantLimits, more), input(Code.SubmitDag, submission('new', [job('a')]))]);
    expect([b.stateOf('d0', 'a'), b.stateOf('new', 'a')]).toEqual(['ready', 'waiting']);
  });

  it('with nonsense for limits is refused', () => {
    const b = new KernelBench();
    b.give(Code.SetTenantLimits, { tenant: 'acme', weight: 0, openDags: null, activeDags: null, runnableJobs: null });
    b.give(Code.SetTenantLimits, {
      tenant: 'acme',
      weight: 1001,
      openDags: null,
      activeDags: null,
      runnableJobs: null,
    });
    b.give(Code.SetTenantLimits, {
      tenant: 'acme',
      weight: 1000,
      openDags: MAX_LIMIT,
      activeDags: 0,
      runnableJobs: null,
    });
    b.give(Code.SetTenantLimits, { tenant: '', weight: 1, openDags: null, activeDags: null, runnableJobs: null });
    limits(b, { openDags: -1 });
    limits(b, { runnableJobs: Number.MAX_SAFE_INTEGER });
    expect(b.transcript.lines.filter((line) => line.startsWith('  '))).toEqual([
      '  InputRefused code invalid-limit',
      '  InputRefused code invalid-limit',
      '  TenantLimitsChanged',
      '  InputRefused code missing-field',
      '  InputRefused code invalid-limit',
      '  InputRefused code invalid-limit',
    ]);
  });
});

describe('the cell', () => {
  it('that knows too many jobs refuses everybody', () => {
    const b = new KernelBench();
    b.give(Code.SetCellLimits, cellLimits({ knownJobs: 2, retainTerminalMs: Number.MAX_SAFE_INTEGER }));
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code invalid-limit');
    b.give(Code.SetCellLimits, cellLimits({ knownJobs: 2 }));
    expect(b.transcript.lines.at(-1)).toBe('  CellLimitsChanged');
    b.submit('d1', [job('a'), job('b')]);
    b.submit('d2', [job('a')], { tenant: 'other' });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code cell-known-jobs');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd1', reason: '' });
    b.submit('d2', [job('a')], { tenant: 'other' });
    expect(b.stateOf('d1', 'a')).toBe('cancelled');
    expect(b.kernel.state.cell.c.knownJobs[b.kernel.state.cellRow]).toBe(1);
  });

  it('that has its DAG released behind the plan has it planned in a turn that follows at once', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, sessionMs: 600_000 });
    limits(b, { runnableJobs: 1 });
    const { full, unfinished } = b.step([
      input(Code.SubmitDag, submission('d1', [job('a')], {})),
      input(Code.SubmitDag, submission('d2', [job('a')], {})),
    ]);
    expect([b.stateOf('d1', 'a'), b.stateOf('d2', 'a'), full, unfinished]).toEqual([
      'dispatched',
      'ready',
      false,
      false,
    ]);
    expect(b.kernel.nextAt(0)).toBe(b.at);
    b.step();
    expect(b.stateOf('d2', 'a')).toBe('dispatched');
    expect(b.kernel.nextAt(0)).toBeGreaterThan(b.at);
  });

  it('has all of its DAGs released, some in each turn, without a word from outside', () => {
    const b = new KernelBench();
    limits(b, { activeDags: 1 });
    for (let i = 0; i < 100; i++) b.submit(`d${i}`, [job('a')]);
    limits(b, { activeDags: 1000 });
    const { tenants } = b.kernel.state;
    const held = () => tenants.c.heldDags[tenants.find(1)]!;
    expect(held()).toBeGreaterThan(0);
    for (let turn = 0; b.kernel.nextAt(0) <= b.at; turn++) {
      expect(turn).toBeLessThan(20);
      b.step();
    }
    expect(held()).toBe(0);
  });

  it('has as much released of each tenant that has room, also where more of them have than one turn releases of', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2000, sessionMs: 600_000 });
    const tenants = Array.from({ length: 100 }, (_, i) => `t${i}`);
    for (const tenant of tenants) limits(b, { runnableJobs: 1 }, tenant);
    const dags = Array.from({ length: 10 }, (_, i) => `d${i}`);
    const submissions = dags.flatMap((dag) => tenants.map((tenant) => submission(dag, [job('a')], { tenant })));
    b.step(submissions.map((one) => input(Code.SubmitDag, one)));
    // Each has its first one, and as each turn starts what the one before released, each always has room for the next.
    const { tenants: rows } = b.kernel.state;
    const held = () => tenants.map((_, i) => rows.c.heldDags[rows.find(i + 1)]!);
    for (let turn = 1; turn <= 8; turn++) {
      const left = held();
      expect(Math.max(...left) - Math.min(...left)).toBe(1);
      b.step();
    }
  });
});
