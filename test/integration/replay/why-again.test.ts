/** `why` decides a dispatch again also in the turn that makes the job: with an index, without one, from a snapshot on. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  dispatchesAt,
  type History,
  openDagIndex,
  openJournal,
  takeSnapshots,
  verify,
  why,
} from '../../../replay/index.js';
import type { TurnResult } from '../../../src/kernel/kernel.js';
import { Code, fanOut, input, job, KernelBench, registration, submission } from '../../support/kernel/bench.js';
import { inFolder, writeTurns } from './history.js';

const SAME = { sameTurn: true, sameDispatch: true };

/** Executors are idle all the time, so each job is dispatched in the turn that makes it or lets it run. */
function idleBench(): KernelBench {
  const bench = new KernelBench();
  bench.register('e1', { slots: 9 });
  return bench;
}

/** What a turn has left over is done by the turns after it. */
function settle(bench: KernelBench, result: TurnResult): void {
  for (let left = result.unfinished; left; left = bench.step().unfinished);
}

/** A data directory with what a bench has done. */
async function inData(bench: KernelBench, run: (history: History, data: string) => Promise<void>): Promise<void> {
  await inFolder(async (data) => {
    await writeTurns(join(data, 'journal'), bench.history);
    await run(await openJournal(data), data);
  });
}

/** The last attempt of a job, which `verify` and `decide` have to say the same of. */
async function dispatchOf(history: History, name: string) {
  const report = await why(history, { tenant: 'acme', dag: 'invoice', job: name });
  const { attempt, from, dispatched, decision } = report.attempts.at(-1)!;
  const decided = await dispatchesAt(history, dispatched!.turn);
  const executor = decided.find((dispatch) => dispatch.job === name && dispatch.attempt === attempt)?.executor;
  expect(executor).toBe(decision!.executor);
  const asked = await why(history, { tenant: 'acme', dag: 'invoice', job: name }, { attempt });
  expect(asked.attempts.at(-1)).toEqual(report.attempts.at(-1));
  return { what: from.what, isAtOnce: from.turn === dispatched!.turn, again: decision!.again };
}

/** Asks without an index, with one, and with one and snapshots; the answers are the same. */
async function everyWay(data: string, name: string) {
  const history = await openJournal(data);
  const first = await dispatchOf(history, name);
  await openDagIndex(history, { keep: 'always' });
  expect(await dispatchOf(history, name)).toEqual(first);
  await takeSnapshots(history, { everyTurns: 1 });
  expect(await dispatchOf(history, name)).toEqual(first);
  expect((await verify(data, { again: true })).ok).toBe(true);
  return first;
}

describe('a dispatch is decided again', () => {
  it('in the turn that accepts its DAG', async () => {
    const bench = idleBench();
    bench.submit('before', [job('read')]);
    bench.submit('invoice', [job('read')]);
    await inData(bench, async (_, data) => {
      expect(await everyWay(data, 'read')).toEqual({ what: 'dag-accepted', isAtOnce: true, again: SAME });
    });
  });

  it('of a child, in the turn that makes it', async () => {
    const bench = idleBench();
    settle(bench, bench.submit('invoice', [job('page', { fanOut: fanOut(3) })]));
    await inData(bench, async (_, data) => {
      expect(await everyWay(data, 'page[1]')).toEqual({ what: 'child-made', isAtOnce: true, again: SAME });
    });
  });

  it('of a child that an output has made, in the turn that makes it', async () => {
    const bench = idleBench();
    bench.submit('invoice', [
      job('split'),
      job('page', { after: ['split'], fanOut: fanOut({ from: 'split', over: true }) }),
    ]);
    settle(bench, bench.complete('invoice', 'split', ['a', 'b', 'c']));
    await inData(bench, async (_, data) => {
      expect(await everyWay(data, 'page[2]')).toEqual({ what: 'child-made', isAtOnce: true, again: SAME });
    });
  });

  it('in the first turn of all, which reads what it accepts', async () => {
    const bench = new KernelBench();
    // Which job waits for the signal is read from the submission that stands before it.
    bench.step([
      input(Code.RegisterExecutor, registration('e1')),
      input(Code.SubmitDag, submission('invoice', [job('ok', { kind: 'signal' }), job('read')])),
      input(Code.ResolveSignal, { tenant: 'acme', dagId: 'invoice', signal: 'ok', output: null }),
    ]);
    await inData(bench, async (_, data) => {
      expect(await everyWay(data, 'read')).toEqual({ what: 'dag-accepted', isAtOnce: true, again: SAME });
    });
  });

  it('after the attempt was given back, which keeps its number', async () => {
    const bench = idleBench();
    bench.submit('invoice', [job('read')]);
    bench.returnLease(bench.lease('invoice', 'read'));
    expect(bench.lease('invoice', 'read').attempt).toBe(1);
    await inData(bench, async (history, data) => {
      expect(await everyWay(data, 'read')).toMatchObject({ what: 'attempt-ended', again: SAME });
      const { attempts } = await why(history, { tenant: 'acme', dag: 'invoice', job: 'read' }, { attempt: 1 });
      expect(attempts.map(({ attempt, decision }) => [attempt, decision?.again])).toEqual([
        [1, SAME],
        [1, SAME],
      ]);
    });
  });

  it('right behind the snapshot with which a journal begins; before that there is no answer', async () => {
    const bench = idleBench();
    bench.submit('other', [job('read')]);
    bench.submit('invoice', [job('read')]);
    await inData(bench, async (whole) => {
      await takeSnapshots(whole, { at: { turn: 2 } });
      const from = (firstTurn: number): History => ({
        ...whole,
        firstTurn,
        folder: null,
        read: (first = firstTurn) => whole.read(first),
      });
      expect(await dispatchOf(from(2), 'read')).toEqual({ what: 'dag-accepted', isAtOnce: true, again: SAME });
      const cutOff = why(from(2), { tenant: 'acme', dag: 'other', job: 'read' });
      await expect(cutOff).rejects.toMatchObject({ code: 'history-incomplete' });
    });
  });
});
