/** Input that means harm, or looks so: each gets a problem with a stable code, or what it asks for; the fabric goes on. */
import { describe, expect } from 'vitest';
import { isErrorCode } from '../../../src/catalogue/generated/errors.js';
import type { Submission } from '../../../src/client/index.js';
import type { RunningFabric } from '../../../src/main/up.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { type RawAnswer, sendLarge, sendRaw } from '../../support/raw-http.js';
import { clientOf, it } from './setup.js';

const DEPTH = 10_000;
const DEEP = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const DEEP_OBJECT = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;
const HUNDRED_MB = 100 * 1024 * 1024;
const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';

type Send = (fabric: RunningFabric) => Promise<RawAnswer>;

/** Sends a body by an ordinary client. */
function send(method: string, path: string, body: string | Uint8Array, type = JSON_TYPE): Send {
  return async ({ url }) => {
    const init = { method, headers: { 'content-type': type }, body: body as string };
    const response = await fetch(url + path, init);
    return { status: response.status, body: await response.text() };
  };
}

const submit = (dag: unknown): Send =>
  send('POST', '/v1/dags', typeof dag === 'string' || dag instanceof Uint8Array ? dag : JSON.stringify(dag));

const jobs = (...list: readonly object[]) => ({ jobs: list.map((job) => ({ executorClass: 'c', ...job })) });
const job = (fields: string) => `{"jobs":[{"id":"a","executorClass":"c",${fields}}]}`;

const large =
  (path: string, headers: Readonly<Record<string, string>>): Send =>
  ({ url }) =>
    sendLarge(url + path, HUNDRED_MB, headers);
const whole = (type: string) => ({ 'content-type': type, 'content-length': String(HUNDRED_MB) });
const chunked = (type: string) => ({ 'content-type': type, 'transfer-encoding': 'chunked' });

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

const CALLBACKS = '/v1/executors/e/callbacks?incarnation=i';

