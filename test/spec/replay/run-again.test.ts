/** What held up a DAG that failed, and was run again later. */
import { expect, it } from 'vitest';
import { fold, missedDeadlines, sla } from '../../../replay/index.js';
import { Stories } from '../../../replay/sla/story.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

it('is nobody who runs it again, for as long as it had ended', async () => {
  const history = new Stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 500, fails: true } : 1_000))
    .executor('e1', 1)
    .submit(10_000, 'invoice', [job('read')], { deadlineAtMs: at(13_000) })
    .give(20_000, Code.RetryDag, { tenant: 'acme', dagId: 'invoice' })
    .play();
  const { blame, cause, path } = await sla(history, { tenant: 'acme', dag: 'invoice' });
  expect(blame[0]).toMatchObject({ kind: 'dag-ended', on: null, ms: 9_500 });
  expect(cause).toBe('9.50 s: the DAG had ended, and was run again (class ocr)');
  expect(path[0]!.parts.map(({ kind, ms }) => [kind, ms])).toEqual([
    ['failed-attempt', 500],
    ['dag-ended', 9_500],
    ['run', 1_000],
  ]);
});

it('has those on its path that ran again before it, not only those that it had waited for in the run before', async () => {
  const stage = () =>
    new Stage((_dag, name, { number }) => {
      if (name !== 'extract') return name === 'read' && number === 1 ? 500 : 5_000;
      return number === 1 ? { afterMs: 100, fails: true } : 1_000;
    })
      .executor('e1', 1)
      .submit(10_000, 'invoice', [job('extract', { after: ['read'] }), job('read')], { deadlineAtMs: at(13_000) })
      .submit(19_000, 'archive', [job('page', { estimateMs: 2_000 })])
      .give(20_000, Code.RetryJob, { tenant: 'acme', dagId: 'invoice', job: 'read' });
  const pathOf = async (history: ReturnType<Stage['play']>) => {
    const { path } = await sla(history, { tenant: 'acme', dag: 'invoice' });
    return path.map((part) => [part.job, part.parts.map(({ kind, ms }) => `${kind} ${ms}`)]);
  };
  const read = ['run 500', 'dag-ended 9500', 'no-free-slot 4000', 'run 5000'];
  expect(await pathOf(stage().play())).toEqual([
    ['read', read],
    ['extract', ['run 1000']],
  ]);
  expect(await pathOf(stage().play(27_000))).toEqual([['read', read.slice(0, -1)]]);
});

it('is no longer looked for once a DAG that failed is forgotten: its story goes, unless it is one that was late', async () => {
  const limits = { knownJobs: null, retainTerminalMs: 1_000, retainTerminalJobs: null, retainExecutorsMs: null };
  const stage = new Stage(() => ({ afterMs: 500, fails: true })).give(0, Code.SetCellLimits, limits).executor('e1', 1);
  const history = stage
    .submit(1_000, 'late', [job('read')], { deadlineAtMs: at(3_000) })
    .submit(2_000, 'other', [job('read')])
    .submit(20_000, 'new', [job('read')])
    .play();
  const kept: string[] = [];
  const stories = new Stories({
    isWanted: () => true,
    isKept: ({ submission, deadline }, isForgotten) => {
      if (isForgotten) kept.push(submission.dagId);
      return !isForgotten || deadline !== null;
    },
  });
  await fold(history, [stories]);
  expect(kept).toEqual(['late', 'other']);
  expect([...stories.dags.values()].map(({ submission }) => submission.dagId)).toEqual(['late', 'new']);
  expect(await missedDeadlines(history)).toMatchObject({ withDeadline: 1, missed: [{ dag: 'late' }] });
});
