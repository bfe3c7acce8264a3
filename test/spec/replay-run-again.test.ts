/** What held up a DAG that failed, and was run again later. */
import { expect, it } from 'vitest';
import { sla } from '../../replay/index.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import { job } from '../support/kernel/build.js';
import { at, Stage } from '../support/replay/stage.js';

it('is nobody who runs it again, for as long as it had ended', async () => {
  const history = new Stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 500, fails: true } : 1_000))
    .executor('e1', 1)
    .submit(10_000, 'invoice', [job('read')], { deadlineAtMs: at(13_000) })
    .give(20_000, Code.RetryDag, { tenant: 'acme', dagId: 'invoice' })
    .play();
  const { blame, cause, path } = await sla(history, { tenant: 'acme', dag: 'invoice' });
  expect(blame[0]).toMatchObject({ kind: 'dag-ended', on: null, ms: 9_500 });
  expect(cause).toBe('9.5 s: the DAG had ended, and was run again (class ocr)');
  expect(path[0]!.parts.map(({ kind, ms }) => [kind, ms])).toEqual([
    ['failed-attempt', 500],
    ['dag-ended', 9_500],
    ['run', 1_000],
  ]);
});
