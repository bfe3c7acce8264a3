import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { PING_MS } from '../../../src/edge/limits.js';
import { NotReady } from '../../../src/inbox/port.js';
import {
  dispatchOf,
  type GatewayFixture,
  granted,
  lines,
  post,
  StreamReader,
  startGateway,
} from '../../support/gateway.js';
import { registration } from '../../support/registrations.js';
import { ManualTimers } from '../../support/timers.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const TOKEN = 'main.1.0.1.5';

/** How long a stream stays that is not read: the sockets notice within twice as much. */
const STALL_MS = 2_000;

let gateway: GatewayFixture;
let timers: ManualTimers;
let base: string;

beforeEach(async () => {
  timers = new ManualTimers();
  gateway = await startGateway(timers, { streamStallMs: STALL_MS });
  base = `${gateway.url}/v1/executors/e1`;
  gateway.views.registered.set('e1', { seq: 1, incarnation: 'i1', live: true });
});

afterEach(() => gateway.close());

async function open(incarnation = 'i1'): Promise<StreamReader> {
  const response = await fetch(`${base}/dispatches?incarnation=${incarnation}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  return new StreamReader(response);
}

describe('register', () => {
  const body = { incarnation: 'i2', class: 'ocr', slots: 4 };

  it('takes more leases than there are slots: of some the end may not have been answered', async () => {
    const held = Array.from({ length: 8_192 }, (_, index) => ({ token: `main.1.0.1.${index + 1}`, slots: 1 }));
    expect((await post(`${base}/register`, { ...body, slots: 4_096, held })).status).toBe(200);
    const more = await post(`${base}/register`, { ...body, held: [...held, { token: TOKEN, slots: 1 }] });
    expect(await more.json()).toMatchObject({ code: 'invalid-value', problems: [{ path: '/held' }] });
  });

  it('answers with the session', async () => {
    const session = { executor: 9, class: 1, session: 1, untilMs: 1, resumed: false };
    gateway.inbox.decide = () => [{ code: Code.ExecutorRegistered, cause: 0, body: session }];
    const held = [{ token: TOKEN, slots: 2 }];
    const response = await post(`${base}/register`, { ...body, labels: { b: '1', a: '2' }, held, sessionMs: 8_000 });
    expect(await response.json()).toEqual({
      executor: 9,
      sessionMs: 8_000,
      heartbeatMs: 2_000,
      turn: 1,
      history: null,
      reign: null,
    });
    expect(gateway.inbox.inputs[0]?.body).toEqual({
      executor: 'e1',
      incarnation: 'i2',
      group: 'default',
      executorClass: 'ocr',
      slots: 4,
      labels: [
        { name: 'a', value: '2' },
        { name: 'b', value: '1' },
      ],
      sessionMs: 8_000,
      held: [{ lease: { dag: 1, job: 0, attempt: 1, token: 5 }, slots: 2 }],
    });
  });

  it('refuses what it does not know, with all places', async () => {
    const response = await post(`${base}/register`, { ...body, slots: -1, colour: 'red' });
    expect(response.status).toBe(422);
    const { problems } = (await response.json()) as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path).sort()).toEqual(['/colour', '/slots']);
  });

  it('refuses a label that it would pass over', async () => {
    const response = await post(
      `${base}/register`,
      JSON.stringify({ ...body, labels: { a: '1' } }).replace('"a"', '"__proto__"'),
    );
    expect(await response.json()).toMatchObject({ code: 'invalid-value', problems: [{ path: '/labels/__proto__' }] });
    expect(gateway.inbox.inputs).toEqual([]);
  });

  it('refuses a held token of another cell', async () => {
    const response = await post(`${base}/register`, { ...body, held: [{ token: 'other.1.0.1.5', slots: 1 }] });
    expect(await response.json()).toMatchObject({ problems: [{ path: '/held/0/token' }] });
  });
});

describe('callbacks', () => {
  const send = (text: string, headers = NDJSON) => post(`${base}/callbacks?incarnation=i1`, text, headers);
  const bodies = () => gateway.inbox.inputs.map(({ code, body }) => [code, body]);
  const lease = { dag: 1, job: 0, attempt: 1, token: 5 };

  it('takes every kind, keeps outputs as they were sent, and answers line by line', async () => {
    const response = await send(
      [
        '{"type":"heartbeat"}',
        `{"type":"ack","token":"${TOKEN}"}`,
        `{"type":"progress","token":"${TOKEN}","permille":500,"message":"half"}`,
        `{"type":"complete","token":"${TOKEN}","output": {"n":1.50, "s":"}\\""} ,"unitsUsed":3}`,
        `{"type":"complete","token":"${TOKEN}","blob":{"uri":"blob:sha256:x","sha256":"${'ab'.repeat(32)}","bytes":9}}`,
        `{"type":"fail","token":"${TOKEN}","code":"oom","message":"no room","retryable":false}`,
        `{"type":"return","token":"${TOKEN}","reason":"drained"}`,
      ].join('\n'),
    );
    expect(await lines(response)).toEqual(Array.from({ length: 7 }, () => ({ accepted: true, turn: 1 })));
    expect(bodies()).toEqual([
      [Code.Heartbeat, { executor: 'e1', incarnation: 'i1' }],
      [Code.AcknowledgeDispatch, { lease }],
      [Code.ReportProgress, { lease, permille: 500, message: 'half' }],
      [Code.CompleteJob, { lease, output: Buffer.from('{"n":1.50, "s":"}\\""}'), blob: null, unitsUsed: 3 }],
      [
        Code.CompleteJob,
        {
          lease,
          output: null,
          blob: { uri: 'blob:sha256:x', sha256: Buffer.alloc(32, 0xab), bytes: 9 },
          unitsUsed: null,
        },
      ],
      [Code.FailJob, { lease, code: 'oom', message: 'no room', retryable: false, unitsUsed: null }],
      [Code.ReturnJob, { lease, reason: 'drained', unitsUsed: null }],
    ]);
  });

  it('takes a JSON array too', async () => {
    const json = { 'content-type': 'application/json' };
    const response = await send(
      `[ {"type":"ack","token":"${TOKEN}"}, {"type":"complete","token":"${TOKEN}","output":1.0} ]`,
      json,
    );
    expect(await lines(response)).toHaveLength(2);
    expect(gateway.inbox.inputs[1]?.body).toMatchObject({ output: Buffer.from('1.0') });
  });

  it('refuses lines one by one', async () => {
    const stale = {
      code: 'stale-token',
      dag: 1,
      problems: [{ code: 'stale-token', path: '', detail: 'lease is over' }],
    };
    gateway.inbox.decide = (_input, index) => (index === 1 ? [{ code: Code.InputRefused, cause: 0, body: stale }] : []);
    const response = await send(
      [
        `{"type":"ack","token":"${TOKEN}"}`,
        '{"type":"ack"',
        '{"type":"sing","token":"x"}',
        `{"type":"complete","token":"other.1.0.1.5","output":1}`,
        `{"type":"ack","token":"${TOKEN}","__proto__":{"x":1}}`,
        `{"type":"complete","token":"${TOKEN}","output":"${'x'.repeat(256 * 1024)}"}`,
        `{"type":"complete","token":"${TOKEN}","output":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
        `{"type":"complete","token":"${TOKEN}","output":1}`,
      ].join('\n'),
    );
    expect(await lines(response)).toMatchObject([
      { accepted: true, turn: 1 },
      { accepted: false, code: 'invalid-json' },
      { accepted: false, code: 'invalid-value' },
      { accepted: false, code: 'stale-token' },
      { accepted: false, code: 'unknown-field' },
      { accepted: false, code: 'payload-too-large' },
      { accepted: false, code: 'invalid-value' },
      { accepted: false, code: 'stale-token', detail: 'lease is over', turn: 1 },
    ]);
    expect(gateway.inbox.inputs).toHaveLength(2);
  });

  it('answers a repeat of the accepted callback as accepted', async () => {
    const body = { code: 'already-accepted', dag: 1, turn: -1, atMs: -1, refused: null };
    gateway.inbox.decide = () => [{ code: Code.DuplicateInput, cause: 0, body }];
    const response = await send(`{"type":"complete","token":"${TOKEN}","output":1}`);
    expect(await lines(response)).toEqual([{ accepted: true, turn: 1 }]);
  });

  it('drops a heartbeat that repeats another of its process within a tenth of the session', async () => {
    gateway.outbox.publish(4, registration('i1'));
    const beat = async () => (await lines(await send('{"type":"heartbeat"}')))[0];
    expect(await beat()).toEqual({ accepted: true, turn: 1 });
    gateway.monotonicMs += 999;
    expect(await beat()).toEqual({ accepted: true, turn: 4 });
    expect(gateway.inbox.inputs).toHaveLength(1);
    await post(`${base}/callbacks?incarnation=i0`, '{"type":"heartbeat"}', NDJSON);
    expect(gateway.inbox.inputs).toHaveLength(2);
    gateway.monotonicMs += 1;
    await beat();
    expect(gateway.inbox.inputs).toHaveLength(3);
  });

  it('passes a heartbeat on whose first try nobody has taken', async () => {
    gateway.outbox.publish(4, registration('i1'));
    gateway.inbox.decide = () => new NotReady('no leader');
    expect((await send('{"type":"heartbeat"}')).status).toBe(503);
    expect((await send('{"type":"heartbeat"}')).status).toBe(503);
    gateway.inbox.decide = () => undefined;
    expect(await lines(await send('{"type":"heartbeat"}'))).toEqual([{ accepted: true, turn: 3 }]);
  });

  it('answers by its status when the inbox took nothing', async () => {
    gateway.inbox.decide = () => new NotReady('no leader');
    const response = await send(`{"type":"ack","token":"${TOKEN}"}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });
});

