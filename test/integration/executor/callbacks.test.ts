import { describe, expect } from 'vitest';
import { problemAnswer } from '../../support/fake-fabric.js';
import { gate, ID, it, startExecutor } from './setup.js';

const acks = (callbacks: readonly { type: string }[]) => callbacks.filter((seen) => seen.type === 'ack');

describe('callbacks', () => {
  it('travel in batches, one request at a time, whatever gathered while the last one was under way', async ({
    fake,
  }) => {
    const hold = gate();
    fake.beforeAnswer = () => hold.opened;
    await startExecutor(fake, async () => 1, { slots: 1_000 });
    fake.dispatch(ID);
    await fake.until(() => fake.requests === 1);
    for (let i = 0; i < 500; i++) fake.dispatch(ID);
    const probe = gate();
    setImmediate(probe.open);
    await probe.opened;
    hold.open();
    await fake.until(() => fake.terminals().length === 501);
    expect(fake.mostConcurrent).toBe(1);
    expect(fake.requests).toBeLessThan(20);
  });

  it('leave an ack out when the completion is there already', async ({ fake }) => {
    const slow = gate();
    await startExecutor(fake, async ({ job }) => {
      if (job.job === 'slow') await slow.opened;
    });
    const quick = fake.dispatch(ID, { job: 'quick' });
    await fake.until(() => fake.terminals(quick).length === 1);
    expect(acks(fake.callbacks)).toHaveLength(0);
    const token = fake.dispatch(ID, { job: 'slow' });
    await fake.until(() => acks(fake.callbacks).length === 1);
    expect(acks(fake.callbacks)[0]).toMatchObject({ token });
    slow.open();
    await fake.until(() => fake.terminals(token).length === 1);
  });

  it('are sent again as they were when the fabric is not available, after what it says', async ({ fake }) => {
    await startExecutor(fake, () => 'x');
    fake.failOnce('/callbacks', 503, { code: 'not-ready', detail: 'no leader' }, { 'retry-after': '0' });
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete', output: 'x' });
  });

  it('are sent again when the connection breaks before the answer', async ({ fake }) => {
    const bodies: string[] = [];
    fake.interceptors.push((_method, path, response, body) => {
      if (!path.includes('/callbacks')) return false;
      bodies.push(body);
      if (bodies.length > 1) return false;
      response.destroy();
      return true;
    });
    await startExecutor(fake, () => 'x');
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it('that could not be taken just now go alone into the next request', async ({ fake }) => {
    let full = true;
    const ends = gate();
    fake.answer = ({ job: _job, type, output }) => {
      if (type !== 'complete' || output !== 'b' || !full) return { accepted: true, turn: 1 };
      full = false;
      return { accepted: false, code: 'inbox-full', detail: 'later' };
    };
    await startExecutor(fake, async ({ job }) => {
      await ends.opened;
      return job.job;
    });
    for (const job of ['a', 'b', 'c']) fake.dispatch(ID, { job });
    await fake.until(() => acks(fake.callbacks).length === 3);
    ends.open();
    await fake.until(() => fake.terminals().length === 4);
    expect(fake.terminals().map((seen) => seen.output)).toEqual(['a', 'b', 'c', 'b']);
  });

  it('that spoil a whole request are found, and failed alone', async ({ fake }) => {
    fake.interceptors.push((_method, path, response, body) => {
      if (!path.includes('/callbacks') || !body.includes('"poison"')) return false;
      problemAnswer(response, 413, { code: 'payload-too-large', detail: 'no' });
      return true;
    });
    const ends = gate();
    await startExecutor(
      fake,
      async ({ job }) => {
        await ends.opened;
        return job.job;
      },
      { slots: 10 },
    );
    const tokens = ['a', 'b', 'poison', 'd', 'e'].map((job) => fake.dispatch(ID, { job }));
    await fake.until(() => acks(fake.callbacks).length === 5);
    ends.open();
    await fake.until(() => fake.terminals().length === 5);
    const kinds = tokens.map((token) =>
      fake.terminals(token).map(({ type, output, code }) => output ?? `${type} ${code}`),
    );
    expect(kinds).toEqual([['a'], ['b'], ['fail payload-too-large'], ['d'], ['e']]);
  });

  it('beat with the interval that the fabric asks for', async ({ fake }) => {
    fake.heartbeatMs = 20;
    await startExecutor(fake, () => null);
    await fake.until(() => fake.callbacks.filter((seen) => seen.type === 'heartbeat').length >= 3);
  });
});
