/** Histories with a planted cause: `why` and `sla` have to name it. */
import { describe, expect, it } from 'vitest';
import { type History, missedDeadlines, NotInHistory, Play, sla, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { classLimits, fanOut, job, retry } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** The invoice of every scene: it comes at 10 s, takes 1 s, and is due 3 s later. */
const DUE = { deadlineAtMs: at(13_000) };
const ARRIVES = 10_000;
const one = (more = {}) => [job('read', { estimateMs: 1_000, ...more })];

function stage(runs: ConstructorParameters<typeof Stage>[0] = () => 1_000): Stage {
  return new Stage(runs);
}

/** What `why` and `sla` say of the invoice, its first part by length and its first blame. */
async function causesOf(history: History, name = 'read') {
  const report = await why(history, { tenant: 'acme', dag: 'invoice', job: name });
  const waits = report.attempts.flatMap(({ parts }) => parts).toSorted((a, b) => b.ms - a.ms);
  const { blame, path, acceptedAtMs, endedAtMs, lateMs, cause } = await sla(history, {
    tenant: 'acme',
    dag: 'invoice',
  });
  const whole = path.reduce((sum, { ms }) => sum + ms, 0);
  if (endedAtMs !== null) expect(whole).toBe(endedAtMs - acceptedAtMs);
  for (const { ms, parts } of path) expect(parts.reduce((sum, part) => sum + part.ms, 0)).toBe(ms);
  return { report, wait: waits[0], blame: blame[0], lateMs, cause };
}

describe('the cause of a late invoice is', () => {
  it('a page giant that holds every slot, first come first served', async () => {
    const pages = [job('page', { estimateMs: 2_000, fanOut: fanOut(40) })];
    const history = stage((dag) => (dag === 'giant' ? 2_000 : 1_000))
      .give(0, Code.SetPolicy, { policy: 'fifo@1' })
      .executor('e1', 4)
      .submit(9_000, 'giant', pages)
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { report, wait, blame, cause } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'no-free-slot', on: 'ready-seq' });
    expect(report.attempts[0]!.holders).toMatchObject([{ dag: 'giant', permille: 1_000 }]);
    expect(report.attempts[0]!.overtakings[0]).toMatchObject({ dag: 'giant', rule: 'ready-seq' });
    expect(blame).toMatchObject({ kind: 'no-free-slot', on: 'held by giant', executorClass: 'ocr' });
    expect(cause).toContain('giant');
  });

  it('one slow executor', async () => {
    const history = stage((_dag, _job, { executor }) => (executor === 'e3' ? 9_000 : 1_000));
    for (const id of ['e1', 'e2', 'e3']) history.executor(id, 1);
    for (let n = 0; n < 5; n++) history.submit(n * 20_000, `earlier-${n}`, [job('a'), job('b'), job('c')]);
    history.submit(140_000, 'invoice', one(), { deadlineAtMs: at(143_000) });
    const { blame, lateMs } = await causesOf(history.play());
    expect(lateMs).toBe(6_000);
    expect(blame).toMatchObject({ kind: 'slow-executor', on: 'e3' });
  });

  it('a run, also where all others took no time at all', async () => {
    const history = stage((dag) => (dag === 'invoice' ? null : 0));
    for (const id of ['e1', 'e2']) history.executor(id, 1);
    for (let n = 0; n < 5; n++) history.submit(n * 1_000, `earlier-${n}`, [job('a'), job('b')]);
    const open = history.submit(ARRIVES, 'invoice', one(), DUE).submit(14_000, 'later', one()).play(14_000);
    const { blame, path } = await sla(open, { tenant: 'acme', dag: 'invoice' });
    expect(path.flatMap(({ parts }) => parts.map(({ kind, ms }) => ({ kind, ms })))).toEqual([
      { kind: 'run', ms: 4_000 },
    ]);
    expect(blame).toEqual([]);
  });

  it('a late retry', async () => {
    const history = stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 500, fails: true } : 1_000))
      .executor('e1', 1)
      .submit(ARRIVES, 'invoice', one({ retry: retry(3, 8_000) }), DUE)
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'backoff-until', on: 'attempt 2' });
    expect(blame).toMatchObject({ kind: 'backoff-until', on: 'attempt 2' });
  });

  it('a pause of the DAG', async () => {
    const dag = { tenant: 'acme', dagId: 'invoice' };
    const history = stage()
      .executor('e1', 1)
      .submit(9_999, 'other', one())
      .submit(ARRIVES, 'invoice', one(), DUE)
      .give(10_100, Code.PauseDag, dag)
      .give(20_000, Code.ResumeDag, dag)
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toEqual({ reason: 'paused-dag', on: null, ms: 9_900 });
    expect(blame).toMatchObject({ kind: 'paused-dag', ms: 9_900 });
  });

  it('a limit of its tenant', async () => {
    const limits = { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null };
    const history = stage((dag) => (dag === 'long' ? 20_000 : 1_000))
      .give(0, Code.SetTenantLimits, limits)
      .executor('e1', 4)
      .submit(9_000, 'long', one())
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'held-tenant-limit', ms: 19_000 });
    expect(blame).toMatchObject({ kind: 'held-tenant-limit', ms: 19_000 });
  });

  it('that its class had no executor', async () => {
    const history = stage().executor('e1', 1, {}, 20_000).submit(ARRIVES, 'invoice', one(), DUE).play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toEqual({ reason: 'no-executor-in-class', on: null, ms: 10_000 });
    expect(blame).toMatchObject({ kind: 'no-executor-in-class' });
  });

  it('the limit of its class', async () => {
    const limits = classLimits({ maxSlots: 1 });
    const history = stage((dag) => (dag === 'long' ? 20_000 : 1_000))
      .give(0, Code.SetClassLimits, limits)
      .executor('e1', 4)
      .submit(9_000, 'long', one())
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { report, wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'class-limit', on: '1 slot', ms: 19_000 });
    expect(report.attempts[0]!.holders[0]).toMatchObject({ dag: 'long' });
    expect(blame).toMatchObject({ kind: 'class-limit' });
  });

  it('a slow job before it', async () => {
    const jobs = [job('scan', { executorClass: 'scanner' }), job('read', { after: ['scan'] })];
    const history = stage((_dag, name) => (name === 'scan' ? 12_000 : 1_000))
      .executor('s1', 1, { executorClass: 'scanner' })
      .executor('e1', 1)
      .submit(ARRIVES, 'invoice', jobs, DUE)
      .play();
    const { wait } = await causesOf(history);
    expect(wait).toEqual({ reason: 'waiting-for', on: 'scan', ms: 12_000 });
    const { path } = await sla(history, { tenant: 'acme', dag: 'invoice' });
    expect(path.map(({ job: name, ms }) => [name, ms])).toEqual([
      ['scan', 12_000],
      ['read', 1_000],
    ]);
  });

  it('work of a higher priority', async () => {
    const history = stage().executor('e1', 1);
    history.submit(9_500, 'first', one(), { priority: 9 });
    for (let n = 0; n < 12; n++) history.submit(ARRIVES + n, `vip-${n}`, one(), { priority: 9 });
    history.submit(ARRIVES, 'invoice', one());
    const { report, wait, blame } = await causesOf(history.play());
    expect(wait).toMatchObject({ reason: 'no-free-slot', on: 'priority' });
    expect(report.attempts[0]!.overtakings[0]).toMatchObject({ rule: 'priority', value: 9, own: 0 });
    expect(blame).toMatchObject({ kind: 'no-free-slot' });
  });

  it('its width: smaller jobs ran meanwhile, for which there was room', async () => {
    const history = stage((dag) => (dag === 'first' ? 8_000 : 1_000)).executor('e1', 4);
    history.submit(9_500, 'first', one({ slots: 3 }));
    history.submit(ARRIVES, 'invoice', one({ slots: 4 }), { priority: 9 });
    for (let n = 1; n <= 3; n++) history.submit(ARRIVES + n * 1_500, `small-${n}`, one());
    const { report } = await causesOf(history.play());
    const [attempt] = report.attempts;
    expect(attempt!.overtakings.map(({ dag }) => dag)).toEqual(['small-1', 'small-2', 'small-3']);
    expect(attempt!.overtakings[0]).toMatchObject({ rule: 'none', value: null, own: null });
  });

  it('that its executors were cordoned', async () => {
    const history = stage()
      .executor('e1', 2)
      .give(9_000, Code.CordonExecutor, { executor: 'e1' })
      .submit(ARRIVES, 'invoice', one(), DUE)
      .give(20_000, Code.UncordonExecutor, { executor: 'e1' })
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'all-cordoned-or-draining', ms: 10_000 });
    expect(blame).toMatchObject({ kind: 'all-cordoned-or-draining' });
  });

  it('a person who took their time', async () => {
    const jobs = [job('approve', { kind: 'signal', signalName: 'yes' }), job('read', { after: ['approve'] })];
    const answer = { tenant: 'acme', dagId: 'invoice', signal: 'yes', output: null };
    const history = stage()
      .executor('e1', 1)
      .submit(ARRIVES, 'invoice', jobs, DUE)
      .give(25_000, Code.ResolveSignal, answer)
      .play();
    const { blame } = await causesOf(history, 'approve');
    expect(blame).toMatchObject({ kind: 'waiting-for-signal', ms: 15_000 });
  });

  it('that it needs more slots than any executor had', async () => {
    const history = stage()
      .executor('small', 1)
      .submit(ARRIVES, 'invoice', one({ slots: 4 }), DUE)
      .executor('large', 4, {}, 22_000)
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'larger-than-any-executor', ms: 12_000 });
    expect(blame).toMatchObject({ kind: 'larger-than-any-executor' });
  });

  it('what its tenant had used of the class before', async () => {
    const history = stage((dag) => (dag === 'used' ? 20_000 : 1_000)).executor('e1', 1);
    history.submit(1_000, 'used', one({ estimateMs: 20_000 }));
    for (let n = 0; n < 9; n++) history.submit(9_000, `other-${n}`, one(), { tenant: 'other' });
    history.submit(ARRIVES, 'invoice', one());
    const report = await why(history.play(), { tenant: 'acme', dag: 'invoice', job: 'read' });
    const [first] = report.attempts;
    expect(first!.overtakings[0]!.rule).toBe('tenant-tag');
    expect(first!.decision).toMatchObject({ lane: 'regular', again: { sameTurn: true, sameDispatch: true } });
  });

  it('an executor that did not give its slot back', async () => {
    const history = stage((dag) => (dag === 'stuck' ? null : 1_000))
      .executor('e1', 1)
      .submit(9_000, 'stuck', one({ timeoutMs: 2_000 }))
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { wait } = await causesOf(history);
    expect(wait!.reason).toBe('no-free-slot');
    const report = await why(history, { tenant: 'acme', dag: 'invoice', job: 'read' });
    expect(report.attempts[0]!.parts.map(({ reason }) => reason)).toEqual(['no-free-slot', 'slot-reclaiming']);
  });

  it('an executor that was lost', async () => {
    const history = stage((_dag, _job, { number }) => (number === 1 ? null : 1_000))
      .executor('e1', 1)
      .submit(ARRIVES, 'invoice', one(), DUE)
      .give(18_000, Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' })
      .executor('e2', 1, {}, 18_500)
      .play();
    const { blame } = await causesOf(history);
    expect(blame).toMatchObject({ kind: 'lost-executor', on: 'e1', ms: 8_000 });
  });
});

