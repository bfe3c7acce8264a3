/** What readers are told of when an attempt of a job became ready, began and ended: never a moment of another one. */
import { expect, it } from 'vitest';
import { jobView } from '../../src/scheduler/views/jobs.js';
import { Code, job, KernelBench, retry, submission } from '../support/kernel/bench.js';

const JOBS = [job('a', { retry: retry(3, 60_000) })];
const NONE = { readyAtMs: null, dispatchedAtMs: null, endedAtMs: null };

/** A job that is dispatched as soon as it is submitted, at 1,000 ms. */
function dispatched(): KernelBench {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('d', JOBS);
  b.later(10);
  return b;
}

function timesOf({ kernel }: KernelBench): object {
  const { readyAtMs, dispatchedAtMs, endedAtMs } = jobView(
    kernel.state,
    kernel.state.dags.find(1),
    0,
    submission('d', JOBS),
  )!;
  return { readyAtMs, dispatchedAtMs, endedAtMs };
}

const cancel = (b: KernelBench) => b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd', reason: '' });

it('an attempt that runs, or is cancelled while it does, has its own', () => {
  const b = dispatched();
  const began = { readyAtMs: 1_000, dispatchedAtMs: 1_000 };
  expect(timesOf(b)).toEqual({ ...began, endedAtMs: null });
  cancel(b);
  expect(timesOf(b)).toEqual({ ...began, endedAtMs: b.at });
});

it('a job that waits to be tried again has none, and none when it is cancelled meanwhile', () => {
  const b = dispatched();
  b.fail('d', 'a');
  expect(b.stateOf('d', 'a')).toBe('backoff');
  expect(timesOf(b)).toEqual(NONE);
  cancel(b);
  expect(b.stateOf('d', 'a')).toBe('cancelled');
  expect(timesOf(b)).toEqual(NONE);
});

it('the attempt after one that failed has its own again', () => {
  const b = dispatched();
  b.fail('d', 'a');
  b.later(80_000);
  const began = { readyAtMs: b.at, dispatchedAtMs: b.at };
  expect(timesOf(b)).toEqual({ ...began, endedAtMs: null });
  cancel(b);
  expect(timesOf(b)).toEqual({ ...began, endedAtMs: b.at });
});
