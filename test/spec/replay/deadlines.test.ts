/** Which deadline a history is held to: the soft one, or the hard one where there is no other, or where it comes first. */
import { describe, expect, it } from 'vitest';
import { missedDeadlines, Play, sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { job } from '../../support/kernel/build.js';
import { rowsOf } from '../../support/replay/rows.js';
import { at, Stage } from '../../support/replay/stage.js';

/** The only slot is taken for 20 s when the invoice comes, which takes 1 s. */
function late(more: Partial<SubmitDag>): Stage {
  return new Stage((dag) => (dag === 'long' ? 20_000 : 1_000))
    .executor('e1', 1)
    .submit(1_000, 'long', [job('read')])
    .submit(2_000, 'invoice', [job('read')], more);
}

const SOFT = at(7_000);
const HARD = at(5_000);

describe.each<[string, Partial<SubmitDag>, { atMs: number | null; kind: string | null; lateMs: number | null }]>([
  ['a soft one alone', { deadlineAtMs: SOFT }, { atMs: SOFT, kind: 'soft', lateMs: 15_000 }],
  ['a hard one alone', { hardDeadlineAtMs: HARD }, { atMs: HARD, kind: 'hard', lateMs: 1 }],
  [
    'a hard one after which it goes on',
    { hardDeadlineAtMs: HARD, onHardDeadline: 'demote' },
    { atMs: HARD, kind: 'hard', lateMs: 17_000 },
  ],
  [
    'a hard one before the soft one',
    { deadlineAtMs: SOFT, hardDeadlineAtMs: HARD },
    { atMs: HARD, kind: 'hard', lateMs: 1 },
  ],
  [
    'a soft one before the hard one',
    { deadlineAtMs: SOFT, hardDeadlineAtMs: at(9_000) },
    { atMs: SOFT, kind: 'soft', lateMs: 2_001 },
  ],
  ['none', {}, { atMs: null, kind: null, lateMs: null }],
])('of %s', (_name, more, { atMs, kind, lateMs }) => {
  const missed = atMs === null ? 0 : 1;

  it('sla speaks', async () => {
    const report = await sla(late(more).play(), { tenant: 'acme', dag: 'invoice' });
    expect(report).toMatchObject({ deadlineAtMs: atMs, deadlineKind: kind, lateMs });
    const all = await missedDeadlines(late(more).play());
    expect({ withDeadline: all.withDeadline, missed: all.missed.length }).toEqual({ withDeadline: missed, missed });
  });

  it('what-if counts', async () => {
    const { recorded } = await Play.of(late(more).play());
    expect(recorded.deadlines).toEqual({ met: 0, missed, open: 0 });
  });

  it('an export has', () => {
    const [, row] = rowsOf(late(more), 'dags').toSorted((a, b) => Number(a['dag_seq']) - Number(b['dag_seq']));
    const met = atMs === null ? null : false;
    expect(row).toMatchObject({ dag: 'invoice', deadline_at: atMs, deadline_kind: kind, deadline_met: met });
  });
});

describe('a hard deadline that is set later', () => {
  const scene = (hardDeadlineAtMs: number | null) =>
    late({ hardDeadlineAtMs: at(60_000) }).give(3_000, Code.SetDeadline, {
      tenant: 'acme',
      dagId: 'invoice',
      deadlineAtMs: null,
      hardDeadlineAtMs,
    });

  it.each([
    [HARD, 'hard', 1],
    [null, null, 0],
  ])('counts from then on: %s', async (hardAtMs, kind, missed) => {
    const report = await sla(scene(hardAtMs).play(), { tenant: 'acme', dag: 'invoice' });
    expect(report).toMatchObject({ deadlineAtMs: hardAtMs, deadlineKind: kind });
    expect((await Play.of(scene(hardAtMs).play())).recorded.deadlines).toEqual({ met: 0, missed, open: 0 });
    const row = rowsOf(scene(hardAtMs), 'dags').find(({ dag }) => dag === 'invoice');
    expect(row).toMatchObject({ deadline_at: hardAtMs, deadline_kind: kind });
  });
});

it('what would have been enough for a hard deadline is played, too', async () => {
  const { remedies } = await sla(
    late({ hardDeadlineAtMs: HARD }).play(),
    { tenant: 'acme', dag: 'invoice' },
    { remedies: true },
  );
  expect(remedies?.capacity).toEqual([{ executorClass: 'ocr', slots: 2, more: 1, isLeast: true }]);
});

it('what would have been enough is played up to the deadline, not to the end of all that came later', async () => {
  const stage = late({ deadlineAtMs: SOFT });
  for (let i = 0; i < 400; i++) stage.submit(30_000 + 2_000 * i, `later-${i}`, [job('read')]);
  let played = 0;
  const { remedies } = await sla(
    stage.play(),
    { tenant: 'acme', dag: 'invoice' },
    {
      remedies: true,
      onPlayed: ({ entries }) => {
        played = entries;
      },
    },
  );
  expect(remedies).toMatchObject({ capacity: [{ slots: 2 }], submitAtMs: at(1_000) });
  // The plays are told of every 10,000 entries: those up to the deadline come to far less, all of them to far more.
  expect(played).toBe(0);
});

describe('of a DAG that is run again the last run counts', () => {
  /** It fails at 2.5 s, is run again at 4 s, and ends at 14 s. */
  const again = (more: Partial<SubmitDag>) =>
    new Stage((_dag, _job, { number }) => (number === 1 ? { afterMs: 1_500, fails: true } : 10_000))
      .executor('e1', 1)
      .submit(1_000, 'invoice', [job('read')], more)
      .give(4_000, Code.RetryDag, { tenant: 'acme', dagId: 'invoice' });
  const ended = { succeeded: 1, failed: 0, cancelled: 0, open: 0 };
  const failed = { succeeded: 0, failed: 1, cancelled: 0, open: 0 };
  const open = { succeeded: 0, failed: 0, cancelled: 0, open: 1 };

  it.each([
    ['in time', at(20_000), undefined, { met: 1, missed: 0, open: 0 }, ended, [at(14_000), 'succeeded', true]],
    ['too late', at(9_000), undefined, { met: 0, missed: 1, open: 0 }, ended, [at(14_000), 'succeeded', false]],
    ['before it is run again', at(20_000), 3_900, { met: 0, missed: 1, open: 0 }, failed, [at(2_500), 'failed', false]],
    ['while it runs', at(20_000), 8_000, { met: 0, missed: 0, open: 1 }, open, [null, 'open', null]],
    ['while it runs, and is late', at(5_000), 8_000, { met: 0, missed: 1, open: 0 }, open, [null, 'open', false]],
  ])('%s, for sla, what-if and an export alike', async (_when, deadlineAtMs, untilMs, deadlines, dags, row) => {
    const scene = () => again({ deadlineAtMs });
    const { withDeadline, missed } = await missedDeadlines(scene().play(untilMs));
    expect({ withDeadline, missed: missed.length }).toEqual({ withDeadline: 1, missed: deadlines.missed });
    const { recorded } = await Play.of(scene().play(untilMs));
    expect(recorded).toMatchObject({ deadlines, dags });
    const rows = rowsOf(scene(), 'dags', untilMs);
    expect(rows.map((one) => [one['ended_at'], one['outcome'], one['deadline_met']])).toEqual([row]);
  });

  it('also with the deadline that it was given then, where it had none before', async () => {
    const given = () => {
      const body = { tenant: 'acme', dagId: 'invoice', deadlineAtMs: at(9_000), hardDeadlineAtMs: null };
      return again({}).give(5_000, Code.SetDeadline, body);
    };
    const { withDeadline, missed } = await missedDeadlines(given().play());
    expect({ withDeadline, missed: missed.length }).toEqual({ withDeadline: 1, missed: 1 });
    expect((await Play.of(given().play())).recorded.deadlines).toEqual({ met: 0, missed: 1, open: 0 });
    expect(rowsOf(given(), 'dags')).toMatchObject([{ deadline_at: at(9_000), deadline_met: false }]);
  });
});