describe('a drain', () => {
  it('that a process says of itself names it, whoever has its id by the time that is decided', async () => {
    await post(`${base}/drain`, { incarnation: 'i0' });
    expect(gateway.inbox.inputs[0]).toMatchObject({
      code: Code.DrainExecutor,
      body: { executor: 'e1', incarnation: 'i0' },
    });
  });

  it.each([[undefined], [{}]])('that an operator says is for whoever has the id: %j', async (body) => {
    await post(`${base}/drain`, body);
    expect(gateway.inbox.inputs[0]?.body).toEqual({ executor: 'e1', incarnation: null });
  });
});

describe('the dispatch stream', () => {
  it('begins with what is not acknowledged and what should stop, then goes on live', async () => {
    gateway.views.unacknowledgedOf.set(1, [3, 4]);
    gateway.views.stoppingOf.set(1, [2]);
    gateway.views.holders.set(2, 1);
    gateway.views.states.set(1, 'draining');
    const stream = await open();
    expect(await stream.json()).toMatchObject({ type: 'dispatch', token: 'main.1.0.1.3', job: 'split', inputs: {} });
    expect(await stream.json()).toMatchObject({ type: 'dispatch', token: 'main.1.0.1.4' });
    expect(await stream.json()).toEqual({ type: 'stop', token: 'main.1.0.1.2' });
    expect(await stream.json()).toEqual({ type: 'drain' });
    gateway.views.holders.set(6, 1);
    gateway.outbox.publish(1, [
      ...granted(5, 2),
      ...granted(6),
      { code: Code.SlotReclaiming, cause: -1, body: { token: 6 } },
      { code: Code.ExecutorDrained, cause: 0, body: { executor: 1 } },
    ]);
    expect(await stream.json()).toMatchObject({ type: 'dispatch', token: 'main.1.0.1.6' });
    expect(await stream.json()).toEqual({ type: 'stop', token: 'main.1.0.1.6' });
    expect(await stream.json()).toEqual({ type: 'drain' });
    await stream.cancel();
  });

  it('shows nothing before its turn is accepted, and nothing twice', async () => {
    gateway.views.turn = 2;
    gateway.views.unacknowledgedOf.set(1, [3, 4]);
    const response = await fetch(`${base}/dispatches?incarnation=i1`);
    const stream = new StreamReader(response);
    const first = stream.json();
    gateway.outbox.publish(1, granted(3));
    expect(await Promise.race([first, new Promise((resolve) => setImmediate(() => resolve('nothing')))])).toBe(
      'nothing',
    );
    gateway.outbox.publish(2, granted(4));
    gateway.outbox.publish(3, granted(5));
    const tokens = [await first, await stream.json(), await stream.json()].map((line) => line?.['token']);
    expect(tokens).toEqual(['main.1.0.1.3', 'main.1.0.1.4', 'main.1.0.1.5']);
    await stream.cancel();
  });

  it('passes over leases that are over, and embeds inputs and items as they are', async () => {
    gateway.views.over.add(7);
    const item = { job: 'ocr[2]', child: 2, childCount: 3, itemJson: '{"p": 1.0}' };
    gateway.views.resolve = (token) => ({ ...dispatchOf(token, '{"a":{"b": 1e400}}'), ...item });
    const stream = await open();
    gateway.outbox.publish(1, [...granted(7), ...granted(8)]);
    const line = await stream.next();
    expect(line).toContain('"token":"main.1.0.1.8"');
    expect(line).toContain('"job":"ocr[2]","child":2,"childCount":3');
    expect(line).toContain('"inputs":{"a":{"b": 1e400}},"item":{"p": 1.0}}');
    await stream.cancel();
  });

  it('survives far more dispatches than one write, in their order', async () => {
    const inputs = JSON.stringify({ text: 'x'.repeat(20_000) });
    gateway.views.resolve = (token) => dispatchOf(token, inputs);
    const stream = await open();
    const tokens = Array.from({ length: 600 }, (_, i) => i + 1);
    gateway.outbox.publish(
      1,
      tokens.flatMap((token) => granted(token)),
    );
    for (const token of tokens) expect(await stream.json()).toMatchObject({ token: `main.1.0.1.${token}` });
    await stream.cancel();
  });

  it('cuts a stream off that is not read, and gives its leases again', async () => {
    const inputs = JSON.stringify({ text: 'x'.repeat(200_000) });
    gateway.views.resolve = (token) => dispatchOf(token, inputs);
    const stream = await open();
    gateway.outbox.publish(1, Array.from({ length: 300 }, (_, i) => granted(i + 1)).flat());
    await expect.poll(async () => (await fetch(`${gateway.url}/metrics`)).text()).toContain('marie_dispatch_streams 0');
    await expect(
      (async () => {
        while ((await stream.next()) !== null);
      })(),
    ).rejects.toThrow();
    gateway.views.unacknowledgedOf.set(1, [1]);
    const again = await open();
    expect(await again.json()).toMatchObject({ token: 'main.1.0.1.1' });
    await again.cancel();
  });

  it('gives signs of life', async () => {
    const stream = await open();
    gateway.outbox.publish(1, granted(1));
    expect(await stream.json()).toMatchObject({ type: 'dispatch' });
    timers.firePeriod(PING_MS);
    timers.firePeriod(PING_MS);
    expect(await stream.json()).toEqual({ type: 'ping' });
    await stream.cancel();
  });

  it('says when the executor was replaced or lost, and ends', async () => {
    const replaced = await open();
    gateway.views.registered.set('e1', { seq: 1, incarnation: 'i2', live: true });
    gateway.outbox.publish(1, registration('i2'));
    expect(await replaced.json()).toEqual({ type: 'gone', code: 'stale-incarnation' });
    expect(await replaced.json()).toBeNull();
    const lost = await open('i2');
    gateway.outbox.publish(2, [{ code: Code.ExecutorLost, cause: -1, body: { executor: 1 } }]);
    expect(await lost.json()).toEqual({ type: 'gone', code: 'unknown-executor' });
    const ended = await open('i2');
    gateway.outbox.publish(3, [
      registration('i3')[0],
      { code: Code.ExecutorDeregistered, cause: 0, body: { executor: 1 } },
    ]);
    expect(await ended.json()).toEqual({ type: 'gone', code: 'stale-incarnation' });
    expect(await lost.json()).toBeNull();
  });

  it('of who has registered last goes on, whatever is told meanwhile of those before it', async () => {
    gateway.views.turn = 3;
    gateway.views.registered.set('e1', { seq: 1, incarnation: 'i3', live: true });
    const last = await open('i3');
    gateway.outbox.publish(1, registration('i2'));
    gateway.outbox.publish(2, [{ code: Code.ExecutorLost, cause: -1, body: { executor: 1 } }]);
    gateway.outbox.publish(3, registration('i3'));
    gateway.outbox.publish(4, granted(4));
    expect(await last.json()).toMatchObject({ type: 'dispatch', token: 'main.1.0.1.4' });
    await last.cancel();
  });

  it('ends an earlier stream of the same executor', async () => {
    const first = await open();
    const second = await open();
    expect(await first.next()).toBeNull();
    gateway.outbox.publish(1, granted(1));
    expect(await second.json()).toMatchObject({ type: 'dispatch' });
    await second.cancel();
  });

  it('counts in no histogram of requests how long a stream was open', async () => {
    const first = await open();
    const second = await open();
    expect(await first.next()).toBeNull();
    const { body } = await gateway.app.inject('/metrics');
    expect(body).not.toMatch(/marie_http_request_duration_ms.*dispatches/u);
    await second.cancel();
  });

  it.each([
    ['nobody', 'i1', 404, 'unknown-executor'],
    ['e1', 'i0', 409, 'stale-incarnation'],
    ['e2', 'i1', 404, 'unknown-executor'],
  ])('refuses %s as %s', async (executor, incarnation, status, code) => {
    gateway.views.registered.set('e2', { seq: 2, incarnation: 'i1', live: false });
    gateway.views.turn = 7;
    const response = await fetch(`${gateway.url}/v1/executors/${executor}/dispatches?incarnation=${incarnation}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(code === 'stale-incarnation' ? { code, turn: 7 } : { code });
  });
});

describe('closing', () => {
  it('ends streams and polls', async () => {
    const stream = await open();
    const waiting = fetch(`${base}/dispatches?incarnation=i1&waitMs=10000`);
    await expect.poll(() => timers.delays).toBeGreaterThan(0);
    await gateway.app.close();
    expect(await stream.next()).toBeNull();
    expect(await (await waiting).json()).toEqual({ messages: [] });
    expect(gateway.outbox.listeners).toBe(0);
  });
});
