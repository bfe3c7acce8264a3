import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dispatchOf, type GatewayFixture, granted, startGateway } from '../../support/gateway.js';
import { ManualTimers } from '../../support/timers.js';

let gateway: GatewayFixture;
let timers: ManualTimers;
let base: string;

beforeEach(async () => {
  timers = new ManualTimers();
  gateway = await startGateway(timers);
  base = `${gateway.url}/v1/executors/e1`;
  gateway.views.registered.set('e1', { seq: 1, incarnation: 'i1', live: true });
});

afterEach(() => gateway.close());

describe('long polls', () => {
  const poll = async (waitMs: number, max = 100) => {
    const response = await fetch(`${base}/dispatches?incarnation=i1&waitMs=${waitMs}&max=${max}`);
    return ((await response.json()) as { messages: Record<string, unknown>[] }).messages;
  };

  it('answers at once with what there is, each message once, and again only after a while', async () => {
    gateway.views.unacknowledgedOf.set(1, [1, 2, 3]);
    gateway.views.stoppingOf.set(1, [9]);
    gateway.views.holders.set(9, 1);
    expect((await poll(0, 2)).map((one) => one['token'])).toEqual(['main.1.0.1.1', 'main.1.0.1.2']);
    expect(await poll(0)).toMatchObject([{ token: 'main.1.0.1.3' }, { type: 'stop', token: 'main.1.0.1.9' }]);
    expect(await poll(0)).toEqual([]);
    gateway.views.stoppingOf.set(1, [2, 9]);
    gateway.views.holders.set(2, 1);
    expect(await poll(0)).toEqual([{ type: 'stop', token: 'main.1.0.1.2' }]);
    gateway.monotonicMs += 5_000;
    expect(await poll(0)).toHaveLength(5);
  });

  it('looks at no executor but its own, however many there are', async () => {
    const looked = vi.spyOn(gateway.views, 'executors');
    gateway.views.states.set(1, 'draining');
    expect(await poll(0)).toEqual([{ type: 'drain' }]);
    expect(looked).not.toHaveBeenCalled();
  });

  it('gives fewer messages where they are large, at least one, and the rest to the next poll at once', async () => {
    const tokens = Array.from({ length: 40 }, (_, i) => i + 1);
    gateway.views.resolve = (token) => dispatchOf(token, `{"x":"${'x'.repeat(250 * 1024)}"}`);
    gateway.views.unacknowledgedOf.set(1, tokens);
    const polls = [await poll(0), await poll(0), await poll(0), await poll(0)];
    const given = polls.map((messages) => messages.map((one) => one['token']));
    expect(given.flat()).toEqual(tokens.map((token) => dispatchOf(token).token));
    expect(given.map(({ length }) => length)).toEqual([17, 17, 6, 0]);
    gateway.views.resolve = (token) => dispatchOf(token, `{"x":"${'x'.repeat(5 * 1024 * 1024)}"}`);
    gateway.monotonicMs += 5_000;
    expect(await poll(0, 1)).toHaveLength(1);
  });

  it('gives fewer large messages after small ones too: not as many as small ones would be', async () => {
    const small = 200;
    gateway.views.resolve = (token) => dispatchOf(token, `"${'x'.repeat(token <= small ? 10 : 250 * 1024)}"`);
    gateway.views.unacknowledgedOf.set(
      1,
      Array.from({ length: small + 64 }, (_, i) => i + 1),
    );
    expect(await poll(0, 1_000)).toHaveLength(small + 17);
    expect(await poll(0, 1_000)).toHaveLength(17);
  });

  it('gives what one poll had no room for to those that wait beside it', async () => {
    gateway.views.resolve = (token) => dispatchOf(token, `{"x":"${'x'.repeat(250 * 1024)}"}`);
    gateway.views.unacknowledgedOf.set(
      1,
      Array.from({ length: 51 }, (_, i) => i + 1),
    );
    // What one poll has taken is only fetched when all of them have looked.
    let look = (): void => undefined;
    const haveLooked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const dispatches = gateway.views.dispatches.bind(gateway.views);
    gateway.views.dispatches = async (wanted) => {
      if (wanted.length > 0) await haveLooked;
      return dispatches(wanted);
    };
    const polls: Record<string, unknown>[][] = [];
    for (let i = 0; i < 3; i++) void poll(1_000).then((messages) => polls.push(messages));
    await expect.poll(() => timers.delays).toBe(3);
    look();
    await expect.poll(() => polls).toHaveLength(3);
    expect(polls.map(({ length }) => length)).toEqual([17, 17, 17]);
    expect(new Set(polls.flat().map((one) => one['token'])).size).toBe(51);
  });

  it('waits for a message', async () => {
    const waiting = poll(10_000);
    await expect.poll(() => timers.delays).toBeGreaterThan(0);
    gateway.views.unacknowledgedOf.set(1, [4]);
    gateway.outbox.publish(1, granted(4));
    expect(await waiting).toMatchObject([{ type: 'dispatch', token: 'main.1.0.1.4' }]);
  });

  it('gives a message to the poll that waits, not to one before it whose asker has gone', async () => {
    const gone = new AbortController();
    const isSeen = new Promise((resolve) => {
      gateway.app.server.once('request', (_request, response) => response.once('close', resolve));
    });
    const lost = fetch(`${base}/dispatches?incarnation=i1&waitMs=10000`, { signal: gone.signal });
    await expect.poll(() => timers.delays).toBe(1);
    gone.abort();
    await expect(lost).rejects.toThrow();
    await isSeen;
    const waiting = poll(10_000);
    await expect.poll(() => timers.delays).toBe(2);
    gateway.views.unacknowledgedOf.set(1, [4]);
    gateway.outbox.publish(1, granted(4));
    expect(await waiting).toMatchObject([{ type: 'dispatch', token: 'main.1.0.1.4' }]);
  });

  it('answers with nothing when the time is up', async () => {
    const waiting = poll(10_000);
    await expect.poll(() => timers.delays).toBeGreaterThan(0);
    gateway.monotonicMs += 10_000;
    timers.fireDelays();
    expect(await waiting).toEqual([]);
  });

  it('answers when the time is up also where the wall clock was put back meanwhile', async () => {
    const waiting = poll(10_000);
    await expect.poll(() => timers.delays).toBeGreaterThan(0);
    gateway.wallMs -= 3_600_000;
    gateway.monotonicMs += 10_000;
    timers.fireDelays();
    expect(await waiting).toEqual([]);
  });
});
