import { describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { START_MS, VirtualCell } from '../../../src/simulate/cell/virtual-cell.js';
import type { Arrival } from '../../../src/simulate/cell/world.js';
import { checkHistories, checkPlan, HistoryReader, PlanError, reportOf, runPlan } from '../../../src/simulate/index.js';
import { PlanWorld } from '../../../src/simulate/load/plan-world.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';
import { type AttemptRecord, Recorder } from '../../../src/simulate/report/records.js';
import { BLOB, fanOut, job, when } from '../../support/kernel/build.js';
import { Stage } from '../../support/replay/stage.js';

const CLASSES: PlanInput['classes'] = { a: { executors: 2, slots: 2 }, b: { slots: 1 } };

/** Chance in everything: run times, failures, sizes of two fan-outs of the same DAG, deadlines. */
const RECORDED: PlanInput = {
  duration: '2min',
  classes: CLASSES,
  load: [
    {
      name: 'x',
      arrivals: { load: 0.9 },
      deadline: { paths: [1, 10] },
      fanOuts: { left: [1, 3], right: [1, 3] },
      jobs: [
        { id: 'split', executorClass: 'b', run: { time: '100ms' } },
        ...['left', 'right'].map((id) => {
          const retry = { maxAttempts: 3, backoff: { baseMs: 100, maxMs: 100 } };
          const run = { time: '1s', fails: { share: 0.2, attempts: 2 } };
          return { id, executorClass: 'a', after: ['split'], fanOut: { count: 1 }, retry, run };
        }),
        { id: 'slow', executorClass: 'a', after: ['split'], timeoutMs: 900, optional: true, run: { time: '1s' } },
      ],
    },
  ],
};

/** A job that fails its first attempt. */
const FAILING = { id: 'a', executorClass: 'a', run: { time: '1s', sigma: 0, fails: { attempts: 1 } } };

/** Runs a plan and reads its turns as a history. */
function record(input: PlanInput): { readonly history: HistoryReader; readonly recorder: Recorder } {
  const recorder = new Recorder();
  const history = new HistoryReader();
  const cell = new VirtualCell(new PlanWorld(checkPlan(input, () => null)), (turn) => {
    recorder.watch(turn);
    history.take({ at: turn.at, entries: turn.entries as readonly AnyEntry[] });
  });
  expect(cell.run()).toBe('drained');
  return { history, recorder };
}

function replayed(history: HistoryReader, more: object = {}, input: Partial<PlanInput> = {}) {
  const plan = checkPlan({ classes: CLASSES, load: [{ journal: 'journal', ...more }], ...input }, () => null);
  return runPlan(plan, [history]);
}

/** What arrives last of a plan. */
function lastArrival(input: PlanInput): Arrival {
  const world = new PlanWorld(checkPlan(input, () => null));
  let last = world.next()!;
  for (let next = world.next(); next !== null; next = world.next()) last = next;
  return last;
}

function first(history: HistoryReader): number {
  return history.arrivals[0]!.at;
}

/** What happened, in ms after a moment. */
function story(attempts: readonly AttemptRecord[], from: number): readonly unknown[] {
  return attempts.map(({ job, executorClass, dispatchedAt, releasedAt, succeeded, dag }) => {
    return [dag.submission.dagId, job, executorClass, dispatchedAt - from, releasedAt! - from, succeeded];
  });
}

describe('a history as a load', () => {
  const { history, recorder } = record(RECORDED);

  it('comes out as it was on the same executors', () => {
    expect(recorder.attempts.length).toBeGreaterThan(300);
    expect(recorder.attempts.some(({ succeeded }) => !succeeded)).toBe(true);
    const again = replayed(history);
    expect(again.assumed).toBe(0);
    expect(story(again.recorder.attempts, START_MS)).toEqual(story(recorder.attempts, first(history)));
    const deadlines = (all: Recorder, from: number) =>
      all.dags.map(({ submission }) => submission.deadlineAtMs! - from);
    expect(deadlines(again.recorder, START_MS)).toEqual(deadlines(recorder, first(history)));
  });

  it('comes out as it was under weights that its tenants had, whoever of them is named in the plan', () => {
    const reader = new HistoryReader();
    const jobs = [job('read', { executorClass: 'a' })];
    const weighed = { tenant: 'c', weight: 1, openDags: null, activeDags: null, runnableJobs: null };
    const turns = new Stage(() => 1_000)
      .executor('a-0', 1, { executorClass: 'a' })
      .give(0, Code.SetTenantLimits, weighed)
      .submit(0, 'first', jobs, { tenant: 'a' })
      .submit(0, 'second', jobs, { tenant: 'b' })
      .submit(0, 'third', jobs, { tenant: 'c' })
      .turns();
    for (const turn of turns) reader.take(turn);
    for (const tenants of [{}, { a: {} }, { b: {} }, { c: {}, b: {} }]) {
      const { attempts } = replayed(reader, {}, { classes: { a: { slots: 1 } }, tenants }).recorder;
      expect(attempts.map(({ dag }) => dag.submission.dagId)).toEqual(['third', 'first', 'second']);
    }
  });

  it('comes out as it was where an output is in a blob, which no fan-out can read', () => {
    const of = { from: 'split', at: '/pages' };
    const turns = new Stage(() => ({ afterMs: 1_000, output: BLOB }))
      .executor('a-0', 1, { executorClass: 'a' })
      .submit(0, 'scan', [
        job('split', { executorClass: 'a' }),
        job('page', { executorClass: 'a', after: ['split'], fanOut: fanOut(of), optional: true }),
        job('rest', { executorClass: 'a', after: ['split'], when: when({ job: 'split', op: 'exists' }) }),
      ])
      .turns();
    const reader = new HistoryReader();
    const ends = new Set<string>();
    for (const turn of turns) reader.take(turn);
    const plan = checkPlan({ classes: CLASSES, load: [{ journal: 'journal' }] }, () => null);
    new VirtualCell(new PlanWorld(plan, [reader]), ({ entries }) => {
      for (const { code, body } of entries) if (code === Code.JobFailed) ends.add(body.code);
    }).run();
    expect([...ends]).toEqual(['output-not-inline']);
  });

  it('takes the same time for each attempt under another policy and on other executors', () => {
    const lengths = ({ attempts }: Recorder) =>
      attempts.map(({ dispatchedAt, releasedAt }) => releasedAt! - dispatchedAt).sort((a, b) => a - b);
    const other = replayed(history, {}, { policy: 'fifo@1', classes: { a: { slots: 9 }, b: { slots: 2 } } });
    expect(other.assumed).toBe(0);
    expect(lengths(other.recorder)).toEqual(lengths(recorder));
  });

  it('can come faster, its deadlines as far away as they were', () => {
    const { dags } = replayed(history, { speed: 4 }).recorder;
    const at = (n: number) => dags[n]!.acceptedAt - START_MS;
    const before = (n: number) => recorder.dags[n]!.acceptedAt - first(history);
    expect(at(50)).toBe(Math.floor(before(50) / 4));
    const slack = ({ submission, acceptedAt }: (typeof dags)[number]) => submission.deadlineAtMs! - acceptedAt;
    expect(slack(dags[50]!)).toBe(slack(recorder.dags[50]!));
  });

  it('brings deadlines that were set later, as far from that moment', () => {
    const [submit] = history.arrivals;
    const { tenant, dagId } = recorder.dags[0]!.submission;
    const deadlines = (deadlineAtMs: number | null, hardDeadlineAtMs: number | null = null) => {
      const one = new HistoryReader();
      const body = { tenant, dagId, deadlineAtMs, hardDeadlineAtMs };
      one.arrivals.push(submit!, { at: submit!.at + 5, order: 0, code: Code.SetDeadline, body });
      return reportOf(replayed(one)).all.deadlines;
    };
    expect(deadlines(submit!.at + 6)).toEqual({ decided: 1, met: 0, open: 0 });
    expect(deadlines(submit!.at + 3_600_000)).toEqual({ decided: 1, met: 1, open: 0 });
    expect(deadlines(submit!.at + 3_600_000, submit!.at + 6)).toEqual({ decided: 1, met: 0, open: 0 });
    expect(deadlines(null)).toEqual({ decided: 0, met: 0, open: 0 });
  });

  it('counts a DAG that was run again as open until it has ended again', () => {
    const one = record({
      ...RECORDED,
      load: [{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [FAILING] }],
    }).history;
    const { tenant, dagId } = one.arrivals[0]!.body as SubmitDag;
    const at = one.arrivals[0]!.at + 30_000;
    one.arrivals.push({ at, order: 0, code: Code.RetryDag, body: { tenant, dagId } });
    const outcomes = (more: Partial<PlanInput>) =>
      replayed(one, {}, more).recorder.dags.map(({ outcome, endedAt }) => [outcome, endedAt === null]);
    expect(outcomes({})).toEqual([['succeeded', false]]);
    expect(outcomes({ end: 'duration', duration: '29s' })).toEqual([['failed', false]]);
    expect(outcomes({ end: 'duration', duration: 30_500 })).toEqual([['open', true]]);
  });

  it('runs a DAG again that failed before many others ended', () => {
    const load: PlanInput['load'] = [{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [FAILING] }];
    const one = record({ ...RECORDED, load }).history;
    const [failing] = one.arrivals;
    const jobs = Array.from({ length: 20_001 }, (_, i) => ({ id: `n${i}`, kind: 'noop' as const }));
    const many = lastArrival({ ...RECORDED, load: [{ name: 'many', arrivals: { count: 1, every: 0 }, jobs }] });
    const { tenant, dagId } = failing!.body as SubmitDag;
    const retry = { at: failing!.at + 30_000, order: 0, code: Code.RetryDag, body: { tenant, dagId } };
    const again = { ...(many.body as SubmitDag), dagId: 'again', idempotencyKey: 'again' };
    const submit = (afterMs: number, body: SubmitDag) =>
      ({ at: failing!.at + afterMs, order: 0, code: Code.SubmitDag, body }) as const;
    one.arrivals.push(submit(10_000, many.body as SubmitDag), submit(20_000, again), retry);
    const { dags, refusals } = replayed(one).recorder;
    expect(refusals).toEqual([]);
    expect(dags.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('answers signals when it did, so that only those that it never answers are waited for in vain', () => {
    const asks: PlanInput['load'] = [
      { name: 'x', arrivals: { count: 1, every: 0 }, jobs: [{ id: 'ask', kind: 'signal' }] },
    ];
    const stuckIn = (answerAfterMs: number | null, more: object) => {
      const one = new HistoryReader();
      const submit = lastArrival({ ...RECORDED, load: asks });
      const { tenant, dagId } = submit.body as SubmitDag;
      const body = { tenant, dagId, signal: 'ask', output: null };
      const answer = { at: submit.at + (answerAfterMs ?? 0), order: 0, code: Code.ResolveSignal, body };
      one.arrivals.push(submit, ...(answerAfterMs === null ? [] : [answer]));
      return replayed(one, more, { end: 'duration', duration: '10s' }).stuck.map(({ job }) => job);
    };
    expect(stuckIn(null, {})).toEqual(['ask']);
    expect(stuckIn(30_000, {})).toEqual([]);
    expect(stuckIn(30_000, { speed: 4 })).toEqual([]);
  });

  it('leaves out what was set for the cell, and says so', () => {
    const settings = new HistoryReader();
    const body = { tenant: 'default', weight: 1, openDags: 1, activeDags: 1, runnableJobs: 1 };
    const input = { code: Code.SetTenantLimits, envelope: null, body } as unknown as AnyEntry;
    for (const at of [1, 2]) settings.take({ at, entries: [input] });
    settings.arrivals.push(...history.arrivals.slice(0, 3));
    const { notes, all } = reportOf(replayed(settings));
    expect(all).toMatchObject({ dags: 3, heldDags: 0 });
    expect(notes).toEqual(['set in journal and not here, where the plan alone says it: limits of a tenant (2x)']);
  });

  describe('beside others', () => {
    const entries = (...more: object[]) => {
      const plan = checkPlan(
        { classes: CLASSES, load: more.map((one) => ({ journal: 'journal', ...one })) },
        () => null,
      );
      return runPlan(plan, Array(more.length).fill(history));
    };

    it('has DAGs of its own, though another has the same ids and keys', () => {
      const run = entries({}, { speed: 2 });
      expect(run.recorder.refusals).toEqual([]);
      expect(run.recorder.dags.length).toBe(2 * recorder.dags.length);
      expect(run.recorder.attempts.length).toBe(2 * recorder.attempts.length);
      expect(run.assumed).toBe(0);
    });

    it('keeps its attempts to itself where the other has another DAG of the same id', () => {
      const other = record({ ...RECORDED, load: [{ ...RECORDED.load[0]!, jobs: [FAILING], fanOuts: {} } as never] });
      const load = [{ journal: 'one' }, { journal: 'other' }];
      const run = runPlan(
        checkPlan({ classes: CLASSES, load }, () => null),
        [history, other.history],
      );
      expect(run.recorder.refusals).toEqual([]);
      expect(run.recorder.dags.length).toBe(recorder.dags.length + other.recorder.dags.length);
      expect(run.assumed).toBe(0);
    });

    it('cancels its own DAGs, and answers its own signals', () => {
      const submit = lastArrival({
        ...RECORDED,
        load: [{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [{ id: 'ask', kind: 'signal' }] }],
      });
      const { tenant, dagId } = submit.body as SubmitDag;
      const withLast = (code: typeof Code.ResolveSignal | typeof Code.CancelDag, more: object) => {
        const one = new HistoryReader();
        const body = { tenant, dagId, ...more } as Arrival['body'];
        one.arrivals.push(submit, { at: submit.at + 30_000, order: 0, code, body });
        return one;
      };
      const both = [
        withLast(Code.ResolveSignal, { signal: 'ask', output: null }),
        withLast(Code.CancelDag, { reason: '' }),
      ];
      const runOf = (more: Partial<PlanInput>) => {
        const load = [{ journal: 'one' }, { journal: 'other' }];
        return runPlan(
          checkPlan({ classes: CLASSES, load, ...more }, () => null),
          both,
        );
      };
      expect(runOf({}).recorder.dags.map(({ outcome }) => outcome)).toEqual(['succeeded', 'cancelled']);
      expect(runOf({ end: 'duration', duration: '10s' }).stuck).toEqual([]);
    });

    it('is told from a stream with the same ids', () => {
      const [stream] = RECORDED.load;
      const plan = checkPlan({ ...RECORDED, load: [stream!, { journal: 'journal' }] }, () => null);
      const run = runPlan(plan, [history]);
      expect(run.recorder.refusals).toEqual([]);
      expect(run.recorder.dags.length).toBe(2 * recorder.dags.length);
    });
  });

  it('gives attempts that it does not know their estimate, and counts them', () => {
    const short = new HistoryReader();
    short.arrivals.push(...history.arrivals.slice(0, 3));
    const run = replayed(short);
    expect(run.assumed).toBe(run.recorder.attempts.length);
    expect(run.recorder.dags.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  });

  it('lets attempts that had not ended run longer than they were seen to: until their DAG was cancelled, or to its end', () => {
    const jobs = [job('only', { executorClass: 'a', estimateMs: 1_000 })];
    const stage = new Stage(() => null).executor('e', 2, { executorClass: 'a' });
    stage.submit(1_000, 'cut', jobs).give(5_000, Code.CancelDag, { tenant: 'acme', dagId: 'cut', reason: '' });
    stage.submit(10_000, 'goes-on', jobs).give(60_000, Code.SetPolicy, { policy: 'fifo@1' });
    const unended = new HistoryReader();
    for (const turn of stage.turns(60_000)) unended.take(turn);
    const { assumed, recorder } = replayed(unended);
    expect(assumed).toBe(2);
    expect(recorder.dags.map(({ outcome }) => outcome)).toEqual(['cancelled', 'succeeded']);
    expect(recorder.attempts.at(-1)).toMatchObject({ releasedAt: recorder.attempts.at(-1)!.dispatchedAt + 50_001 });
  });

  it('gives attempts that it does not know what the cell has learned, where no estimate was given', () => {
    const jobs = [{ id: 'only', executorClass: 'a', run: { time: '10s', sigma: 0 } }];
    const known = record({
      classes: CLASSES,
      load: [{ name: 'x', arrivals: { count: 3, every: '30s' }, jobs }],
    }).history;
    const short = new HistoryReader();
    for (const { body, ...arrival } of known.arrivals) {
      const given = body as SubmitDag;
      short.arrivals.push({
        ...arrival,
        body: { ...given, jobs: given.jobs.map((one) => ({ ...one, estimateMs: null })) },
      });
    }
    for (const [key, ending] of [...known.attempts].slice(0, 2)) short.attempts.set(key, ending);
    const run = replayed(short);
    expect(run.assumed).toBe(1);
    expect(run.recorder.attempts.map((one) => one.releasedAt! - one.dispatchedAt)).toEqual([10_000, 10_000, 10_000]);
  });

  it('is refused where it has no DAGs, or the plan no executors for them', () => {
    const problemsOf = (one: HistoryReader, classes: PlanInput['classes']): string => {
      try {
        checkHistories(
          checkPlan({ classes, load: [{ journal: 'journal' }] }, () => null),
          [one],
        );
      } catch (error) {
        if (error instanceof PlanError) return error.message;
        throw error;
      }
      return '';
    };
    expect(problemsOf(history, CLASSES)).toBe('');
    expect(problemsOf(history, { a: { slots: 1 } })).toBe('classes: jobs of journal: classes has no b; there are a');
    expect(problemsOf(new HistoryReader(), CLASSES)).toBe('load: no DAG was submitted in journal');
  });
});