describe('causes that come together are told apart:', () => {
  it('a limit of the tenant, then a pause, then a full class, then a failed attempt and its backoff', async () => {
    const limits = { tenant: 'acme', weight: 1, openDags: null, activeDags: 1, runnableJobs: null };
    const dag = { tenant: 'acme', dagId: 'invoice' };
    const history = stage((name, _job, { number }) => {
      if (name === 'first') return 5_000;
      if (name === 'giant') return 20_000;
      return number === 1 ? { afterMs: 500, fails: true } : 1_000;
    })
      .give(0, Code.SetTenantLimits, limits)
      .executor('e1', 1)
      .submit(9_000, 'first', one())
      .submit(ARRIVES, 'invoice', one({ retry: retry(2, 4_000) }), DUE)
      .give(12_000, Code.PauseDag, dag)
      .submit(14_000, 'giant', one(), { tenant: 'other' })
      .give(18_000, Code.ResumeDag, dag)
      .play();
    const { report, blame } = await causesOf(history);
    // Paused from 12 s, held until 14 s: the pause is the first of the list that applies.
    const [first, second] = report.attempts;
    expect(first!.parts).toMatchObject([
      { reason: 'no-free-slot', ms: 16_000 },
      { reason: 'paused-dag', ms: 6_000 },
      { reason: 'held-tenant-limit', ms: 2_000 },
    ]);
    expect(first!.holders).toMatchObject([{ dag: 'giant', permille: 1_000 }]);
    expect(second!.parts).toMatchObject([{ reason: 'backoff-until', on: 'attempt 2' }]);
    expect(blame).toMatchObject({ kind: 'no-free-slot', on: 'held by giant', ms: 16_000 });
    const { blame: all } = await sla(history, { tenant: 'acme', dag: 'invoice' });
    expect(all.map(({ kind }) => kind)).toEqual([
      'no-free-slot',
      'paused-dag',
      'backoff-until',
      'held-tenant-limit',
      'failed-attempt',
    ]);
  });

  it('one slow child of a fan-out, and not the many that were quick', async () => {
    const jobs = [
      job('pages', { estimateMs: 1_000, fanOut: fanOut(6) }),
      job('merge', { executorClass: 'merger', after: ['pages'] }),
    ];
    let dispatched = 0;
    const history = stage((dag, name) => {
      if (dag === 'invoice' && name === 'pages') return ++dispatched === 3 ? 15_000 : 1_000;
      return 1_000;
    })
      .executor('e1', 6)
      .executor('m1', 1, { executorClass: 'merger' })
      .submit(ARRIVES, 'invoice', jobs, DUE)
      .play();
    const { path, lateMs } = await sla(history, { tenant: 'acme', dag: 'invoice' });
    expect(path.map(({ job: name, ms }) => [name, ms])).toEqual([
      [expect.stringMatching(/^pages\[\d\]$/), 15_000],
      ['merge', 1_000],
    ]);
    expect(lateMs).toBe(13_000);
    const { attempts } = await why(history, { tenant: 'acme', dag: 'invoice', job: 'merge' });
    expect(attempts[0]!.parts).toEqual([{ reason: 'waiting-for', on: 'pages', ms: 15_000 }]);
  });

  it('executors that left in the middle, and the work that was before it', async () => {
    const history = stage((dag) => (dag.startsWith('page') ? 4_000 : 1_000))
      .executor('e1', 1)
      .executor('e2', 3);
    for (let n = 0; n < 8; n++) history.submit(9_000, `page-${n}`, one({ estimateMs: 4_000 }));
    history
      .submit(ARRIVES, 'invoice', one({ estimateMs: 4_000 }), DUE)
      .give(13_000, Code.DeregisterExecutor, { executor: 'e2', incarnation: 'e2-1' })
      .give(13_100, Code.DeregisterExecutor, { executor: 'e1', incarnation: 'e1-1' })
      .executor('e3', 1, {}, 20_000);
    const { report } = await causesOf(history.play());
    const reasons = report.attempts[0]!.parts.map(({ reason }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['no-free-slot', 'no-executor-in-class']));
    const gone = report.attempts[0]!.parts.find(({ reason }) => reason === 'no-executor-in-class')!;
    expect(gone.ms).toBe(6_900);
  });

  it('a rate of its class that was used up', async () => {
    const limits = classLimits({ rates: [{ per: 'starts' as const, add: 1, perMs: 10_000, burst: 1 }] });
    const history = stage()
      .give(0, Code.SetClassLimits, limits)
      .executor('e1', 4)
      .submit(9_500, 'before', one())
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { wait, blame } = await causesOf(history);
    expect(wait).toMatchObject({ reason: 'rate-limited', ms: 9_500 });
    expect(blame).toMatchObject({ kind: 'rate-limited' });
  });
});

