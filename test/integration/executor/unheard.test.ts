/** An executor whose loop stood still: it hears late that it was to stop, or after its attempt has ended, or not at all. */
import { describe, expect, it } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import type { FakeFabric } from '../../support/fake-fabric.js';
import { gate, ID, startExecutor, startFake } from './setup.js';

/** Sooner than the silence of the fake, which sends no pings, would end the stream: then it would register in any case. */
const SOON_MS = 12_000;

/** An executor with an attempt that runs until `ends` is opened, which the fabric takes for over by then. */
async function startAttempt() {
  const fake = await startFake();
  let stoodStillMs = 0;
  const machine = { ...systemMachine, nowMs: () => systemMachine.nowMs() + stoodStillMs };
  const ends = gate();
  await startExecutor(fake, ({ job }) => (job.job === 'deaf' ? ends.opened : 'well'), { machine });
  const token = fake.dispatch(ID, { job: 'deaf' });
  await fake.until(() => fake.callbacks.some(({ type }) => type === 'ack'));
  fake.answer = (callback) =>
    callback.token === token ? { accepted: false, code: 'stale-token', detail: 'over' } : { accepted: true, turn: 1 };
  const standStill = (ms: number): void => {
    stoodStillMs = ms;
  };
  return { fake, token, ends, standStill };
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
  it('hears afterwards that its attempt was to stop', { timeout: SOON_MS }, async () => {
    const { fake, token, ends, standStill } = await startAttempt();
    standStill(ms);
    fake.send(ID, { type: 'stop', token });
    fake.send(ID, { type: 'stop', token: 'unknown' });
    await fake.until(() => fake.terminals('unknown').length === 1);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(await registrations(fake, expected)).toBe(expected);
  });

  it('ends its attempt before it hears that', { timeout: SOON_MS }, async () => {
    const { fake, token, ends, standStill } = await startAttempt();
    standStill(ms);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(await registrations(fake, expected)).toBe(expected);
  });
});