/** What is sent, and the code that it gets. */
const REFUSED: Readonly<Record<string, readonly [send: Send, code: string]>> = {
  'nested arrays': [submit(DEEP), 'invalid-value'],
  'nested objects': [submit(DEEP_OBJECT), 'missing-field'],
  'a nested input': [submit(job(`"inputs":{"x":{"value":${DEEP}}}`)), 'invalid-value'],
  'a nested condition': [
    submit(job(`"when":${'{"not":'.repeat(DEPTH)}{"job":"a","at":"","op":"exists"}${'}'.repeat(DEPTH)}`)),
    'invalid-value',
  ],
  'nesting without an end': [submit('['.repeat(1_000_000)), 'invalid-json'],
  'a nested registration': [send('POST', '/v1/executors/e/register', DEEP_OBJECT), 'missing-field'],
  'a nested control': [send('POST', '/v1/dags/d/cancel', DEEP_OBJECT), 'unknown-field'],
  'a nested answer to a signal': [send('POST', '/v1/dags/d/signals/s', DEEP), 'invalid-value'],
  'a nested callback': [send('POST', CALLBACKS, `[{"type":"complete","token":"t","output":${DEEP}}]`), 'invalid-value'],
  'no JSON': [submit('{"jobs":'), 'invalid-json'],
  'a NUL': [submit('{"jobs":[]}\u0000'), 'invalid-json'],
  'no UTF-8': [submit(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), 'invalid-json'],
  'a lone surrogate': [submit(job('"group":"\\ud800"')), 'invalid-value'],
  'a number that is none': [submit('{"priority":NaN,"jobs":[]}'), 'invalid-json'],
  'a number beyond doubles': [submit('{"priority":1e999,"jobs":[{"id":"a","executorClass":"c"}]}'), 'invalid-value'],
  'a fraction': [submit(job('"slots":1.5')), 'invalid-value'],
  'a cycle': [submit(jobs({ id: 'a', after: ['b'] }, { id: 'b', after: ['a'] })), 'cycle'],
  'a job after itself': [submit(jobs({ id: 'a', after: ['a'] })), 'self-loop'],
  'an unknown job': [submit(jobs({ id: 'a', after: ['z'] })), 'unknown-job'],
  'a duplicate id': [submit(jobs({ id: 'a' }, { id: 'a' })), 'duplicate-job-id'],
  'no jobs': [submit({ jobs: [] }), 'empty-dag'],
  'too many jobs': [
    submit(`{"jobs":[${Array.from({ length: 100_001 }, (_, i) => `{"id":"${i}","executorClass":"c"}`)}]}`),
    'too-many-jobs',
  ],
  'an unknown field': [submit({ ...jobs({ id: 'a' }), colour: 'blue' }), 'unknown-field'],
  'an unknown field of a job': [submit(jobs({ id: 'a', colour: 'blue' })), 'unknown-field'],
  '__proto__ as a field': [
    submit(`{"__proto__":{"polluted":1},"jobs":[{"id":"a","executorClass":"c"}]}`),
    'unknown-field',
  ],
  '__proto__ as a field of a job': [submit(job('"__proto__":{"polluted":1}')), 'unknown-field'],
  'constructor as a field': [submit(job('"constructor":{"prototype":{"polluted":1}}')), 'unknown-field'],
  '__proto__ as a field of a control': [
    send('POST', '/v1/dags/d/cancel', '{"__proto__":{"polluted":1}}'),
    'unknown-field',
  ],
  '__proto__ as a label': [
    submit('{"labels":{"__proto__":"x"},"jobs":[{"id":"a","executorClass":"c"}]}'),
    'invalid-value',
  ],
  '__proto__ in a query': [send('POST', '/v1/dags/d/cancel?__proto__=x', '{}'), 'unknown-field'],
  '100 MB, a submission': [large('/v1/dags', whole(JSON_TYPE)), 'payload-too-large'],
  '100 MB, submissions': [large('/v1/dags', whole(NDJSON)), 'payload-too-large'],
  '100 MB, a control': [large('/v1/dags/d/cancel', whole(JSON_TYPE)), 'payload-too-large'],
  '100 MB, callbacks': [large(CALLBACKS, chunked(NDJSON)), 'payload-too-large'],
  '100 MB of unknown length': [large('/v1/dags', chunked(JSON_TYPE)), 'payload-too-large'],
  '100 MB to nowhere': [large('/v1/nothing', whole(JSON_TYPE)), 'not-found'],
  'another type': [send('POST', '/v1/dags', '<jobs/>', 'application/xml'), 'unsupported-media-type'],
  'no HTTP': [({ url }) => sendRaw(url, 'HELLO\r\n\r\n'), 'malformed-request'],
  'no host': [({ url }) => sendRaw(url, 'GET /v1/cell HTTP/1.1\r\nConnection: close\r\n\r\n'), 'malformed-request'],
  'two lengths': [
    ({ url }) => sendRaw(url, 'POST /v1/dags HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n'),
    'malformed-request',
  ],
  'endless headers': [
    ({ url }) => sendRaw(url, `GET /v1/cell HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`),
    'headers-too-large',
  ],
  'half an escape': [send('POST', '/v1/dags/%E0%A4%A/cancel', '{}'), 'malformed-request'],
  'an endless name': [send('POST', `/v1/dags/${'x'.repeat(5_000)}/cancel`, '{}'), 'invalid-value'],
  'an unknown method': [
    ({ url }) => sendRaw(url, 'QUERY /v1/cell HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    'method-not-allowed',
  ],
  'no number in a query': [({ url }) => sendRaw(url, get('/v1/dags?acceptedFrom=')), 'invalid-value'],
  'a hexadecimal number in a query': [({ url }) => sendRaw(url, get('/v1/dags?limit=0x10')), 'invalid-value'],
  'a limit beyond all bounds': [
    send('PUT', '/v1/cell/limits', '{"retainTerminalMs":9007199254740991}'),
    'invalid-value',
  ],
  'a clock in a million years': [send('PUT', '/v1/cell/clock', '{"clockAtMs":9007199254740991}'), 'invalid-clock'],
};

describe('a hostile sender', () => {
  it('gets a problem with a stable code for each of these, and the fabric goes on', async ({ fabric }) => {
    const codes: Record<string, unknown> = {};
    for (const [what, [give]] of Object.entries(REFUSED)) {
      const { status, body } = await give(fabric);
      const problem = JSON.parse(body) as { readonly code: string };
      codes[what] = problem.code;
      expect(problem, what).toMatchObject({ type: `/errors/${problem.code}`, status });
      expect(isErrorCode(problem.code), what).toBe(true);
      expect(Math.floor(status / 100), what).toBe(4);
    }
    expect(codes).toEqual(Object.fromEntries(Object.entries(REFUSED).map(([what, [, code]]) => [what, code])));
    await expectToWork(fabric, { jobs: [{ id: 'a', executorClass: 'c' }] });
  });

  it('gets a line for each line, whatever the others are', async ({ fabric }) => {
    const lines = [JSON.stringify({ id: 'good', ...jobs({ id: 'a' }) }), DEEP, '{"__proto__":1}', '', 'null', '"x"'];
    const { status, body } = await send('POST', '/v1/dags', lines.join('\n'), NDJSON)(fabric);
    expect(status).toBe(200);
    const answers = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly dagId?: string; readonly problem?: { readonly code: string } });
    expect(answers.map(({ dagId, problem }) => dagId ?? problem?.code)).toEqual([
      'good',
      'invalid-value',
      'missing-field',
      'invalid-value',
      'invalid-value',
    ]);
  });

  it('may call things as it likes: names are names, and what is bytes stays bytes', async ({ fabric }) => {
    const name = '__proto__';
    const output = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}';
    const dag = `{"id":"${name}","name":"${name}","labels":{"constructor":"y"},"jobs":[{"id":"${name}","executorClass":"${name}","inputs":{"constructor":{"value":${output}}}},{"id":"constructor","kind":"noop","after":["${name}"]}]}`;
    expect(await send('POST', `/v1/dags?tenant=${name}`, dag)(fabric)).toMatchObject({ status: 201 });
    const executor = await RawExecutor.start(fabric.url, name, name, 1);
    await expect.poll(() => executor.dispatched.length).toBe(1);
    const [dispatch] = executor.dispatched;
    const line = `{"type":"complete","token":"${dispatch!.token}","output":${output}}\n`;
    const path = `/v1/executors/${name}/callbacks?incarnation=${executor.incarnation}`;
    expect((await send('POST', path, line, NDJSON)(fabric)).body).toContain('"accepted":true');
    const client = clientOf(fabric, name);
    expect((await client.wait(name)).state).toBe('succeeded');
    const read = await fetch(`${fabric.url}/v1/dags/${name}/jobs/${name}/output?tenant=${name}`);
    expect(await read.text()).toBe(output);
    expect(await client.get(name)).toMatchObject({ dagId: name, labels: [{ name: 'constructor', value: 'y' }] });
    expect('polluted' in {}).toBe(false);
  });
});