describe('missed deadlines', () => {
  it('are counted with what held their paths up, and only those that fit', async () => {
    const scene = stage((dag) => (dag.startsWith('giant') ? 30_000 : 1_000)).executor('e1', 2);
    scene.executor('l1', 1, { executorClass: 'llm' });
    scene.submit(0, 'giant-1', one()).submit(0, 'giant-2', one());
    for (let n = 0; n < 3; n++) scene.submit(1_000, `late-${n}`, one(), { deadlineAtMs: at(5_000) });
    scene.submit(40_000, 'early', one(), { deadlineAtMs: at(60_000), tenant: 'other' });
    const history = scene.play();
    const { withDeadline, missed, blame } = await missedDeadlines(history);
    expect(withDeadline).toBe(4);
    expect(missed.map(({ dag }) => dag).sort()).toEqual(['late-0', 'late-1', 'late-2']);
    expect(blame[0]).toMatchObject({ kind: 'no-free-slot', executorClass: 'ocr', dags: 3 });
    expect((await missedDeadlines(history, { tenant: 'other' })).missed).toEqual([]);
    expect((await missedDeadlines(history, { executorClass: 'llm' })).withDeadline).toBe(0);
    await expect(missedDeadlines(history, { executorClass: 'nope' })).rejects.toThrow(NotInHistory);
  });

  it('counts once when its DAG is run again, which is open until it ends once more', async () => {
    const scene = () =>
      stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 500, fails: true } : 10_000))
        .executor('e1', 1)
        .submit(ARRIVES, 'invoice', one(), DUE)
        .give(11_000, Code.RetryDag, { tenant: 'acme', dagId: 'invoice' });
    const whole = scene().play();
    const { withDeadline, missed } = await missedDeadlines(whole);
    expect({ withDeadline, missed: missed.map(({ outcome, lateMs }) => ({ outcome, lateMs })) }).toEqual({
      withDeadline: 1,
      missed: [{ outcome: 'succeeded', lateMs: 8_000 }],
    });
    const meanwhile = scene().play(15_000);
    const report = await sla(meanwhile, { tenant: 'acme', dag: 'invoice' });
    expect(report).toMatchObject({ outcome: 'open', endedAtMs: null });
    expect((await missedDeadlines(meanwhile)).withDeadline).toBe(1);
  });

  it('would have been met with more slots, or an earlier submission', async () => {
    const history = stage((dag) => (dag === 'long' ? 20_000 : 1_000))
      .executor('e1', 1)
      .submit(8_000, 'long', one())
      .submit(ARRIVES, 'invoice', one(), DUE)
      .play();
    const { remedies } = await sla(history, { tenant: 'acme', dag: 'invoice' }, { remedies: true });
    expect(remedies!.capacity).toEqual([{ executorClass: 'ocr', slots: 2, more: 1, isLeast: true }]);
    expect(remedies!.submitAtMs).toBeLessThanOrEqual(at(8_000));
    expect(remedies!.submitAtMs).toBeGreaterThan(at(7_000));
  });

  it('may be met with three slots and missed with four, and the three are found', async () => {
    // Graham's anomaly: with a fourth slot what is short begins sooner, and holds the slots when the long job is ready.
    const seconds = [3, 2, 2, 2, 4, 4, 4, 4, 9];
    const after = [[], [], [], [], ['j4'], ['j4'], ['j4'], ['j4'], ['j1']];
    const jobs = seconds.map((s, i) => job(`j${i + 1}`, { estimateMs: s * 1_000, after: after[i]! }));
    const history = stage((_dag, name) => seconds[Number(name.slice(1)) - 1]! * 1_000)
      .give(0, Code.SetPolicy, { policy: 'fifo@1' })
      .executor('e1', 1)
      .submit(1_000, 'invoice', jobs, { deadlineAtMs: at(1_000 + 13_000) })
      .play();
    const play = await Play.of(history);
    const deadlines = [];
    for (const slots of [2, 3, 4, 5]) deadlines.push((await play.run({ slots: { ocr: slots } })).numbers.deadlines.met);
    expect(deadlines).toEqual([0, 1, 0, 1]);
    const { remedies } = await sla(history, { tenant: 'acme', dag: 'invoice' }, { remedies: true });
    expect(remedies!.capacity).toEqual([{ executorClass: 'ocr', slots: 3, more: 2, isLeast: true }]);
  });
});
