/** A fan-out that a later run of its DAG makes anew, over another list: in the same places, or in others. */
import { describe, expect, it } from 'vitest';
import { dagOf, fold, Play, sla, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { checkPlan, HistoryReader, reportOf, runPlan } from '../../../src/simulate/index.js';
import { fanOut, job } from '../../support/kernel/build.js';
import { rowsOf } from '../../support/replay/rows.js';
import { at, Stage } from '../../support/replay/stage.js';

const D = { tenant: 'acme', dagId: 'd' };

/** A page of the first list is cancelled; those of the second one, which another run makes, succeed. */
function scene(first: readonly number[], second: readonly number[]): Stage {
  const json = (list: readonly number[]) => Buffer.from(JSON.stringify(list));
  return new Stage((_dag, name, { number }) => {
    const isFirst = number === 1;
    if (name === 'list') return { afterMs: 500, output: json(isFirst ? first : second) };
    if (name === 'bad') return isFirst ? { afterMs: 100, fails: true } : 500;
    return 1_000;
  })
    .executor('e1', 2)
    .submit(
      1_000,
      'd',
      [
        job('pages', { after: ['list'], fanOut: fanOut({ from: 'list', at: '', over: true }) }),
        job('bad'),
        job('good'),
        job('list', { after: ['bad', 'good'], join: 1 }),
      ],
      { failurePolicy: 'continue', deadlineAtMs: at(4_000) },
    )
    .give(2_600, Code.CancelJob, { ...D, job: 'pages[0]', reason: '' })
    .give(20_000, Code.RetryDag, D);
}

describe.each([
  ['in the places of the first ones', [1, 2, 3], [10, 20]],
  ['in other places', [1, 2], [10, 20, 30, 40]],
])('children that are made anew, %s', (_where, first, second) => {
  const jobs = 4 + Math.max(first.length, second.length) + (second.length > first.length ? first.length : 0);

  it('are told of with those before them', async () => {
    const { attempts } = await why(scene(first, second).play(), { tenant: 'acme', dag: 'd', job: 'pages[1]' });
    expect(attempts.map(({ from }) => from.what)).toEqual(['child-made', 'child-made']);
    expect(attempts.map(({ dispatched }) => dispatched !== null)).toEqual([true, true]);
    expect(attempts[1]!.from.atMs).toBeGreaterThan(at(20_000));
    const fan = await why(scene(first, second).play(), { tenant: 'acme', dag: 'd', job: 'pages' });
    expect(fan.attempts.map(({ from }) => from.what)).toEqual(['dag-accepted', 'reopened']);
  });

  it('are the only ones that the DAG has', async () => {
    const folded = await fold(scene(first, second).play());
    const { jobs: views } = (await dagOf(folded, 'acme', 'd', true))!;
    const children = views.filter(({ parent }) => parent === 'pages').map((view) => view.job);
    expect(children).toEqual(second.map((_, n) => `pages[${n}]`));
  });

  it('are counted once for each place in an export', () => {
    expect(rowsOf(scene(first, second), 'dags')).toMatchObject([{ jobs }]);
  });
});

/**
 * The pages of the first list, which another run makes anew and more of, fail after 1 s; those of the second one take
 * 3 s. `other` has another class, where a second slot changes what happens from the beginning on.
 */
function longer(): Stage {
  let failed = 0;
  const list = [job('page', { after: ['list'], fanOut: fanOut({ from: 'list', at: '', over: true }) }), job('bad')];
  const stage = new Stage((dag, name, { number }) => {
    if (dag === 'other') return 100;
    const isFirst = number === 1;
    if (name === 'list') return { afterMs: 500, output: Buffer.from(isFirst ? '[1,2]' : '[1,2,3]') };
    if (name === 'page') return failed++ < 2 ? { afterMs: 1_000, fails: true } : 3_000;
    return { afterMs: 100, fails: name === 'bad' && isFirst };
  });
  const joined = [...list, job('good'), job('list', { after: ['bad', 'good'], join: 1 })];
  return stage
    .executor('e1', 4)
    .executor('o1', 1, { executorClass: 'other' })
    .submit(
      500,
      'other',
      ['a', 'b'].map((id) => job(id, { executorClass: 'other' })),
    )
    .submit(1_000, 'd', joined, { failurePolicy: 'continue' })
    .give(3_000, Code.RetryDag, D);
}

it('attempts of both runs take as long as they took, in another history and in a simulation', async () => {
  const play = await Play.of(longer().play());
  const run = await play.run({ slots: { other: 2 } });
  expect(run.parting).not.toBeNull();
  expect(run.assumed).toBe(0);
  expect(run.numbers).toMatchObject({ dags: play.recorded.dags, makespanMs: play.recorded.makespanMs });
  const history = new HistoryReader();
  for (const turn of longer().turns()) history.take(turn);
  const classes = { ocr: { slots: 4 }, other: { slots: 1 } };
  const plan = checkPlan({ classes, load: [{ journal: 'd' }] }, () => null);
  const { all, assumedAttempts } = reportOf(runPlan(plan, [history]));
  expect({ assumedAttempts, succeeded: all.succeeded }).toEqual({ assumedAttempts: 0, succeeded: 2 });
  expect(all.latency!.longestMs).toBe(play.recorded.makespanMs - 500);
});

it('what others of its DAG ran after a job had failed for good is no lack of room in a turn', async () => {
  const runs = (name: string, number: number) => (name === 'long' ? 50_000 : number === 1 ? 500 : 1_000);
  const history = new Stage((_dag, name, { number }) => ({
    afterMs: runs(name, number),
    fails: name === 'read' && number === 1,
  }))
    .executor('e1', 2)
    .submit(1_000, 'd', [job('read'), job('long')], { failurePolicy: 'continue', deadlineAtMs: at(13_000) })
    .give(60_000, Code.RetryDag, D)
    .play();
  const { path } = await sla(history, { tenant: 'acme', dag: 'd' });
  expect(path.flatMap(({ parts }) => parts.map(({ kind, ms }) => [kind, ms]))).toEqual([
    ['failed-attempt', 500],
    ['dag-ended', 58_500],
    ['run', 1_000],
  ]);
});
