/** What ran on an executor that was lost: how long it was seen to run, where a history is played again. */
import { expect, it } from 'vitest';
import { Endings } from '../../../replay/what-if/endings.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { attemptKey, dagKey } from '../../../src/simulate/history/history.js';
import { HistoryReader } from '../../../src/simulate/history/history-reader.js';
import { job, registration, submission } from '../../support/kernel/build.js';
import { Recorder, SESSION_MS } from '../../support/replay/recorder.js';
import { at } from '../../support/replay/stage.js';

it.each([
  ['not at all', [], 0],
  ['for eleven seconds', [12_000], 11_000],
])('it was seen to run until the executor was heard of last, %s', async (_, heartbeats, ranMs) => {
  const recorder = new Recorder();
  const dag = submission('d', [job('a')]);
  const { incarnation, ...one } = registration('e', { slots: 1, sessionMs: SESSION_MS });
  await recorder.turn(0, Code.RegisterExecutor, { ...one, incarnation });
  await recorder.turn(1_000, Code.SubmitDag, dag);
  for (const ms of heartbeats) await recorder.turn(ms, Code.Heartbeat, { executor: 'e', incarnation });
  await recorder.turn(12_001 + SESSION_MS);
  // It is there again, as somebody new.
  await recorder.turn(50_000, Code.RegisterExecutor, { ...one, incarnation: 'another' });
  const endings = new Endings();
  const reader = new HistoryReader();
  const codes = new Set<number>();
  for await (const { record } of recorder.history().read()) {
    endings.take(record);
    reader.take(record);
    for (const { code } of record.entries) codes.add(code);
  }
  expect(codes).toContain(Code.LeaseExpired);
  expect(endings.ranMs({ dag: 1, job: 0, child: -1, making: 0, attempt: 1 }, { at: at(2_000) })).toBe(ranMs);
  expect(reader.ranMs(attemptKey(dagKey(dag), { spec: 0, child: null, making: 0 }, 1))).toBe(ranMs);
});
