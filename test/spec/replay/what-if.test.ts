/** What a counterfactual history is made of, and what its numbers count. */
import { expect, it } from 'vitest';
import { ImpossibleChange, missedDeadlines, NotInHistory, Play } from '../../../replay/index.js';
import { Rewriting } from '../../../replay/what-if/change.js';
import { Counterfactual } from '../../../replay/what-if/counterfactual.js';
import { Script } from '../../../replay/what-if/script.js';
import { Use } from '../../../replay/what-if/use.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { MAX_EVENTS_BEFORE_PLAN, MAX_INPUTS_PER_TURN } from '../../../src/kernel/limits.js';
import { START_MS } from '../../../src/simulate/cell/virtual-cell.js';
import { BLOB, fanOut, input, job, KernelBench, registration, submission, when } from '../../support/kernel/bench.js';
import { chained } from '../../support/replay/history.js';
import { at, Stage } from '../../support/replay/stage.js';

const invoice = { tenant: 'acme', dagId: 'invoice' };

it('counts what a DAG that is reopened uses as its tenant’s', async () => {
  const history = new Stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 500, fails: true } : 1_000))
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read')])
    .give(5_000, Code.RetryDag, invoice)
    .play();
  const { recorded } = await Play.of(history);
  expect(recorded.dags).toEqual({ accepted: 1, succeeded: 1, failed: 0, cancelled: 0, open: 0 });
  expect(recorded.slotMsByTenant).toEqual({ acme: 1_500 });
  expect(Object.keys(recorded.waitsByTenant)).toEqual(['acme']);
  // While it was open: 500 ms of one run, 1,000 ms of the other.
  expect(recorded.utilisationPermille).toEqual({ ocr: 1_000 });
});

it('counts executors that were lost no longer among the slots that a class had', () => {
  const came = (seq: number): readonly AnyEntry[] => [
    { code: Code.RegisterExecutor, body: registration(`e${seq}`, { slots: 4 }) } as InputEntry,
    { code: Code.ExecutorRegistered, cause: 0, body: { executor: seq } } as EventEntry,
  ];
  const lost = { code: Code.ExecutorLost, cause: -1, body: { executor: 1 } } as EventEntry;
  const rewriting = new Rewriting({ slots: { ocr: 8 } });
  for (const entries of [came(1), [lost], came(2)]) rewriting.look({ entries } as TurnRecord);
  rewriting.looked();
  expect(rewriting.slotsOf('ocr')).toBe(4);
  const resized = rewriting.apply(came(2)[0] as InputEntry);
  expect(resized).toMatchObject({ body: { executor: 'e2', slots: 8 } });
});

it('leaves a class as it is that is named like what every object has', () => {
  const came = {
    code: Code.RegisterExecutor,
    body: registration('e1', { executorClass: 'constructor' }),
  } as InputEntry;
  const rewriting = new Rewriting({ slots: { ocr: 8 } });
  rewriting.look({ entries: [came] } as unknown as TurnRecord);
  expect(rewriting.apply(came)).toEqual(came);
});

it('has no more slots of a class of which there was none to be shared out', () => {
  const rewriting = new Rewriting({ slots: { ocr: 8 } });
  rewriting.look({
    entries: [{ code: Code.RegisterExecutor, body: registration('e1', { slots: 0 }) } as InputEntry],
  } as unknown as TurnRecord);
  expect(() => rewriting.looked()).toThrow('no executor of class ocr had a slot');
});

it('gives no executor more slots than one may offer, which would not be let in', () => {
  for (const [wanted, isPossible] of [
    [2 * 4096, true],
    [2 * 4096 + 1, false],
  ] as const) {
    const rewriting = new Rewriting({ slots: { ocr: wanted } });
    const came = (seq: number, at: number): readonly AnyEntry[] => [
      { code: Code.RegisterExecutor, body: registration(`e${seq}`, { slots: 300 }) } as InputEntry,
      { code: Code.ExecutorRegistered, cause: at, body: { executor: seq } } as EventEntry,
    ];
    rewriting.look({ entries: [...came(1, 0), ...came(2, 2)] } as unknown as TurnRecord);
    expect(rewriting.mostSlotsOf('ocr')).toBe(2 * 4096);
    if (!isPossible) expect(() => rewriting.looked()).toThrow(ImpossibleChange);
    else {
      rewriting.looked();
      expect(rewriting.apply(came(2, 0)[0] as InputEntry)).toMatchObject({ body: { slots: 4096 } });
    }
  }
});

