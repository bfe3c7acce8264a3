import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from 'vitest';
import { problemAnswer } from '../../support/fake-fabric.js';
import { gate, ID, it, startExecutor, startFake, untilAborted } from './setup.js';

describe('an executor', () => {
  it.each([
    ['begins before a turn that it knows: it forgets what it holds, and runs what has the same tokens', 12, true],
    ['begins after all that it knows: it goes on', 13, false],
  ])('whose fabric comes back with a reign that %s', async (_what, turn, isLost) => {
    const fake = await startFake();
    Object.assign(fake, { reign: { id: 'one', turn: 10 }, turn: 11 });
    fake.answer = () => ({ accepted: true, turn: 12 });
    const ends = gate();
    const running = await startExecutor(fake, async ({ job, signal }) => {
      if (job.dagId === 'old') await Promise.race([ends.opened, untilAborted(signal)]);
      return job.dagId;
    });
    const done = fake.dispatch(ID, { dagId: 'done' });
    await fake.until(() => fake.terminals(done).length === 1);
    const token = fake.dispatch(ID, { dagId: 'old' });
    await fake.until(() => fake.callbacks.some((one) => one.type === 'ack' && one.token === token));
    Object.assign(fake, { reign: { id: 'two', turn }, turn: 20 });
    fake.breakStream(ID);
    await fake.until(() => fake.isConnected(ID));
    const held = fake.registrations.slice(1).map((one) => (one['held'] as unknown[]).length);
    expect(held).toEqual(isLost ? [1, 0] : [1]);
    fake.dispatch(ID, { dagId: 'new', token: done });
    fake.dispatch(ID, { dagId: 'new', token });
    fake.dispatch(ID, { dagId: 'last' });
    ends.open();
    await fake.until(() => fake.terminals().length === (isLost ? 4 : 3));
    expect(fake.terminals(token)).toMatchObject([{ type: 'complete', output: isLost ? 'new' : 'old' }]);
    expect(fake.terminals(done)).toHaveLength(isLost ? 2 : 1);
    expect(running.executors[0]?.stats()).toMatchObject({ failed: 0, running: 0 });
  });

  it('whose fabric was put back to before it came: it forgets what it holds, and registers', async ({ fake }) => {
    Object.assign(fake, { reign: { id: 'one', turn: 10 }, turn: 11 });
    let isBefore = false;
    fake.interceptors.push((_method, path, response) => {
      if (!isBefore || !path.includes('/dispatches') || fake.registrations.length > 1) return false;
      problemAnswer(response, 409, { code: 'stale-incarnation', detail: 'registered as the one before', turn: 4 });
      return true;
    });
    await startExecutor(fake, ({ signal }) => untilAborted(signal));
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.some((one) => one.token === token));
    Object.assign(fake, { reign: { id: 'two', turn: 5 }, turn: 5 });
    isBefore = true;
    fake.breakStream(ID);
    await fake.until(() => fake.registrations.length === 3);
    const held = fake.registrations.map((one) => (one['held'] as unknown[]).length);
    expect(held).toEqual([0, 1, 0]);
  });

  it.each([
    ['has lost turns: its reports are not taken for other leases, and it forgets what it holds', 12, true],
    ['has lost none: it goes on, also when it registers once more', 13, false],
  ])('whose fabric came back unnoticed, behind a silent stream, and %s', async (_what, turn, isLost) => {
    const fake = await startFake();
    Object.assign(fake, { reign: { id: 'one', turn: 10 }, turn: 11 });
    fake.answer = () => ({ accepted: true, turn: 12 });
    let streams = 0;
    fake.interceptors.push((_method, path) => {
      if (path.includes('/dispatches') && !path.includes('waitMs')) streams += 1;
      return false;
    });
    const [short, long] = [gate(), gate()];
    await startExecutor(fake, async ({ job, signal }) => {
      const ends = { short, long }[job.job];
      if (ends) await Promise.race([ends.opened, untilAborted(signal)]);
    });
    const tokens = [];
    for (const job of ['first', 'short', 'long']) {
      const token = fake.dispatch(ID, { job });
      tokens.push(token);
      await fake.until(() => fake.callbacks.some((one) => one.token === token));
    }
    Object.assign(fake, { reign: { id: 'two', turn }, turn: 20 });
    // The last ack of the reign before may be answered only now.
    fake.answer = ({ type }) => ({ accepted: true, turn: type === 'ack' ? 12 : 21 });
    short.open();
    await fake.until(() => streams === 2 && fake.isConnected(ID));
    const last = fake.dispatch(ID, { job: 'last' });
    await fake.until(() => fake.terminals(last).length === 1);
    fake.breakStream(ID);
    await fake.until(() => streams === 3 && fake.isConnected(ID));
    const held = { token: tokens[2], slots: 1 };
    expect(
      fake.registrations.map((one) => (one['held'] as object[]).some((lease) => isDeepStrictEqual(lease, held))),
    ).toEqual(isLost ? [false, true, false, false] : [false, true, true]);
    long.open();
    const end = fake.dispatch(ID, { job: 'last' });
    await fake.until(() => fake.terminals(end).length === 1);
    expect(tokens.map((token) => fake.terminals(token).length)).toEqual(isLost ? [1, 0, 0] : [1, 1, 1]);
  });

  it('takes the turn of a dispatch for known, though no callback was answered since', async ({ fake }) => {
    Object.assign(fake, { reign: { id: 'one', turn: 10 }, turn: 11 });
    const answers = gate();
    fake.beforeAnswer = () => answers.opened;
    await startExecutor(fake, async ({ signal }) => untilAborted(signal));
    const token = fake.dispatch(ID, { turn: 15 });
    await fake.until(() => fake.callbacks.some((one) => one.token === token));
    Object.assign(fake, { reign: { id: 'two', turn: 13 }, turn: 13 });
    fake.breakStream(ID);
    await fake.until(() => fake.isConnected(ID));
    expect(fake.registrations.slice(1)).toMatchObject([{ held: [{ token }] }, { held: [] }]);
    answers.open();
  });

  it('takes the highest turn of an answer for known, also where the last line has a lower one', async ({ fake }) => {
    Object.assign(fake, { reign: { id: 'one', turn: 10 }, turn: 11 });
    const answers = gate();
    fake.beforeAnswer = () => answers.opened;
    await startExecutor(fake, async ({ job, signal }) => {
      if (job.job === 'long') await untilAborted(signal);
      // While the first request is under way, the next one gathers.
      if (job.job === 'second') setImmediate(answers.open);
    });
    const long = fake.dispatch(ID, { job: 'long' });
    await fake.until(() => fake.callbacks.some((one) => one.token === long));
    const [first, second] = [fake.dispatch(ID, { job: 'first' }), fake.dispatch(ID, { job: 'second' })];
    fake.answer = ({ token }) =>
      token === first ? { accepted: true, turn: 15 } : { accepted: true, turn: token === second ? 12 : 11 };
    const settled = gate();
    fake.beforeAnswer = () => settled.opened;
    await fake.until(() => fake.terminals().length === 2);
    expect(new Set(fake.terminals().map(({ request }) => request)).size).toBe(1);
    settled.open();
    const last = fake.dispatch(ID, { job: 'last' });
    await fake.until(() => fake.terminals(last).length === 1);
    Object.assign(fake, { reign: { id: 'two', turn: 13 }, turn: 13 });
    fake.breakStream(ID);
    await fake.until(() => fake.isConnected(ID));
    expect(fake.registrations.slice(1).map((one) => (one['held'] as unknown[]).length > 0)).toEqual([true, false]);
  });

  it('reports nothing between a stream that broke and its next registration: the token may be of another lease by then', async ({
    fake,
  }) => {
    const ends = gate();
    await startExecutor(fake, async () => ends.opened.then(() => 'done'));
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.some((one) => one.type === 'ack' && one.token === token));
    let heldBack = 0;
    fake.interceptors.push((_method, path, response) => {
      if (!path.includes('waitMs=0') || heldBack > 0) return false;
      heldBack += 1;
      setTimeout(() => response.end('{"messages":[]}'), 300);
      return true;
    });
    fake.breakStream(ID);
    await fake.until(() => heldBack === 1);
    ends.open();
    await fake.until(() => fake.registrations.length === 2);
    expect(fake.terminals(token)).toEqual([]);
    await fake.until(() => fake.terminals(token).length === 1);
  });
});
