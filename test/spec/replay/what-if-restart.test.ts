/** A fabric that was stopped for longer than its executors' sessions, played again. */
import { expect, it } from 'vitest';
import { type History, Play, sla } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { checkPlan, HistoryReader, reportOf, runPlan } from '../../../src/simulate/index.js';
import { job, registration, submission } from '../../support/kernel/build.js';
import { Recorder, SESSION_MS } from '../../support/replay/recorder.js';
import { at } from '../../support/replay/stage.js';

const STOPPED_MS = 100_000;

/** The only attempt of a DAG's only job ends well. */
function done(dag: number, token: number) {
  const lease = { dag, job: 0, attempt: 1, token };
  return { lease, output: new TextEncoder().encode('null'), blob: null, unitsUsed: null };
}

/** One executor runs a job before the fabric is stopped, and one after it is there again: it never has to register anew. */
async function restarted(): Promise<History> {
  const recorder = new Recorder();
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  await recorder.turn(1_000, Code.SubmitDag, submission('left-out', [job('a', { kind: 'noop' })]));
  await recorder.turn(2_000, Code.SubmitDag, submission('before', [job('a')]));
  await recorder.turn(3_000, Code.CompleteJob, done(2, 1));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(5_000 + STOPPED_MS, Code.Heartbeat, { executor: 'e', incarnation: 'i1' } as never);
  await recorder.turn(6_000 + STOPPED_MS, Code.SubmitDag, submission('after', [job('a')]));
  await recorder.turn(7_000 + STOPPED_MS, Code.CompleteJob, done(3, 2));
  return recorder.history();
}

it('has its executors as it had them, and nothing happens while it stands still', async () => {
  const play = await Play.of(await restarted());
  expect(play.recorded.dags).toMatchObject({ succeeded: 3, open: 0 });
  const moments: number[] = [];
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'left-out' }] }, (moment, entries) => {
    if (entries.length > 0) moments.push(moment - at(0));
  });
  expect(numbers.dags).toMatchObject({ succeeded: 2, open: 0 });
  expect(moments.filter((ms) => ms > 4_000 && ms < 4_000 + STOPPED_MS)).toEqual([]);
});

/** Three jobs share a slot: the first ends, the second is not heard of while the fabric is stopped, the third is last. */
async function stoppedOver(): Promise<History> {
  const recorder = new Recorder();
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  for (const id of ['first', 'second', 'third']) {
    await recorder.turn(1_000, Code.SubmitDag, submission(id, [job('a', { estimateMs: 1_000 })]));
  }
  await recorder.turn(3_000, Code.CompleteJob, done(1, 1));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(5_000 + STOPPED_MS, Code.CompleteJob, done(2, 2));
  await recorder.turn(6_000 + STOPPED_MS, Code.CompleteJob, done(3, 3));
  return recorder.history();
}

it('plays on what it runs at other moments without the time in which the fabric stood still', async () => {
  const play = await Play.of(await stoppedOver());
  expect(play.recorded.waitsByTenant['acme']).toMatchObject({ longest: 4_000 + STOPPED_MS });
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'first' }] });
  // The second one ran for 2 s at least of the 102 s after which it was heard of.
  expect(numbers.waitsByTenant['acme']).toMatchObject({ longest: 2_000 });
});

it('hears what is dispatched when it was as it did', async () => {
  const play = await Play.of(await stoppedOver());
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'third' }] });
  expect(numbers.makespanMs).toBe(4_000 + STOPPED_MS);
});

it('is a load whose attempts take what is expected of them, where the fabric stood still when they ended', async () => {
  const reader = new HistoryReader();
  for await (const { record } of (await stoppedOver()).read()) reader.take(record);
  const plan = checkPlan({ classes: { ocr: { slots: 1 } }, load: [{ journal: 'journal' }] }, () => null);
  const { simulatedMs, all } = reportOf(runPlan(plan, [reader]));
  expect(simulatedMs).toBe(2_000 + 2_000 + 1_000);
  expect(all.wait).toMatchObject({ longestMs: 4_000 });
});

it('plays what ran on for long after a stop for as long as it took: its end was heard when it was', async () => {
  const recorder = new Recorder();
  const later = 400_000;
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  for (const id of ['first', 'long']) {
    await recorder.turn(1_000, Code.SubmitDag, submission(id, [job('a', { estimateMs: 1_000 })]));
  }
  await recorder.turn(3_000, Code.CompleteJob, done(1, 1));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  for (let ms = 10_000; ms < later; ms += 10_000) {
    await recorder.turn(ms + STOPPED_MS, Code.Heartbeat, { executor: 'e', incarnation: 'e-1' });
  }
  await recorder.turn(later + STOPPED_MS, Code.CompleteJob, done(2, 2));
  const history = await recorder.history();
  const ranMs = later + STOPPED_MS - 3_000;
  const { numbers } = await (await Play.of(history)).run({ without: [{ tenant: 'acme', dag: 'first' }] });
  expect(numbers.makespanMs).toBe(ranMs);
  const reader = new HistoryReader();
  for await (const { record } of history.read()) reader.take(record);
  const plan = checkPlan({ classes: { ocr: { slots: 1 } }, load: [{ journal: 'journal' }] }, () => null);
  expect(reportOf(runPlan(plan, [reader])).simulatedMs).toBe(2_000 + ranMs);
});