/** When DAGs are submitted and end in a history that is played again with the invoice so many ms earlier. */
async function earlierBy(ms: number, play: Play) {
  const found: { submitted: unknown[]; ended: number[] } = { submitted: [], ended: [] };
  await play.run({ earlier: { tenant: 'acme', dag: 'invoice', ms } }, (moment, entries) => {
    for (const { code, body } of entries) {
      if (code === Code.SubmitDag) found.submitted.push([body.dagId, moment - START_MS]);
      else if (code === Code.DagSucceeded) found.ended.push(moment - START_MS);
    }
  });
  return found;
}

it('moves the submission that was accepted, also from among others, not one that says it again', async () => {
  const tookMs: Record<string, number> = { letter: 1_000, invoice: 3_000, receipt: 2_000 };
  const history = new Stage((dag) => tookMs[dag]!)
    .executor('e1', 3)
    .submit(10_000, 'letter', [job('read')])
    .submit(10_000, 'invoice', [job('read')])
    .submit(10_000, 'receipt', [job('read')])
    .submit(15_000, 'invoice', [job('read')])
    .play();
  expect(await earlierBy(2_000, await Play.of(history))).toEqual({
    submitted: [
      ['invoice', 8_000],
      ['letter', 10_000],
      ['receipt', 10_000],
      ['invoice', 15_000],
    ],
    ended: [11_000, 11_000, 12_000],
  });
});

it('says that a DAG is not there to be left out, also beside one that was submitted twice', async () => {
  const history = new Stage(() => 1_000)
    .executor('e1', 1)
    .submit(10_000, 'invoice', [job('read')])
    .submit(15_000, 'invoice', [job('read')])
    .play();
  const without = ['invoice', 'letter'].map((dag) => ({ tenant: 'acme', dag }));
  await expect((await Play.of(history)).run({ without })).rejects.toThrow(
    new NotInHistory('the history has no DAG letter of tenant acme to leave out'),
  );
});

/**
 * One DAG is in time, one late; a third waits for a class that has no executor, first until its deadline and then for good.
 * A fourth waits, too, and is due long after.
 */
function stuck(untilMs?: number) {
  const gpu = [job('draw', { executorClass: 'gpu' })];
  return new Stage(() => 4_000)
    .executor('e1', 1)
    .submit(1_000, 'first', [job('read')], { deadlineAtMs: at(6_000) })
    .submit(1_000, 'second', [job('read')], { deadlineAtMs: at(6_000) })
    .submit(1_000, 'third', gpu, { deadlineAtMs: at(60_000) })
    .submit(1_000, 'fourth', gpu, { deadlineAtMs: at(7 * 24 * 3_600_000) })
    .play(untilMs);
}

it.each([
  [59_000, { met: 1, missed: 1, open: 2 }],
  [61_000, { met: 1, missed: 2, open: 1 }],
])(
  'counts a deadline that has passed as missed though its DAG is open, as sla does: at %d ms',
  async (ms, expected) => {
    const told = stuck(ms);
    const { recorded } = await Play.of(told);
    expect(recorded.deadlines).toEqual(expected);
    expect(recorded.dags).toMatchObject({ accepted: 4, succeeded: 2, open: 2 });
    expect((await missedDeadlines(told)).missed).toHaveLength(expected.missed);
  },
);

it('tells what was recorded apart from what it comes to when it is played on', async () => {
  const play = await Play.of(stuck(4_500));
  const { recorded } = play;
  const playedOn = await play.playedOn();
  expect(recorded).toMatchObject({ dags: { succeeded: 0, open: 4 }, dispatches: 1, deadlines: { missed: 0, open: 4 } });
  expect(playedOn).toMatchObject({
    numbers: { dags: { succeeded: 2, open: 2 }, dispatches: 2, deadlines: { met: 2, missed: 1, open: 1 } },
    assumed: 2,
    end: 'stalled',
    endless: {
      count: 2,
      first: [
        { tenant: 'acme', dag: 'third' },
        { tenant: 'acme', dag: 'fourth' },
      ],
    },
  });
});

