import { describe, expect } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { runExecutors } from '../../../src/executor/index.js';
import { problemAnswer } from '../../support/fake-fabric.js';
import { type LogLine, quietLog } from '../../support/quiet-log.js';
import { gate, ID, it, startExecutor, startFake, untilAborted } from './setup.js';

describe('a session', () => {
  it('comes back after the stream broke: same incarnation, what is held listed, jobs going on', async ({ fake }) => {
    const ends = gate();
    let runs = 0;
    await startExecutor(fake, async () => {
      runs++;
      await ends.opened;
      return 'kept';
    });
    const token = fake.dispatch(ID, { slots: 2 });
    await fake.until(() => fake.callbacks.length === 1);
    fake.breakStream(ID);
    await fake.until(() => fake.registrations.length === 2 && fake.isConnected(ID));
    const [first, second] = fake.registrations;
    expect(second?.incarnation).toBe(first?.incarnation);
    expect(second?.held).toEqual([{ token, slots: 2 }]);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ output: 'kept' });
    expect(runs).toBe(1);
  });

  it('survives a fabric that goes away and comes back, delivering what ended meanwhile', async () => {
    const first = await startFake();
    const ends = gate();
    const done = gate();
    await startExecutor(first, async () => {
      await ends.opened;
      done.open();
      return 'kept';
    });
    const token = first.dispatch(ID);
    await first.until(() => first.callbacks.length === 1);
    const { port } = first;
    await first.stop();
    ends.open();
    await done.opened;
    const second = await startFake(port);
    // What was under way when the new session began comes again: nobody knows whether it was heard.
    await second.until(() => second.terminals(token).length > 0 && second.isConnected(ID));
    for (const end of second.terminals(token)) expect(end).toMatchObject({ type: 'complete', output: 'kept' });
    expect(second.registrations[0]?.incarnation).toBe(first.registrations[0]?.incarnation);
  });

  it('says how it stands: registered, on its own while the stream is broken, draining until it has closed', async ({
    fake,
  }) => {
    const states: string[] = [];
    const running = await startExecutor(fake, () => null, {
      onState: ({ id, class: served, state }) => {
        states.push(`${id} ${served} ${state}`);
        throw new Error('of no consequence');
      },
    });
    const executor = running.executors[0]!;
    expect(executor.state).toBe('registered');
    fake.breakStream(ID);
    await expect.poll(() => states.length).toBe(3);
    fake.send(ID, { type: 'drain' });
    await expect.poll(() => executor.state).toBe('closed');
    const told = ['registered', 'connecting', 'registered', 'draining', 'closed'];
    expect(states).toEqual(told.map((state) => `${ID} test ${state}`));
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('of no consequence');
      },
    ],
    ['rejects', () => Promise.reject(new Error('of no consequence'))],
  ])('goes on where whoever is told how it stands %s, and logs that', async (_what, onState) => {
    const fake = await startFake();
    const lines: LogLine[] = [];
    await startExecutor(fake, () => null, { onState, log: quietLog(lines) });
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    const said = { level: 'error', message: 'onState threw', state: 'registered', executor: ID };
    expect(lines).toContainEqual(expect.objectContaining({ ...said, err: new Error('of no consequence') }));
  });

  it('is closed when the fabric will not have it', async ({ fake }) => {
    const states: string[] = [];
    fake.failOnce('/register', 422, { code: 'invalid-class', detail: 'no' });
    const refused = startExecutor(fake, () => null, { onState: ({ state }) => states.push(state) });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-class' });
    expect(states).toEqual(['closed']);
  });

  it('waits for a fabric that is not ready yet', async ({ fake }) => {
    fake.failOnce('/register', 503, { code: 'not-ready', detail: 'starting' }, { 'retry-after': '0' });
    await startExecutor(fake, () => null);
    expect(fake.registrations).toHaveLength(1);
  });

  it('registers under the same key until it is answered, and under another one after a refusal', async ({ fake }) => {
    fake.failOnce('/register', 503, { code: 'not-ready', detail: 'starting' }, { 'retry-after': '0' });
    await startExecutor(fake, () => null);
    const [first, second] = fake.registrationKeys;
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    fake.failOnce('/register', 409, { code: 'executor-busy', detail: 'in use', retry: true });
    await startExecutor(fake, () => null, { id: 'e-2' });
    const [refused, again] = fake.registrationKeys.slice(2);
    expect(again).not.toBe(refused);
  });

  it('runs a dispatch that comes twice once: running, ended, and after a reconnect', async ({ fake }) => {
    const ends = gate();
    let runs = 0;
    const running = await startExecutor(fake, async () => {
      runs++;
      await ends.opened;
    });
    const token = fake.dispatch(ID);
    fake.dispatch(ID, { token });
    await fake.until(() => fake.callbacks.length === 1);
    fake.breakStream(ID);
    fake.dispatch(ID, { token });
    await fake.until(() => fake.registrations.length === 2);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
    fake.dispatch(ID, { token });
    const other = fake.dispatch(ID);
    await fake.until(() => fake.terminals(other).length === 1);
    expect(runs).toBe(2);
    expect(running.executors[0]?.stats().repeated).toBe(3);
    expect(fake.terminals(token)).toHaveLength(1);
  });

  it('registers again when a heartbeat is refused, since the session was lost', async ({ fake }) => {
    fake.heartbeatMs = 20;
    const ends = gate();
    fake.answer = ({ type }) =>
      type === 'heartbeat' && fake.registrations.length === 1
        ? { accepted: false, code: 'stale-incarnation', detail: 'its session is over' }
        : { accepted: true, turn: 1 };
    await startExecutor(fake, () => ends.opened);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.registrations.length === 2);
    expect(fake.registrations[1]?.held).toEqual([{ token, slots: 1 }]);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
  });

  it('ends when another process has registered under its id, and stops its work', async ({ fake }) => {
    const reasons: unknown[] = [];
    const running = await startExecutor(fake, async ({ signal }) => {
      await untilAborted(signal).catch((reason) => reasons.push(reason.code));
    });
    fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    fake.endStream(ID, 'stale-incarnation');
    await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
    expect(reasons).toEqual(['superseded']);
    expect(fake.registrations).toHaveLength(1);
  });

  it('that was replaced while it was cut off does not take the id back', async ({ fake }) => {
    const running = await startExecutor(fake, () => null);
    fake.interceptors.push((_method, path, response) => {
      if (!path.includes('/dispatches')) return false;
      problemAnswer(response, 409, { code: 'stale-incarnation', detail: 'registered again as another' });
      return true;
    });
    fake.breakStream(ID);
    await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation', status: 409 });
    expect(fake.registrations).toHaveLength(1);
  });

  it.each([
    ['its stream broke', true],
    ['it could not get its stream at first', false],
  ])('that gets no answer after %s asks again, and does not register meanwhile', async (_what, hasStream) => {
    const fake = await startFake();
    const refusals: [number, string][] = [
      [503, 'not-ready'],
      [502, 'http-502'],
      [403, 'http-403'],
      [401, 'TokenExpired'],
      [409, 'stale-incarnation'],
    ];
    const refuse = (): void => {
      fake.interceptors.push((_method, path, response) => {
        if (!path.includes('/dispatches')) return false;
        const [status, code] = refusals.shift() ?? [500, 'asked too often'];
        problemAnswer(response, status, { code, detail: 'no' }, { 'retry-after': '0' });
        return true;
      });
    };
    if (!hasStream) refuse();
    const started = startExecutor(fake, () => null);
    if (hasStream) {
      const running = await started;
      refuse();
      fake.breakStream(ID);
      await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
    } else await expect(started).rejects.toMatchObject({ code: 'stale-incarnation' });
    expect(fake.registrations).toHaveLength(1);
  });

  it('registers again, with what it holds, when it is told that its session is over', async ({ fake }) => {
    const ends = gate();
    await startExecutor(fake, () => ends.opened);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    fake.failOnce('/dispatches', 404, { code: 'unknown-executor', detail: 'its session has ended' });
    fake.endStream(ID, 'unknown-executor');
    await fake.until(() => fake.registrations.length === 2 && fake.isConnected(ID));
    expect(fake.registrations[1]?.held).toEqual([{ token, slots: 1 }]);
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1);
  });

  it('forgets what it holds when the fabric has another history, and runs what has the same tokens', async ({
    fake,
  }) => {
    fake.history = 'a'.repeat(64);
    const ends = gate();
    const seen: string[] = [];
    const running = await startExecutor(fake, async ({ job, signal }) => {
      seen.push(job.dagId);
      if (job.dagId === 'old') await Promise.race([ends.opened, untilAborted(signal)]);
      return job.dagId;
    });
    const done = fake.dispatch(ID, { dagId: 'done' });
    await fake.until(() => fake.terminals(done).length === 1);
    const token = fake.dispatch(ID, { dagId: 'old' });
    await fake.until(() => fake.callbacks.some((one) => one.type === 'ack' && one.token === token));
    fake.failOnce('/register', 409, { code: 'other-history', detail: 'it began anew' });
    fake.history = 'b'.repeat(64);
    fake.breakStream(ID);
    await fake.until(() => fake.registrations.length === 2 && fake.isConnected(ID));
    expect(fake.registrations[1]).toMatchObject({ held: [] });
    expect(fake.registrations[1]).not.toHaveProperty('history');
    fake.dispatch(ID, { dagId: 'new', token: done });
    fake.dispatch(ID, { dagId: 'new', token });
    await fake.until(() => fake.terminals(done).length === 2 && fake.terminals(token).length === 1);
    // What the old attempt came to is told to nobody.
    expect(fake.terminals(token)).toMatchObject([{ type: 'complete', output: 'new' }]);
    expect(seen).toEqual(['done', 'old', 'new', 'new']);
    expect(running.executors[0]?.stats()).toMatchObject({ completed: 3, failed: 0, running: 0 });
  });

  it('may have any number of others beside it in its process: streams take no connection away from calls', async ({
    fake,
  }) => {
    const ids = Array.from({ length: 80 }, (_, i) => `e-${i}`);
    const executors = ids.map((id) => ({ id, class: 'test', slots: 1, run: () => id }));
    const running = await runExecutors({ url: fake.url, executors, handleSignals: false, log: quietLog() });
    for (const id of ids) fake.dispatch(id);
    await fake.until(() => fake.terminals().length === ids.length);
    await running.close(0);
    expect(fake.deregistered.sort()).toEqual(ids.sort());
  });

  it('is refused for good when what it asks is wrong', async ({ fake }) => {
    const problems = [{ code: 'invalid-value', path: '/slots', detail: 'no' }];
    fake.failOnce('/register', 422, { code: 'invalid-value', detail: 'slots', problems });
    const run = runExecutors({
      url: fake.url,
      executors: [{ class: 'test', slots: 1, run: () => null }],
      handleSignals: false,
      log: quietLog(),
    });
    await expect(run).rejects.toMatchObject({ code: 'invalid-value', status: 422, problems });
  });

  it('takes a message that comes in pieces, in UTF-8 cut through a character', async ({ fake }) => {
    await startExecutor(fake, (_ctx, input) => input.name);
    const token = fake.dispatch(ID, { job: 'warm' });
    await fake.until(() => fake.terminals(token).length === 1);
    const line = Buffer.from(
      `${JSON.stringify({ type: 'dispatch', token: 't-2', tenant: 'default', dagId: 'd', job: 'j', child: null, childCount: null, attempt: 1, class: 'test', slots: 1, timeoutMs: null, inputs: { name: 'größer' } })}\n`,
    );
    const cut = line.indexOf('ö') + 1;
    fake.sendText(ID, line.subarray(0, cut) as never);
    await new Promise(setImmediate);
    fake.sendText(ID, line.subarray(cut) as never);
    await fake.until(() => fake.terminals('t-2').length === 1);
    expect(fake.terminals('t-2')[0]?.output).toBe('größer');
  });
});