it('gives back what was given back when it was there again without the time in which it stood still', async () => {
  const recorder = new Recorder();
  const lease = { dag: 2, job: 0, attempt: 1, token: 2 };
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  for (const id of ['first', 'second']) await recorder.turn(1_000, Code.SubmitDag, submission(id, [job('a')]));
  await recorder.turn(3_000, Code.CompleteJob, done(1, 1));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(5_000 + STOPPED_MS, Code.ReturnJob, { lease, reason: 'too large', unitsUsed: null });
  await recorder.turn(6_000 + STOPPED_MS, Code.CompleteJob, done(2, 3));
  const play = await Play.of(await recorder.history());
  expect(play.recorded).toMatchObject({ dispatches: 3, makespanMs: 5_000 + STOPPED_MS });
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'first' }] });
  expect(numbers).toMatchObject({ dispatches: 2, makespanMs: 3_000 });
  expect((await play.run({ without: [] })).numbers.makespanMs).toBe(5_000 + STOPPED_MS);
});

/** The hard deadline of the second of two jobs that share a slot passes while the fabric is stopped, and ends it then. */
async function lateAfterStop(): Promise<History> {
  const recorder = new Recorder();
  const hardDeadlineAtMs = at(50_000);
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  await recorder.turn(1_000, Code.SubmitDag, submission('first', [job('a', { estimateMs: 1_000 })]));
  await recorder.turn(
    1_000,
    Code.SubmitDag,
    submission('second', [job('a', { estimateMs: 1_000 })], { hardDeadlineAtMs }),
  );
  await recorder.turn(3_000, Code.CompleteJob, done(1, 1));
  await recorder.turn(4_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  return recorder.history();
}

it('plays attempts on that were ended when it was there again without the time in which it stood still', async () => {
  const play = await Play.of(await lateAfterStop());
  expect(play.recorded.dags).toMatchObject({ succeeded: 1, failed: 1 });
  const { numbers } = await play.run({ without: [{ tenant: 'acme', dag: 'first' }] });
  expect(numbers.dags).toMatchObject({ succeeded: 1, failed: 0 });
  const same = await play.run({ without: [] });
  expect(same.numbers.dags).toMatchObject({ succeeded: 1, failed: 1 });
});

it('is a load whose attempts that were ended then take what is expected of them', async () => {
  const reader = new HistoryReader();
  for await (const { record } of (await lateAfterStop()).read()) reader.take(record);
  const plan = checkPlan({ classes: { ocr: { slots: 1 } }, load: [{ journal: 'journal' }] }, () => null);
  expect(reportOf(runPlan(plan, [reader]))).toMatchObject({ all: { succeeded: 2 }, assumedAttempts: 1 });
});

it('is what held up a job that ran meanwhile, and not the executor that was heard of late', async () => {
  const { path, cause } = await sla(await stoppedOver(), { tenant: 'acme', dag: 'second' });
  expect(path[0]!.parts.slice(-2)).toMatchObject([
    { kind: 'run', ms: 2_000 },
    { kind: 'fabric-stopped', ms: STOPPED_MS },
  ]);
  expect(cause).toContain('the fabric itself stood still');
});

/** A job that runs for ten minutes, over two stops, on an executor that is heard of every ten seconds. */
async function ranOn(recorder: Recorder): Promise<void> {
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  await recorder.turn(1_000, Code.SubmitDag, submission('long', [job('a')]));
  for (let ms = 10_000; ms <= 600_000; ms += 10_000) {
    const stoppedMs = ms === 200_000 || ms === 400_000 ? STOPPED_MS : undefined;
    if (stoppedMs !== undefined) ms += STOPPED_MS;
    await recorder.turn(ms, Code.Heartbeat, { executor: 'e', incarnation: 'e-1' } as never, stoppedMs);
  }
}

it('is not what held up a job that was seen to run on for long afterwards', async () => {
  const recorder = new Recorder();
  await ranOn(recorder);
  await recorder.turn(601_000, Code.CompleteJob, done(1, 1));
  const { path, cause } = await sla(await recorder.history(), { tenant: 'acme', dag: 'long' });
  expect(path[0]!.parts).toMatchObject([{ kind: 'run', ms: 600_000 }]);
  expect(cause).toContain('nothing held it up');
});

it('counts all stops since which an executor may not have been heard', async () => {
  const recorder = new Recorder();
  await recorder.turn(0, Code.RegisterExecutor, registration('e', { slots: 1, sessionMs: SESSION_MS }));
  await recorder.turn(1_000, Code.SubmitDag, submission('twice', [job('a')]));
  await recorder.turn(2_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(3_000 + 2 * STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(4_000 + 2 * STOPPED_MS, Code.CompleteJob, done(1, 1));
  const { path } = await sla(await recorder.history(), { tenant: 'acme', dag: 'twice' });
  expect(path[0]!.parts).toMatchObject([
    { kind: 'run', ms: 3_000 },
    { kind: 'fabric-stopped', ms: 2 * STOPPED_MS },
  ]);
});

it('is what held up the loss of an executor, however long its jobs run', async () => {
  const recorder = new Recorder();
  await ranOn(recorder);
  await recorder.turn(601_000, Code.CompleteJob, done(1, 1));
  await recorder.turn(602_000, Code.SubmitDag, submission('lost', [job('a')]));
  await recorder.turn(603_000 + STOPPED_MS, undefined, undefined, STOPPED_MS);
  await recorder.turn(603_000 + STOPPED_MS + SESSION_MS);
  const { path, cause } = await sla(await recorder.history(), { tenant: 'acme', dag: 'lost' });
  expect(path[0]!.parts.slice(0, 2)).toMatchObject([
    { kind: 'lost-executor', ms: 1_000 + SESSION_MS },
    { kind: 'fabric-stopped', ms: STOPPED_MS },
  ]);
  expect(cause).toContain('the fabric itself stood still');
});