it('counts the slots of attempts that still run as their tenants’ up to the end, in what was recorded and when it is played on', async () => {
  const history = new Stage((dag) => (dag === 'long' ? null : 1_000))
    .executor('e1', 3)
    .submit(1_000, 'long', [job('read', { slots: 2, estimateMs: 20_000 })], { tenant: 'beta' })
    .submit(1_000, 'first', [job('read')])
    .submit(10_000, 'second', [job('read')])
    .play(11_000);
  const play = await Play.of(history);
  const { recorded } = play;
  const playedOn = await play.playedOn();
  // Two slots for 10 s, and one for 1 s twice: (20 + 2)^2 of 2 x (20^2 + 2^2).
  expect(recorded).toMatchObject({ slotMsByTenant: { acme: 2_000, beta: 20_000 }, fairnessPermille: 599 });
  expect(playedOn?.numbers).toMatchObject({ slotMsByTenant: { acme: 2_000, beta: 40_000 }, fairnessPermille: 549 });
});

it('knows that a condition could not be read because the output is in a blob', async () => {
  const classified = { job: 'classify', at: '/kind', op: 'eq', value: 'invoice' };
  const history = new Stage((_dag, name) => (name === 'classify' ? { afterMs: 1_000, output: BLOB } : 1_000))
    .executor('e1', 1)
    .submit(0, 'first', [job('read')])
    .submit(1, 'invoice', [job('classify'), job('book', { after: ['classify'], when: when(classified) })])
    .play();
  const play = await Play.of(history);
  expect(play.recorded.dags).toMatchObject({ succeeded: 1, failed: 1 });
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'first' }] });
  expect(numbers.dags).toMatchObject({ succeeded: 0, failed: 1 });
});

it('plays nothing on where all DAGs have ended', async () => {
  const history = new Stage(() => 1_000)
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read')])
    .play();
  expect(await (await Play.of(history)).playedOn()).toBeNull();
});

it('goes on at once with what the turn in which they part has left, such as the children of a fan-out', async () => {
  const after = ['split'];
  const jobs = [job('split'), job('a', { after }), job('b', { after }), job('pages', { after, fanOut: fanOut(2) })];
  const history = new Stage(() => 4_000)
    .executor('e1', 1)
    .submit(1_000, 'invoice', jobs, { deadlineAtMs: at(9_000) })
    .submit(60_000, 'last', [job('read')])
    .play();
  const { parting, numbers } = await (await Play.of(history)).run({ slots: { ocr: 4 } });
  expect(parting?.atMs).toBe(at(5_000));
  expect(numbers.deadlines.met).toBe(1);
});

it('looks on until deadlines have passed also where nothing is ever dispatched', async () => {
  const history = new Stage(() => 4_000)
    .submit(1_000, 'invoice', [job('read')], { deadlineAtMs: at(60_000) })
    .play(2_000);
  const play = await Play.of(history);
  const { recorded } = play;
  const playedOn = await play.playedOn();
  expect(recorded.deadlines).toEqual({ met: 0, missed: 0, open: 1 });
  expect(playedOn?.numbers.deadlines).toEqual({ met: 0, missed: 1, open: 0 });
});

it('tells use over the time in which there was something to do, not over that in which a DAG is stuck', async () => {
  const play = await Play.of(stuck(61_000));
  // The slot is held from the first DAG's arrival to the second one's end.
  expect(play.recorded.utilisationPermille).toEqual({ ocr: 1_000 });
  expect((await play.playedOn())?.numbers.utilisationPermille).toEqual({ ocr: 1_000 });
  const { numbers } = await play.run({ slots: { ocr: 2 } });
  expect(numbers.utilisationPermille).toEqual({ ocr: 1_000 });
});

it('tells use up to what came last, if it found nothing to do', () => {
  const use = new Use();
  use.offer('ocr', 2);
  use.hold('ocr', 1);
  use.pass(1_000);
  use.hold('ocr', -1);
  use.pass(1_000);
  expect(use.permille()).toEqual({ ocr: 500 });
  use.count();
  expect(use.permille()).toEqual({ ocr: 250 });
});

it('counts slots that are held among those that there are, though their executor is lost or offers fewer', () => {
  const use = new Use();
  use.offer('gpu', 2);
  use.hold('gpu', 1);
  use.pass(1_000);
  use.offer('gpu', -2);
  use.pass(3_000);
  expect(use.permille()).toEqual({ gpu: 800 });
});