describe('an idempotency key', () => {
  const keyed = (fabric: RunningFabric, path: string, body = '{}') =>
    fetch(fabric.url + path, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, 'idempotency-key': 'k' },
      body,
    });

  it('brings the first answer again, a refusal too', async ({ fabric }) => {
    const first = await keyed(fabric, '/v1/dags/none/cancel');
    const again = await keyed(fabric, '/v1/dags/none/cancel');
    expect([first.status, again.status]).toEqual([404, 404]);
    expect(await again.json()).toEqual(await first.json());
  });

  it('brings the turn of the first answer again, and nothing is done twice', async ({ fabric }) => {
    await clientOf(fabric).submit({ id: 'd', jobs: [{ id: 'a', executorClass: 'c' }] });
    const first = (await (await keyed(fabric, '/v1/dags/d/pause')).json()) as { turn: number; atMs: number };
    expect(await (await keyed(fabric, '/v1/dags/d/pause')).json()).toEqual({ ...first, duplicate: true });
  });

  it('that was for something else is refused, and what it is for now is not done', async ({ fabric }) => {
    await clientOf(fabric).submit({ id: 'd', jobs: [{ id: 'a', executorClass: 'c' }] });
    expect((await keyed(fabric, '/v1/dags/d/pause')).status).toBe(200);
    const other = await keyed(fabric, '/v1/dags/d/cancel');
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused' });
    expect((await clientOf(fabric).get('d')).state).toBe('open');
  });
});

/** A DAG goes from submission to its end. */
async function expectToWork(fabric: RunningFabric, dag: Submission): Promise<void> {
  const client = clientOf(fabric, 'honest');
  const { dagId } = await client.submit(dag);
  const executor = await RawExecutor.start(fabric.url, 'honest', 'c', 1);
  await expect.poll(() => executor.dispatched.length).toBe(1);
  await executor.complete(executor.dispatched[0]!);
  expect((await client.wait(dagId)).state).toBe('succeeded');
}
