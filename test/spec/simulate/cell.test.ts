import { describe, expect, it } from 'vitest';
import { START_MS, VirtualCell } from '../../../src/simulate/cell/virtual-cell.js';
import { Chance, Draw } from '../../../src/simulate/load/chance.js';
import { checkPlan } from '../../../src/simulate/load/check-plan.js';
import { PlanWorld } from '../../../src/simulate/load/plan-world.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { type AttemptRecord, Recorder } from '../../../src/simulate/report/records.js';
import { runPlan } from '../../../src/simulate/run-plan.js';

type Load = PlanInput['load'];

/** Runs a load on four slots of class `a`. */
function run(load: Load, more: Partial<PlanInput> = {}) {
  const plan: PlanInput = { sigma: 0, duration: '1min', classes: { a: { executors: 2, slots: 2 } }, ...more, load };
  return runPlan(checkPlan(plan, () => null));
}

const once = { count: 1, every: 0 } as const;
const one = (time: string, more: object = {}) => ({ id: 'only', executorClass: 'a', run: { time }, ...more });
const usedMs = (attempts: readonly AttemptRecord[]): number =>
  attempts.reduce((sum, { dispatchedAt, releasedAt, slots }) => sum + (releasedAt! - dispatchedAt) * slots, 0);
const seconds = (at: number | null): number => (at! - START_MS) / 1_000;

