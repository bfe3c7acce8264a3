/** A DAG that is paused keeps its ready jobs, but they don't compete: `why` and `state` have to tell the two apart. */
import { expect, it } from 'vitest';
import { foldTo, stateOf, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const P = { tenant: 'acme', dagId: 'p' };

/** `p` is ready, and is paused from 2 s to 20 s for want of a slot at first; meanwhile others run. */
function paused(): Stage {
  return new Stage((dag) => (dag === 'first' ? 5_000 : 1_000))
    .executor('e1', 1, { sessionMs: 600_000 })
    .submit(0, 'first', [job('a')])
    .submit(1_000, 'p', [job('a'), job('b')])
    .give(2_000, Code.PauseDag, P)
    .submit(8_000, 'other-1', [job('a')])
    .submit(9_500, 'other-2', [job('a')])
    .submit(19_500, 'other-3', [job('a')])
    .give(20_000, Code.ResumeDag, P);
}

it('nobody overtakes a job while its DAG is paused', async () => {
  const { attempts } = await why(paused().play(), { tenant: 'acme', dag: 'p', job: 'a' });
  expect(attempts[0]!.parts).toContainEqual({ reason: 'paused-dag', on: null, ms: 18_000 });
  expect(attempts[0]!.overtakings).toEqual([]);
});

it('the frontier is without the jobs of a DAG that is paused, which are told apart', async () => {
  const history = paused().play();
  const then = await stateOf(await foldTo(history, { atMs: at(19_000) }));
  expect(then.classes).toMatchObject([{ ready: 2, slotsFree: 1 }]);
  expect(then.frontier).toEqual([]);
  expect(then.withdrawn).toMatchObject([{ dag: 'p', job: 'a', executorClass: 'ocr', ready: 2, dagIs: 'paused' }]);
  const later = await stateOf(await foldTo(history, { atMs: at(20_500) }));
  expect(later.frontier).toMatchObject([{ dag: 'p', job: 'b', ready: 1 }]);
  expect(later.withdrawn).toEqual([]);
});