describe('a stop', () => {
  it('aborts the attempt, whose end is reported as given back', async ({ fake }) => {
    await startExecutor(fake, ({ signal }) => untilAborted(signal));
    const token = fake.dispatch(ID);
    await fake.until(() => fake.callbacks.length === 1);
    fake.send(ID, { type: 'stop', token });
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'return', reason: 'the fabric asked to stop this attempt' });
  });

  it('keeps the slot taken until the work has really ended', async ({ fake }) => {
    const ends = gate();
    const started: string[] = [];
    await startExecutor(
      fake,
      async ({ job, signal }) => {
        started.push(job.job);
        if (job.job === 'deaf') await ends.opened;
        return signal.aborted;
      },
      { slots: 1 },
    );
    const deaf = fake.dispatch(ID, { job: 'deaf' });
    await fake.until(() => fake.callbacks.length === 1);
    fake.send(ID, { type: 'stop', token: deaf });
    const next = fake.dispatch(ID, { job: 'next' });
    fake.send(ID, { type: 'stop', token: 'unknown' });
    await fake.until(() => fake.terminals('unknown').length === 1);
    expect(started).toEqual(['deaf']);
    ends.open();
    await fake.until(() => fake.terminals(next).length === 1);
    expect(fake.terminals(deaf)[0]).toMatchObject({ type: 'complete', output: true });
  });

  it('of an attempt that is not held, or has ended, is answered by giving it back', async ({ fake }) => {
    await startExecutor(fake, () => null);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    const other = fake.dispatch(ID);
    await fake.until(() => fake.terminals(other).length === 1);
    fake.send(ID, { type: 'stop', token });
    fake.send(ID, { type: 'stop', token: 'main.9.9.9.9' });
    await fake.until(() => fake.terminals(token).length === 2 && fake.terminals('main.9.9.9.9').length === 1);
    expect(fake.terminals(token)[1]).toMatchObject({ type: 'return' });
  });

  it('comes also as the refusal of an ack', async ({ fake }) => {
    fake.answer = ({ type }) =>
      type === 'ack' ? { accepted: false, code: 'stale-token', detail: 'over' } : { accepted: true, turn: 1 };
    await startExecutor(fake, ({ signal }) => untilAborted(signal));
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'return' });
  });

  it('of an attempt that waits for a slot gives it back at once', async ({ fake }) => {
    const ends = gate();
    await startExecutor(fake, () => ends.opened, { slots: 1 });
    const first = fake.dispatch(ID);
    const second = fake.dispatch(ID);
    fake.send(ID, { type: 'stop', token: second });
    await fake.until(() => fake.terminals(second).length === 1);
    expect(fake.terminals(second)[0]).toMatchObject({ type: 'return', reason: 'stopped before it started' });
    ends.open();
    await fake.until(() => fake.terminals(first).length === 1);
  });

  it.each([
    ['registers again when that took so long that its slot was withdrawn', 25_000, 2],
    ['goes on as it was when that was soon enough', 24_000, 1],
  ])('%s', async (_what, tookMs, registrations) => {
    const fake = await startFake();
    let lateMs = 0;
    const machine = { ...systemMachine, nowMs: () => systemMachine.nowMs() + lateMs };
    const [ends, other] = [gate(), gate()];
    await startExecutor(fake, ({ job }) => (job.job === 'deaf' ? ends.opened : other.opened), { machine });
    const token = fake.dispatch(ID, { job: 'deaf' });
    const held = fake.dispatch(ID, { job: 'other' });
    fake.send(ID, { type: 'stop', token });
    const next = fake.dispatch(ID, { job: 'deaf' });
    await fake.until(() => fake.callbacks.filter(({ type }) => type === 'ack').length === 3);
    lateMs = tookMs;
    fake.answer = (callback) =>
      callback.token === token ? { accepted: false, code: 'stale-token', detail: 'over' } : { accepted: true, turn: 1 };
    ends.open();
    await fake.until(() => fake.terminals(token).length === 1 && fake.terminals(next).length === 1);
    await fake.until(() => fake.registrations.length === registrations && fake.isConnected(ID));
    if (registrations === 2) expect(fake.registrations[1]?.held).toContainEqual({ token: held, slots: 1 });
    other.open();
    await fake.until(() => fake.terminals(held).length === 1);
    expect(fake.registrations.length).toBe(registrations);
  });
});