it('tells use up to the last arrival, though that DAG finds nobody', async () => {
  const history = new Stage(() => 4_000)
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read')])
    .submit(2_000, 'stuck', [job('draw', { executorClass: 'gpu' })])
    .submit(9_000, 'late', [job('draw', { executorClass: 'gpu' })])
    .play(60_000);
  const play = await Play.of(history);
  const { recorded } = play;
  const playedOn = await play.playedOn();
  // 4 s of the 8 from the first arrival to the last.
  expect(recorded.utilisationPermille).toEqual({ ocr: 500 });
  expect(playedOn?.numbers.utilisationPermille).toEqual({ ocr: 500 });
});

/** Makes the registration of `late` so large, the first time that it is asked for, that its turn has no room for it. */
class Crowding extends Rewriting {
  #isFirst = true;

  override apply(input: InputEntry): InputEntry | null {
    if (input.code !== Code.RegisterExecutor || input.body.executor !== 'late' || !this.#isFirst) return input;
    this.#isFirst = false;
    const held = { lease: { dag: 1, job: 0, attempt: 1, token: 1 }, slots: 1 };
    return { ...input, body: { ...input.body, held: Array(MAX_EVENTS_BEFORE_PLAN + 1).fill(held) } };
  }
}

it('lets each attempt run once, and end once, where the turn in which histories part has no room for its inputs', async () => {
  const history = new Stage((dag) => (dag === 'short' ? 1_000 : 10_000))
    .executor('early', 2)
    .submit(1_000, 'short', [job('read')])
    .submit(1_000, 'long', [job('read')])
    .submit(2_000, 'wide', [job('a'), job('b'), job('c')])
    .executor('late', 2, {}, 2_000)
    .play(2_500);
  const { endings } = await Play.of(history);
  const rewriting = new Crowding({});
  const script = new Script(history, rewriting, null);
  const ends: unknown[] = [];
  const watch = (moment: number, entries: readonly AnyEntry[]): void => {
    for (const { code, body } of entries) {
      if (code === Code.CompleteJob) ends.push([moment - START_MS, body.lease.dag, body.lease.job]);
    }
  };
  const other = new Counterfactual({ script, endings, rewriting, watch, isEnough: () => false });
  await other.toParting();
  expect(await other.toEnd()).toBe('drained');
  expect(other.parting).toMatchObject({ atMs: at(2_000) });
  // `long` and the three jobs of `wide` had not ended.
  expect(other.executors.assumed).toBe(4);
  expect(ends).toHaveLength(5);
  expect(ends[0]).toEqual([2_000, 1, 0]);
});

it('is the history itself under weights that its tenants have, though they are named in another order', async () => {
  const one = (tenant: string, ms: number, id: string) =>
    [ms, id, id === 'wrong' ? [] : [job('read')], { tenant }] as const;
  const history = new Stage(() => 1_000)
    // One has limits before its first DAG, one a DAG that is refused before that.
    .give(0, Code.SetTenantLimits, { tenant: 'd', weight: 2, openDags: null, activeDags: null, runnableJobs: null })
    .submit(...one('c', 0, 'wrong'))
    .submit(...one('a', 1_000, 'first'))
    .submit(...one('b', 1_000, 'second'))
    .submit(...one('c', 1_000, 'third'))
    .submit(...one('d', 1_000, 'fourth'))
    .executor('e1', 1, {}, 2_000)
    .play();
  const play = await Play.of(history);
  expect(play.recorded.dags).toMatchObject({ accepted: 4, succeeded: 4 });
  for (const weights of [{ a: 1 }, { b: 1 }, { c: 1 }, { d: 2 }, { d: 2, c: 1, b: 1 }]) {
    const run = await play.run({ weights });
    expect(run.parting).toBeNull();
    expect(run.numbers).toEqual(play.recorded);
  }
});

it('has room for what it sets before a turn that is full', async () => {
  const b = new KernelBench({ isLarge: true });
  const dags = Array.from({ length: MAX_INPUTS_PER_TURN - 1 }, (_, n) => {
    return input(Code.SubmitDag, submission(`d${n}`, [job('read', { executorClass: n === 0 ? 'ocr' : 'none' })]));
  });
  b.step([...dags, input(Code.RegisterExecutor, registration('e1'))]);
  const play = await Play.of(chained(b.history));
  for (const change of [{ policy: 'fifo@1' }, { weights: { acme: 1 } }]) {
    expect(await play.run(change)).toMatchObject({ parting: null, assumed: 1 });
  }
});
