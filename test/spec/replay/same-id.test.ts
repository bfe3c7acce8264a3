/** An id that is used again after its DAG was forgotten: which of those DAGs is told of. */
import { describe, expect, it } from 'vitest';
import { missedDeadlines, sla, type WhichDag, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job } from '../../support/kernel/build.js';
import { rowsOf } from '../../support/replay/rows.js';
import { at, Stage } from '../../support/replay/stage.js';

const SAME = { tenant: 'acme', dag: 'same' };

/**
 * Three DAGs of one id, each forgotten when the next one comes:
 * only the second is late, by 4 s. A long one is before it.
 */
function scene() {
  const limits = { knownJobs: null, retainTerminalMs: 1_000, retainTerminalJobs: null, retainExecutorsMs: null };
  return new Stage((dag) => (dag === 'long' ? 6_000 : 1_000))
    .give(0, Code.SetCellLimits, limits)
    .executor('e1', 1)
    .submit(1_000, 'same', [job('read')], { deadlineAtMs: at(3_000), idempotencyKey: 'first' })
    .submit(19_000, 'long', [job('read')])
    .submit(20_000, 'same', [job('read')], { deadlineAtMs: at(22_000), idempotencyKey: 'second' })
    .submit(40_000, 'same', [job('read')], { deadlineAtMs: at(45_000), idempotencyKey: 'third' });
}

const thrice = () => scene().play();

describe('of several DAGs of one id', () => {
  it.each<[WhichDag, { nth: number; acceptedAtMs: number; lateMs: number }]>([
    [SAME, { nth: 3, acceptedAtMs: at(40_000), lateMs: -4_000 }],
    [
      { ...SAME, nth: 1 },
      { nth: 1, acceptedAtMs: at(1_000), lateMs: -1_000 },
    ],
    [
      { ...SAME, nth: 2 },
      { nth: 2, acceptedAtMs: at(20_000), lateMs: 4_000 },
    ],
  ])(
    'sla and why tell of the last, or of the one that is asked for: %j',
    async (path, { nth, acceptedAtMs, lateMs }) => {
      expect(await sla(thrice(), path)).toMatchObject({ nth, of: 3, acceptedAtMs, lateMs });
      const { attempts, ...head } = await why(thrice(), { ...path, job: 'read' });
      expect(head).toEqual({ ...SAME, job: 'read', nth, of: 3, executorClass: 'ocr' });
      expect(attempts[0]!.from.atMs).toBe(acceptedAtMs);
    },
  );

  it('the one that was late can be asked for as it is listed, and what would have been enough for it is found', async () => {
    const { missed } = await missedDeadlines(thrice());
    expect(missed).toMatchObject([{ ...SAME, nth: 2, of: 3 }]);
    const { remedies } = await sla(thrice(), { ...SAME, nth: missed[0]!.nth }, { remedies: true });
    expect(remedies).toEqual({
      capacity: [{ executorClass: 'ocr', slots: 2, more: 1, isLeast: true }],
      submitAtMs: at(19_000),
    });
  });

  it('there are no more than there were', async () => {
    const message = '3 DAGs had the id same';
    await expect(sla(thrice(), { ...SAME, nth: 4 })).rejects.toMatchObject({ code: 'not-found', message });
    await expect(why(thrice(), { ...SAME, job: 'read', nth: 4 })).rejects.toMatchObject({ code: 'not-found', message });
  });

  it('an export tells them apart in every table that names a DAG, by the number that joins them', () => {
    const seqs = rowsOf(scene(), 'dags').flatMap((row) => (row['dag'] === 'same' ? [row['dag_seq']] : []));
    expect(new Set(seqs).size).toBe(3);
    for (const table of ['lifecycle', 'waits', 'leases', 'slots', 'dispatches'] as const) {
      const found = rowsOf(scene(), table).flatMap((row) => (row['dag'] === 'same' ? [row['dag_seq']] : []));
      expect([table, [...new Set(found)]]).toEqual([table, seqs]);
    }
  });
});
