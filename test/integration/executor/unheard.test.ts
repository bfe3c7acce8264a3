/** An executor whose loop stood still: it hears late that it was to stop, or after its attempt has ended, or not at all. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import type { Machine } from '../../../src/client/ports.js';
import type { FakeFabric } from '../../support/fake-fabric.js';
import { gate, ID, startExecutor, startFake } from './setup.js';

/** So that the stream is never silent: then it would register in any case. */
const PING_MS = 1_000;
/** Of the timers by which a loop knows that it did not stand still: they and the clock go as a test says. */
const TIMER_MS = 2_000;

/** An executor with an attempt that runs until `ends` is opened, which the fabric takes for over by then. */
async function startAttempt() {
  const fake = await startFake();
  let stoodStillMs = 0;
  const timers: (() => void)[] = [];
  const after: Machine['after'] = (ms, callback, idle) => {
    if (ms !== TIMER_MS) return systemMachine.after(ms, callback, idle);
    timers.push(callback);
    return () => undefined;
  };
  const machine = { ...systemMachine, nowMs: () => stoodStillMs, after };
  const pings = setInterval(() => fake.send(ID, { type: 'ping' }), PING_MS);
  onTestFinished(() => clearInterval(pings));
  const ends = gate();
  await startExecutor(fake, ({ job }) => (job.job === 'deaf' ? ends.opened : 'well'), { machine });
  const token = fake.dispatch(ID, { job: 'deaf' });
  await fake.until(() => fake.callbacks.some(({ type }) => type === 'ack'));
  fake.answer = (callback) =>
    callback.token === token ? { accepted: false, code: 'stale-token', detail: 'over' } : { accepted: true, turn: 1 };
  const standStill = (ms: number): void => {
    stoodStillMs = ms;
  };
  /** Time goes by, in which nothing stands still: the loop's own timers fire, those set now too. */
  const goBy = (ms: number): void => {
    stoodStillMs += ms;
    for (let time = 0; time < 2; time++) for (const callback of timers.splice(0)) callback();
  };
  return { fake, token, ends, standStill, goBy };
}

/** How often the executor has registered, once all that was said so far has been heard. */
async function registrations(fake: FakeFabric, expected: number): Promise<number> {
  await fake.until(() => fake.registrations.length >= expected && fake.isConnected(ID));
  const other = fake.dispatch(ID, { job: 'other' });
  await fake.until(() => fake.terminals(other).length === 1);
  return fake.registrations.length;
}

describe.each([
  ['longer than the fabric waits for a stop', 40_000, 2],
  ['a while', 15_000, 1],
])('an executor that stood still for %s', (_what, ms, expected) => {
  it('hears afterwards that its attempt was to stop', async () => {
    const { fake, token, ends, standStill } = await startAttempt();
    standStill(ms);
    fake.send(ID, { type: 'stop', token });
    fake.send(ID, { type: 'stop', token: 'unknown' });
    await fake.until(() => fake.terminals('unknown').length === 1);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(await registrations(fake, expected)).toBe(expected);
  });

  it('ends its attempt before it hears that', async () => {
    const { fake, token, ends, standStill } = await startAttempt();
    standStill(ms);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(await registrations(fake, expected)).toBe(expected);
  });
});

it.each([
  ['so long that a stop may have waited in it', 15_000, 2],
  ['a short while', 5_000, 1],
])('an executor whose stream was silent for %s', async (_what, ms, expected) => {
  const { fake, token, ends, goBy } = await startAttempt();
  goBy(ms);
  fake.send(ID, { type: 'stop', token });
  fake.send(ID, { type: 'stop', token: 'unknown' });
  await fake.until(() => fake.terminals('unknown').length === 1);
  goBy(15_000);
  ends.open();
  await fake.until(() => fake.terminals(token).length === 1);
  expect(await registrations(fake, expected)).toBe(expected);
});
