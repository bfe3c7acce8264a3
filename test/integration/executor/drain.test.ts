import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { sleep } from '../../../src/client/ports.js';
import { gate, ID, it, startExecutor, startFake, untilAborted } from './setup.js';

describe('a drain', () => {
  it('gives back what has not started, lets the rest finish, then deregisters', async ({ fake }) => {
    const ends = gate();
    const running = await startExecutor(
      fake,
      async () => {
        await ends.opened;
        return 'done';
      },
      { slots: 1 },
    );
    const first = fake.dispatch(ID);
    const second = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    const closed = running.close(60_000);
    await fake.until(() => fake.terminals(second).length === 1);
    expect(fake.terminals(second)[0]).toMatchObject({ type: 'return', reason: 'the executor is draining' });
    await fake.until(() => fake.drained.length === 1);
    const late = fake.dispatch(ID);
    await fake.until(() => fake.terminals(late).length === 1);
    expect(fake.terminals(late)[0]).toMatchObject({ type: 'return' });
    expect(fake.deregistered).toEqual([]);
    ends.open();
    await closed;
    expect(fake.terminals(first)[0]).toMatchObject({ type: 'complete', output: 'done' });
    expect(fake.deregistered).toEqual([ID]);
    await expect(running.closed).resolves.toBeUndefined();
  });

  it('that has to register anew meanwhile offers no slots, so that nothing is sent to it', async ({ fake }) => {
    const ends = gate();
    const running = await startExecutor(fake, () => ends.opened);
    fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    const closed = running.close(60_000);
    await fake.until(() => fake.drained.length === 1);
    fake.breakStream(ID);
    await fake.until(() => fake.registrations.length === 2);
    expect(fake.registrations.map(({ slots }) => slots)).toEqual([4, 0]);
    ends.open();
    await closed;
  });

  it('is said again once a registration is answered that was under way, and offered slots', async ({ fake }) => {
    const ends = gate();
    const running = await startExecutor(fake, () => ends.opened);
    fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    let register: (() => void) | null = null;
    fake.interceptors.push((_method, path, response) => {
      if (!path.endsWith('/register') || register !== null) return false;
      const session = { executor: 1, sessionMs: 10_000, heartbeatMs: 60_000, turn: 1, history: null, reign: null };
      register = () => response.end(JSON.stringify(session));
      return true;
    });
    fake.breakStream(ID);
    await fake.until(() => register !== null);
    const closed = running.close(60_000);
    await fake.until(() => fake.drained.length === 1);
    register!();
    await fake.until(() => fake.drained.length === 2);
    ends.open();
    await closed;
  });

  it.each([
    ['for ever', { drainMs: 0 }, Number.POSITIVE_INFINITY],
    ['a month, by its options', { drainMs: 30 * 86_400_000 }, undefined],
  ])('that may take %s aborts nothing', async (_howLong, options, drainMs) => {
    const fake = await startFake();
    const ends = gate();
    const run = ({ signal }: { signal: AbortSignal }) => Promise.race([ends.opened, untilAborted(signal)]);
    const running = await startExecutor(fake, run, options);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    const closed = running.close(drainMs);
    await fake.until(() => fake.drained.length === 1);
    // By now a timer that fires at once has done so.
    await sleep(systemMachine, 10);
    ends.open();
    await closed;
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete' });
  });

  it('aborts what takes too long, and gives it back when it heeds that', async ({ fake }) => {
    const reasons: string[] = [];
    const running = await startExecutor(fake, async ({ signal }) => {
      await untilAborted(signal).catch((reason) => {
        reasons.push(reason.code);
        throw reason;
      });
    });
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    await running.close(10);
    expect(reasons).toEqual(['drained']);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'return', reason: 'the executor is shutting down' });
  });

  it('gives back what is deaf, too', async ({ fake }) => {
    const running = await startExecutor(fake, () => new Promise(() => undefined));
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    await running.close(10);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'return' });
    expect(fake.deregistered).toEqual([ID]);
  });

  it('begins when the fabric asks for it', async ({ fake }) => {
    const running = await startExecutor(fake, () => null);
    fake.send(ID, { type: 'drain' });
    await running.closed;
    expect(fake.deregistered).toEqual([ID]);
  });
});

describe('the end of an executor whose id another process has by now', () => {
  it('says nothing to the fabric, however often it is asked for', async ({ fake }) => {
    const closes: Promise<void>[] = [];
    const run = ({ signal }: { signal: AbortSignal }): Promise<never> => {
      signal.addEventListener('abort', () => closes.push(running.executors[0]!.close()));
      return untilAborted(signal);
    };
    const running = await startExecutor(fake, run, {
      onState: (executor) => {
        if (executor.state === 'closed') closes.push(executor.close());
      },
    });
    fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    fake.endStream(ID, 'stale-incarnation');
    await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
    await Promise.all([...closes, running.executors[0]?.close()]);
    expect(closes).toHaveLength(2);
    // Another one's requests are behind those that there would be.
    const successor = await startExecutor(fake, () => null);
    await successor.close(0);
    await running.close();
    expect(fake.drained).toEqual([ID]);
    expect(fake.deregistered).toEqual([ID]);
  });
});

describe('SIGTERM', () => {
  const script = fileURLToPath(new URL('../../support/executor-process.ts', import.meta.url));

  function start(url: string): ChildProcess {
    // The program tsx ends whom it starts where that does not answer to a signal within 30 ms.
    return spawn(process.execPath, ['--import', 'tsx', script, url], { stdio: 'ignore' });
  }

  it('drains, and ends the process with 0', async ({ fake }) => {
    const child = start(fake.url);
    const exit = once(child, 'exit');
    await fake.until(() => fake.isConnected('child'));
    const token = fake.dispatch('child', { inputs: { ms: 100 } });
    await fake.until(() => fake.callbacks.some((seen) => seen.type === 'ack'));
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete', output: 'slept' });
    expect(fake.deregistered).toEqual(['child']);
  });
});
