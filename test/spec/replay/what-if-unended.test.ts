/** Attempts whose end a history doesn't have: played again they run longer than they were seen to run. */
import { describe, expect, it } from 'vitest';
import { type Change, Play } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** `hung` has an estimate of 1 s and doesn't answer; `other` runs beside it and changes nothing. */
function scene(deadline: { readonly hardDeadlineAtMs?: number } = {}): Stage {
  return new Stage((dag) => (dag === 'hung' ? null : 500))
    .executor('e1', 1)
    .executor('e2', 1, { executorClass: 'else' })
    .submit(1_000, 'other', [job('read', { executorClass: 'else' })])
    .submit(2_000, 'hung', [job('read', { estimateMs: 1_000 })], deadline);
}

/** How DAGs end without `other`, by their moments. */
async function endsOf(stage: Stage): Promise<readonly string[]> {
  const change: Change = { without: [{ tenant: 'acme', dag: 'other' }] };
  const play = await Play.of(stage.play(30_000));
  const ends: string[] = [];
  const run = await play.run(change, (moment, entries) => {
    for (const { code } of entries) {
      if (code === Code.DagSucceeded) ends.push(`succeeded at ${moment - at(0)}`);
      if (code === Code.DagFailed || code === Code.DagCancelled) ends.push(`not at ${moment - at(0)}`);
    }
  });
  expect(run.assumed).toBe(1);
  return ends;
}

describe('an attempt that did not come to an end of its own', () => {
  it('was ended with its DAG: it would not have been done by then', async () => {
    expect(await endsOf(scene({ hardDeadlineAtMs: at(9_000) }))).toEqual(['not at 9001']);
  });

  it('was cancelled', async () => {
    const names = { tenant: 'acme', dagId: 'hung', reason: '' };
    expect(await endsOf(scene().give(9_000, Code.CancelDag, names))).toEqual(['not at 9000']);
  });

  it('runs when the history ends', async () => {
    const stage = scene().give(30_000, Code.SetPolicy, { policy: 'fifo@1' });
    expect(await endsOf(stage)).toEqual(['succeeded at 30001']);
  });
});