describe('a cell under a virtual clock', () => {
  it('takes a DAG through, its time that of its jobs', () => {
    const jobs = [one('2s', { id: 'first' }), one('3s', { id: 'second', after: ['first'] })];
    const { recorder, end, endMs } = run([{ name: 'x', arrivals: { ...once, from: '10s' }, jobs }]);
    expect(end).toBe('drained');
    expect(endMs).toBe(15_000);
    expect(recorder.dags.map(({ outcome, endedAt }) => [outcome, seconds(endedAt)])).toEqual([['succeeded', 15]]);
    expect(recorder.attempts.map(({ dispatchedAt }) => seconds(dispatchedAt))).toEqual([10, 12]);
    expect(usedMs(recorder.attempts)).toBe(5_000);
  });

  it('gives ids to what has the longest name that there is', () => {
    const [long, other] = ['a', 'b'].map((end) => 'n'.repeat(255) + end) as [string, string];
    const load = [long, other].map((name) => ({ name, arrivals: once, jobs: [one('1s', { executorClass: name })] }));
    const { recorder, end } = run(load, { classes: { [long]: { slots: 1 }, [other]: { slots: 1 } } });
    expect(end).toBe('drained');
    expect(recorder.dags.map(({ submission, outcome }) => [submission.name, outcome])).toEqual([
      [long, 'succeeded'],
      [other, 'succeeded'],
    ]);
  });

  it('lets jobs wait for a slot', () => {
    const { recorder } = run([{ name: 'x', arrivals: { count: 6, every: 0 }, jobs: [one('10s')] }]);
    expect(recorder.attempts.map(({ dispatchedAt }) => seconds(dispatchedAt))).toEqual([0, 0, 0, 0, 10, 10]);
  });

  it('fans out as the plan says, each DAG by its own draw', () => {
    const jobs = [one('1s', { id: 'split' }), one('1s', { id: 'page', after: ['split'], fanOut: { count: 1 } })];
    const load: Load = [{ name: 'x', arrivals: { count: 20, every: 0 }, jobs, fanOuts: { page: [2, 5] } }];
    const { recorder } = run(load);
    const pages = recorder.dags.map((dag) => recorder.attempts.filter((attempt) => attempt.dag === dag).length - 1);
    expect([Math.min(...pages), Math.max(...pages)]).toEqual([2, 5]);
    expect(recorder.dags.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  });

  it('draws the same for children of two fan-outs, whichever of them fans out first', () => {
    const fanned = (id: string, time: string) => {
      const first = one('1s', { id: `before-${id}`, executorClass: 'b', estimateMs: id === 'x' ? 1 : 1_000 });
      const run = { time, sigma: 1, fails: { share: 0.5, attempts: 1 } };
      const retry = { maxAttempts: 2, backoff: { baseMs: 1, maxMs: 1 } };
      return [first, one(time, { id, after: [first.id], fanOut: { count: 1 }, run, retry })];
    };
    const jobs = [...fanned('x', '1s'), ...fanned('y', '60s')];
    const load: Load = [{ name: 'x', arrivals: { count: 9, every: 0 }, jobs, fanOuts: { x: [1, 5], y: [1, 5] } }];
    const classes = { a: { slots: 99 }, b: { slots: 1 } };
    const outcome = (policy: string) => {
      const { recorder } = run(load, { classes, policy });
      const first = recorder.attempts.find(({ executorClass }) => executorClass === 'b')!;
      const ofDags = recorder.dags.map((dag) => usedMs(recorder.attempts.filter((attempt) => attempt.dag === dag)));
      return { first: first.job, ofDags, attempts: recorder.attempts.length };
    };
    const [byRank, byArrival] = [outcome('default@1'), outcome('fifo@1')];
    expect(byArrival.first).not.toBe(byRank.first);
    expect({ ...byArrival, first: null }).toEqual({ ...byRank, first: null });
  });

  it('fails attempts, and tries again when the job says so', () => {
    const retry = { maxAttempts: 3, backoff: { baseMs: 1_000, maxMs: 1_000 } };
    const fails = (attempts: number) => [one('1s', { retry, run: { time: '1s', fails: { attempts } } })];
    const load: Load = [
      { name: 'twice', arrivals: once, jobs: fails(2) },
      { name: 'always', arrivals: once, jobs: fails(12) },
    ];
    const { recorder } = run(load);
    expect(recorder.dags.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed']);
    expect(recorder.attempts.filter(({ succeeded }) => succeeded)).toHaveLength(1);
    expect(recorder.attempts).toHaveLength(6);
  });

  it('takes slots away and gives them back; what runs goes on', () => {
    const changes = [
      { at: '1s', share: 0.5 },
      { at: '30s', share: 1 },
    ];
    const load: Load = [{ name: 'x', arrivals: { count: 8, every: 0 }, jobs: [one('10s')] }];
    const { recorder } = run(load, { changes });
    expect(recorder.attempts.map(({ dispatchedAt }) => seconds(dispatchedAt))).toEqual([0, 0, 0, 0, 10, 10, 20, 20]);
    expect(recorder.attempts.every(({ succeeded }) => succeeded)).toBe(true);
  });

  it('ends what a time-out or a hard deadline ends, and its slots are free again', () => {
    const load: Load = [
      { name: 'slow', arrivals: { count: 4, every: 0 }, jobs: [one('50s', { timeoutMs: 5_000 })] },
      { name: 'due', arrivals: once, hardDeadline: { after: '20s' }, jobs: [one('40s')] },
      { name: 'last', arrivals: { count: 4, every: 0, from: '21s' }, jobs: [one('1s')] },
    ];
    const { recorder } = run(load);
    const outcomes = new Map(recorder.dags.map(({ submission, outcome }) => [submission.name, outcome]));
    expect(Object.fromEntries(outcomes)).toEqual({ slow: 'failed', due: 'failed', last: 'succeeded' });
    const last = recorder.attempts.filter(({ dag }) => dag.submission.name === 'last');
    expect(last.map(({ dispatchedAt }) => seconds(dispatchedAt))).toEqual([21, 21, 21, 21]);
    expect(recorder.attempts.every(({ releasedAt }) => releasedAt !== null)).toBe(true);
    expect(recorder.refusals).toEqual([]);
  });

  it('keeps executors alive for hours', () => {
    const { recorder, end } = run([{ name: 'x', arrivals: { count: 5, every: '1h' }, jobs: [one('50min')] }]);
    expect(end).toBe('drained');
    expect(recorder.attempts.map(({ succeeded }) => succeeded)).toEqual([true, true, true, true, true]);
  });

  it('gives up on what can never run', () => {
    const load: Load = [{ name: 'x', arrivals: { ...once, from: '10s' }, jobs: [one('1s', { slots: 2 })] }];
    const changes = [{ at: '5s', share: 0.25 }];
    expect(run(load, { changes }).end).toBe('stalled');
  });

  it('writes a history that the kernel folds to the same state', () => {
    const plan = checkPlan(
      {
        duration: '20s',
        classes: { a: { slots: 4 } },
        load: [{ name: 'x', arrivals: { load: 0.9 }, jobs: [one('1s')] }],
      },
      () => null,
    );
    const cell = new VirtualCell(new PlanWorld(plan), () => undefined);
    cell.run();
    expect(cell.kernel.state.recount().toBytes()).toEqual(cell.kernel.state.hash.toBytes());
  });
});

describe('the same seed', () => {
  const load: Load = [
    {
      name: 'x',
      arrivals: { load: 0.9 },
      deadline: { paths: [1, 5] },
      jobs: [one('2s'), one('1s', { id: 'b', after: ['only'] })],
    },
  ];

  it('gives the same turns again, another seed others', () => {
    const turns = (seed: number) => {
      const plan = checkPlan({ seed, duration: '1min', classes: { a: { slots: 4 } }, load }, () => null);
      const codes: number[] = [];
      new VirtualCell(new PlanWorld(plan), ({ at, entries }) =>
        codes.push(at, ...entries.map(({ code }) => code)),
      ).run();
      return codes;
    };
    expect(turns(7)).toEqual(turns(7));
    expect(turns(7)).not.toEqual(turns(8));
  });

  it('gives the same arrivals, deadlines and run times under another policy', () => {
    const facts = (policy: string) => {
      const { recorder } = run(load, { policy, sigma: 0.5 });
      const dags = recorder.dags.map(({ acceptedAt, submission: { deadlineAtMs } }) => [acceptedAt, deadlineAtMs]);
      const times = recorder.attempts.map(({ dag, job, dispatchedAt, releasedAt }) => {
        return `${dag.submission.dagId} ${job} ${releasedAt! - dispatchedAt}`;
      });
      return [dags, times.sort()];
    };
    expect(facts('default@1')).toEqual(facts('fifo@1'));
  });

  it('draws other run times for each of many streams', () => {
    const stream: Load[number] = { name: 'x', arrivals: { count: 9, every: '1min' }, jobs: [one('10s')] };
    const streams = Array.from({ length: 257 }, () => stream);
    const { recorder } = run(streams, { sigma: 1, classes: { a: { slots: 4_000 } } });
    const timesOf = (index: number) =>
      recorder.attempts
        .filter(({ dag }) => dag.submission.dagId.startsWith(`x-${index}-`))
        .map(({ dispatchedAt, releasedAt }) => releasedAt! - dispatchedAt);
    expect(timesOf(0)).toHaveLength(9);
    expect(timesOf(256)).toHaveLength(9);
    expect(timesOf(256)).not.toEqual(timesOf(0));
  });

  it('draws what its distributions promise', () => {
    const chance = new Chance(1);
    const all = Array.from({ length: 20_000 }, (_, n) => n);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(all.map((n) => chance.exponential(100, Draw.gap, 0, n)))).toBeCloseTo(100, -1);
    const times = all.map((n) => chance.lognormal(100, 0.4, Draw.run, n, 0, 0));
    expect(mean(times)).toBeGreaterThan(98);
    expect(mean(times)).toBeLessThan(102);
    const logs = times.map((time) => Math.log(time));
    const center = mean(logs);
    expect(Math.sqrt(mean(logs.map((log) => (log - center) ** 2)))).toBeCloseTo(0.4, 1);
    expect(chance.lognormal(5, 0, Draw.run, 1, 1, 1)).toBe(5);
  });
});

describe('a recorder', () => {
  it('notes what is refused', () => {
    const tenants = { default: { openDags: 1 } };
    const { recorder } = run([{ name: 'x', arrivals: { count: 3, every: 0 }, jobs: [one('1s')] }], { tenants });
    expect(recorder.refusals.map(({ code }) => code)).toEqual(['tenant-open-dags', 'tenant-open-dags']);
    expect(recorder.dags).toHaveLength(1);
  });

  it('knows which jobs still wait', () => {
    const recorder = new Recorder();
    const plan = checkPlan(
      {
        sigma: 0,
        classes: { a: { slots: 1 } },
        load: [{ name: 'x', arrivals: { count: 3, every: 0 }, jobs: [one('10s')] }],
      },
      () => null,
    );
    new VirtualCell(new PlanWorld(plan), recorder.watch).run(START_MS + 5_000);
    expect(recorder.waiting().map(({ readyAt }) => readyAt)).toEqual([START_MS, START_MS]);
  });
});
