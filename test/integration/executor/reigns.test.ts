import { describe, expect, it } from 'vitest';
import { gate, ID, startExecutor, startFake, untilAborted } from './setup.js';

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

  it('reports nothing between a stream that broke and its next registration: the token may be of another lease by then', async () => {
    const fake = await startFake();
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
