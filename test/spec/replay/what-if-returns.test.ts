/** Attempts that were given back, or told to stop: played again they come back as often as they did, and not once more. */
import { describe, expect, it } from 'vitest';
import { bisect, type Change, type History, Play, sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { LeaseRef } from '../../../src/catalogue/generated/types.js';
import { HistoryReader } from '../../../src/simulate/history/history-reader.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** A play that goes on for ever is broken off after so many entries. */
const MOST_ENTRIES = 10_000;

function lease(token: number): LeaseRef {
  return { dag: 1, job: 0, attempt: 1, token };
}

/** `a` runs the only job and gives it back at 3 s, `b` takes it, and when the history ends it has not answered. */
function drained(): History {
  return new Stage(() => null)
    .executor('a', 1)
    .submit(1_000, 'invoice', [job('read', { estimateMs: 4_000 })], { deadlineAtMs: at(5_000) })
    .executor('b', 1, {}, 2_000)
    .give(3_000, Code.DrainExecutor, { executor: 'a', incarnation: null })
    .give(3_000, Code.ReturnJob, { lease: lease(1), reason: 'the executor is draining', unitsUsed: null })
    .play(13_000);
}

/** `f` waits 2 s for a slot of its class and fails after 1 s: `s`, which has begun long ago, is told to stop. */
function stopped(): Stage {
  const f = job('f', { executorClass: 'few' });
  const s = job('s', { estimateMs: 60_000 });
  const blockers = ['1', '2'].map((id) => job(id, { executorClass: 'few' }));
  return new Stage((_dag, id) => (id === 'f' ? { afterMs: 1_000, fails: true } : id === 's' ? null : 2_000))
    .executor('e1', 2, { executorClass: 'few' })
    .executor('e2', 1)
    .submit(1_000, 'first', blockers)
    .submit(1_000, 'invoice', [f, s])
    .submit(20_000, 'last', [job('read')]);
}

function onPlayed({ entries }: { readonly entries: number }): void {
  if (entries > MOST_ENTRIES) throw new Error('it goes on for ever');
}

/** The dispatches of a history under a change, by their moments, with the play itself. */
async function played(history: History, change: Change) {
  let entriesLeft = MOST_ENTRIES;
  const play = await Play.of(history, { onPlayed });
  const dispatches: string[] = [];
  const run = await play.run(change, (moment, entries) => {
    entriesLeft -= entries.length;
    if (entriesLeft < 0) throw new Error('it goes on for ever');
    for (const { code, body } of entries) {
      if (code === Code.JobDispatched) dispatches.push(`${body.dag}/${body.job} at ${moment - at(0)}`);
    }
  });
  return { play, run, dispatches };
}

describe('an attempt that was given back', () => {
  it('is given back once, and runs then as one does that never ran', async () => {
    const { play, run, dispatches } = await played(drained(), {});
    expect(dispatches).toEqual(['1/0 at 1000', '1/0 at 3000']);
    expect(run).toMatchObject({ assumed: 1, end: 'drained', numbers: { dags: { succeeded: 1 } } });
    expect(await play.playedOn()).toMatchObject({ assumed: 1, end: 'drained', numbers: { dispatches: 2 } });
  });

  it('lets policies be compared, and remedies be looked for', async () => {
    expect(await bisect(drained(), null, 'default@1', { onPlayed })).toMatchObject({ same: 2, parting: null });
    const { remedies } = await sla(drained(), { tenant: 'acme', dag: 'invoice' }, { remedies: true, onPlayed });
    expect(remedies).toEqual({ capacity: [], submitAtMs: null });
  });

  it('comes back as often as it did, each time after as long, and ends then as it did', async () => {
    const back = (ms: number, token: number, stage: Stage): Stage =>
      stage.give(ms, Code.ReturnJob, { lease: lease(token), reason: 'moved', unitsUsed: null });
    const stage = new Stage((dag) => (dag === 'other' ? 1_000 : 9_000))
      .executor('e1', 1)
      .submit(1_000, 'invoice', [job('read')])
      .submit(60_000, 'other', [job('read')]);
    const history = back(6_000, 2, back(3_000, 1, stage)).play();
    const expected = ['1/0 at 1000', '1/0 at 3000', '1/0 at 6000'];
    const earlier = { tenant: 'acme', dag: 'invoice', ms: 500 };
    expect((await played(history, { earlier })).dispatches.slice(0, 3)).toEqual([
      '1/0 at 500',
      '1/0 at 2500',
      '1/0 at 5500',
    ]);
    const { run, dispatches } = await played(history, { without: [{ tenant: 'acme', dag: 'other' }] });
    expect(dispatches).toEqual(expected);
    expect(run).toMatchObject({ assumed: 0, numbers: { makespanMs: 14_000 } });
  });
});

describe('what an executor answers that is told to stop', () => {
  it.each([
    [1, ['1/0 at 1000', '2/1 at 1000', '1/1 at 3000', '2/0 at 5000', '3/0 at 20000']],
    [0, ['2/1 at 1000', '3/0 at 61000']],
  ])(
    'says nothing of how long the work takes: with %d slots for the one that fails it goes on',
    async (few, expected) => {
      const { run, dispatches } = await played(stopped().play(), { slots: { few } });
      expect(dispatches).toEqual(expected);
      expect(run.assumed).toBe(1);
    },
  );

  it('is no ending of an attempt in a simulation either', () => {
    const reader = new HistoryReader();
    for (const turn of stopped().turns()) reader.take(turn);
    expect([...reader.attempts.keys()]).toHaveLength(4);
  });
});
