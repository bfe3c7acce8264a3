import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FabricClient, FabricError } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

let server: ScriptedServer;
let client: FabricClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new FabricClient({ url: server.url, tenant: 'acme', patience: { attempts: 4, baseMs: 1, maxMs: 5 } });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const SUBMITTED = { dagId: 'd-1', dag: 1, turn: 7, atMs: 1, duplicate: false };
const DAG = { name: 'x', jobs: [{ id: 'a', kind: 'noop' as const }] };

describe('submit', () => {
  it('sends the DAG with a key of its own, for its tenant', async () => {
    server.json('POST', /^\/v1\/dags$/, 201, SUBMITTED);
    expect(await client.submit(DAG)).toEqual(SUBMITTED);
    const [request] = server.seen;
    const key = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...DAG, idempotencyKey: key });
    expect(request?.query.get('tenant')).toBe('acme');
  });

  it.each(['ключ', 'Rechnung-ü', 'a\nb', ' a '])(
    'sends the key that it is given as it is: %j',
    async (idempotencyKey) => {
      server.json('POST', /^\/v1\/dags$/, 201, SUBMITTED);
      await client.submit({ ...DAG, idempotencyKey });
      const [request] = server.seen;
      expect(JSON.parse(request?.body ?? '')).toEqual({ ...DAG, idempotencyKey });
      expect(request?.headers['idempotency-key']).toBeUndefined();
    },
  );

  it('sends text as it is, with a key beside it', async () => {
    server.json('POST', /^\/v1\/dags$/, 201, SUBMITTED);
    const text = '{ "jobs": [], "labels": {"n": 12345678901234567890.10} }';
    expect(await client.submitText(text)).toEqual(SUBMITTED);
    const [request] = server.seen;
    expect(request?.body).toBe(text);
    expect(request?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(request?.query.get('tenant')).toBe('acme');
  });

  it('tries again with the same key, as often as its patience goes', async () => {
    server.on('POST', /dags/, (_request, response, count) => {
      if (count === 0) response.destroy();
      else if (count === 1) send(response, 503, { code: 'not-ready', detail: 'no leader' }, { 'retry-after': '0' });
      else send(response, 200, { ...SUBMITTED, duplicate: true });
    });
    expect((await client.submit(DAG)).duplicate).toBe(true);
    const keys = new Set(server.seen.map(({ body }) => JSON.parse(body).idempotencyKey));
    expect(server.seen).toHaveLength(3);
    expect(keys.size).toBe(1);
  });

  it('gives up after its patience, with the last error', async () => {
    server.on('POST', /dags/, (_request, response) =>
      send(response, 429, { code: 'tenant-open-dags', detail: 'too many' }, { 'retry-after': '0' }),
    );
    await expect(client.submit(DAG)).rejects.toMatchObject({ code: 'tenant-open-dags', status: 429, retryAfterMs: 0 });
    expect(server.seen).toHaveLength(4);
  });

  it('keeps what Retry-After asks for', async () => {
    server.on('POST', /dags/, (_request, response, count) => {
      if (count === 0) send(response, 503, { code: 'not-ready', detail: 'starting' }, { 'retry-after': '1' });
      else send(response, 201, SUBMITTED);
    });
    const waited: number[] = [];
    const patient = new FabricClient({
      url: server.url,
      machine: {
        nowMs: () => 0,
        after: (ms, callback) => {
          waited.push(ms);
          setImmediate(callback);
          return () => undefined;
        },
        soon: setImmediate,
        random: () => 0.5,
        uuid: () => 'u-1',
        processName: () => 'p',
      },
    });
    await patient.submit(DAG);
    await patient.close();
    expect(waited).toEqual([1_050]);
  });

  it('gives a refusal with everything that is wrong, at once', async () => {
    const problems = [{ code: 'cycle', path: '/jobs/0', detail: 'a -> b -> a' }];
    server.json('POST', /dags/, 422, {
      code: 'cycle',
      title: 'Dependency cycle',
      detail: 'a circle',
      problems,
      turn: 9,
    });
    const error = await client.submit(DAG).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FabricError);
    expect(error).toMatchObject({
      code: 'cycle',
      status: 422,
      message: 'cycle: a circle',
      problems,
      turn: 9,
      retryable: false,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('says unreachable when nobody listens', async () => {
    const lonely = new FabricClient({ url: 'http://127.0.0.1:1', patience: { attempts: 2, baseMs: 1, maxMs: 1 } });
    await expect(lonely.get('d')).rejects.toMatchObject({ code: 'unreachable', status: 0 });
    await lonely.close();
  });

  it('gives the text of an answer that is none of the fabric', async () => {
    server.on('GET', /dags/, (_request, response) => send(response, 418, 'I am a teapot'));
    await expect(client.get('d')).rejects.toMatchObject({ code: 'http-418', message: 'http-418: I am a teapot' });
  });

  it('ends when it is aborted', async () => {
    server.on('POST', /dags/, () => undefined);
    const abort = new AbortController();
    const submitting = client.submit(DAG, abort.signal);
    setImmediate(() => abort.abort());
    await expect(submitting).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('submitMany', () => {
  it('answers each in its place, and sends again only what could not be taken', async () => {
    server.on('POST', /dags/, (request, response) => {
      const lines = request.body.trim().split('\n');
      const answers = lines.map((line) => {
        const { id, idempotencyKey } = JSON.parse(line);
        expect(idempotencyKey).toBeTruthy();
        if (id === 'bad') return { problem: { code: 'cycle', status: 422, detail: 'no', problems: [] } };
        const full = id === 'late' && server.seen.length === 1;
        if (full) return { problem: { code: 'inbox-full', status: 503, detail: 'full', retryAfterMs: 1 } };
        return { ...SUBMITTED, dagId: id };
      });
      send(response, 200, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
    });
    const dags = ['a', 'bad', 'late', 'z'].map((id) => ({ ...DAG, id }));
    const outcomes = await client.submitMany(dags);
    expect(outcomes.map((outcome) => ('problem' in outcome ? outcome.problem.code : outcome.dagId))).toEqual([
      'a',
      'cycle',
      'late',
      'z',
    ]);
    expect(server.seen.map(({ body }) => body.trim().split('\n').length)).toEqual([4, 1]);
    expect(server.seen[0]?.headers['content-type']).toBe('application/x-ndjson');
  });

  it('cuts many into requests of a thousand', async () => {
    server.on('POST', /dags/, (request, response) => {
      const lines = request.body.trim().split('\n');
      send(
        response,
        200,
        lines.map((line) => `${JSON.stringify({ ...SUBMITTED, dagId: JSON.parse(line).id })}\n`).join(''),
      );
    });
    const outcomes = await client.submitMany(Array.from({ length: 2_500 }, (_, i) => ({ ...DAG, id: `d${i}` })));
    expect(outcomes).toHaveLength(2_500);
    expect(outcomes.every((outcome, i) => 'dagId' in outcome && outcome.dagId === `d${i}`)).toBe(true);
    expect(server.seen).toHaveLength(3);
  });
});

describe('submitMany that fails half-way', () => {
  const DAGS = Array.from({ length: 2_500 }, (_, i) => ({ ...DAG, id: `d${i}` }));
  const answered = (body: string) =>
    body
      .trim()
      .split('\n')
      .map((line) => `${JSON.stringify({ ...SUBMITTED, dagId: JSON.parse(line).id })}\n`)
      .join('');

  it.each([
    ['a connection that breaks', 'unreachable', (response: ServerResponse) => response.destroy()],
    ['a refusal of the whole request', 'http-403', (response: ServerResponse) => send(response, 403, '<html>no')],
    ['a page of a proxy', 'bad-answer', (response: ServerResponse) => send(response, 200, '<html>no')],
    ['lines that are no answers', 'bad-answer', (response: ServerResponse) => send(response, 200, '5\n'.repeat(1_000))],
    ['an abort', 'aborted', (_response: ServerResponse, abort: AbortController) => abort.abort()],
  ])('for %s gives what was answered, and of the rest why it was not, with its key', async (_what, code, fail) => {
    const abort = new AbortController();
    server.on('POST', /dags/, (request, response, count) =>
      count === 0 ? send(response, 200, answered(request.body)) : fail(response, abort),
    );
    const outcomes = await client.submitMany(DAGS, abort.signal);
    expect(outcomes).toHaveLength(2_500);
    expect(outcomes.slice(0, 1_000).every((outcome, i) => 'dagId' in outcome && outcome.dagId === `d${i}`)).toBe(true);
    const rest = outcomes.slice(1_000).map((one) => ('problem' in one ? one : expect.fail('it has no problem')));
    expect(new Set(rest.map(({ problem }) => problem.code))).toEqual(new Set([code]));
    const sent = server.seen[1]?.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).idempotencyKey);
    expect(rest.slice(0, 1_000).map(({ idempotencyKey }) => idempotencyKey)).toEqual(sent);
    expect(new Set(rest.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1_500);
  });

  it('rejects with what the submissions throw', async () => {
    function* dags() {
      yield DAG;
      throw new RangeError('no more');
    }
    await expect(client.submitMany(dags())).rejects.toThrow('no more');
  });
});

describe('reads', () => {
  it('follows the redirect of a large output to its blob, and checks the digest', async () => {
    const json = '{"large":1}';
    const sha256 = createHash('sha256').update(json).digest('hex');
    server.on('GET', /output$/, (_request, response) => send(response, 307, '', { location: `/v1/blobs/${sha256}` }));
    server.on('GET', /blobs/, (_request, response) => send(response, 200, json));
    expect(await client.output('d/1', 'a[3]')).toEqual({ large: 1 });
    expect(server.seen[0]?.path).toBe('/v1/dags/d%2F1/jobs/a%5B3%5D/output');
  });

  it('gives an output as it is', async () => {
    server.on('GET', /output$/, (_request, response) => send(response, 200, '{"a":[1]}'));
    expect(await client.output('d', 'a')).toEqual({ a: [1] });
  });

  it.each([
    ['text', 'Seite \u00e9ins'],
    ['bytes', Buffer.from('Seite \u00e9ins')],
  ])('says by what bytes a blob of %s is whole', async (_what, content) => {
    server.on('PUT', /blobs$/, (_request, response) => send(response, 201, { uri: 'u', sha256: 's', bytes: 1 }));
    await client.blobs.put(content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(server.seen[0]?.headers['marie-sha256']).toBe(sha256);
  });

  it('refuses a blob with other bytes than its name says', async () => {
    server.on('GET', /blobs/, (_request, response) => send(response, 200, 'other'));
    await expect(client.blobs.get(`blob:sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'blob-damaged' });
    await expect(client.blobs.get('file:///etc/passwd')).rejects.toMatchObject({ code: 'not-a-blob' });
  });

  it('asks for names with half a surrogate pair as for ones that nothing has', async () => {
    server.json('GET', /^\/v1\/dags\//, 404, { code: 'unknown-dag', detail: 'no such DAG' });
    await expect(client.get('a\ud800')).rejects.toMatchObject({ code: 'unknown-dag', status: 404 });
    await expect(client.job('\udc00', 'b\ud800c')).rejects.toMatchObject({ code: 'unknown-dag', status: 404 });
    const [dag, job] = server.seen;
    expect(dag?.path).toBe('/v1/dags/a%EF%BF%BD');
    expect(job?.path).toBe('/v1/dags/%EF%BF%BD/jobs/b%EF%BF%BDc');
  });

  it('pages through children', async () => {
    server.on('GET', /children$/, (request, response) => {
      const from = Number(request.query.get('from'));
      const limit = Number(request.query.get('limit'));
      const indexes = Array.from({ length: 1_500 }, (_, index) => index).slice(from, from + limit);
      send(
        response,
        200,
        indexes.map((index) => `{"index":${index},"state":"succeeded","output":${index}}\n`).join(''),
      );
    });
    const indexes: number[] = [];
    for await (const { index } of client.children('d', 'page')) indexes.push(index);
    expect(indexes).toEqual(Array.from({ length: 1_500 }, (_, index) => index));
    const some: number[] = [];
    for await (const { index } of client.children('d', 'page', { from: 10, limit: 3 })) some.push(index);
    expect(some).toEqual([10, 11, 12]);
  });

  it('asks again for children of which a proxy passes on fewer than the fabric had', async () => {
    const line = (index: number) => `{"index":${index},"state":"succeeded","output":${index}}\n`;
    server.on('GET', /children$/, (_request, response, count) => {
      send(response, 200, [0, 1, 2].slice(0, count).map(line).join(''), { 'marie-children': '3' });
    });
    const indexes: number[] = [];
    for await (const { index } of client.children('d', 'page')) indexes.push(index);
    expect(indexes).toEqual([0, 1, 2]);
    expect(server.seen).toHaveLength(4);
  });
});

describe('controls and operations', () => {
  const done = { turn: 1, atMs: 1, duplicate: false };
  it.each([
    ['cancel', () => client.controls.cancel('d', 'why'), 'POST /v1/dags/d/cancel', { reason: 'why' }],
    ['pause', () => client.controls.pause('d'), 'POST /v1/dags/d/pause', {}],
    ['resume', () => client.controls.resume('d'), 'POST /v1/dags/d/resume', {}],
    ['retry', () => client.controls.retry('d'), 'POST /v1/dags/d/retry', {}],
    ['reprioritize', () => client.controls.reprioritize('d', 5), 'POST /v1/dags/d/reprioritize', { priority: 5 }],
    [
      'deadline',
      () => client.controls.setDeadline('d', { deadlineAtMs: 5 }),
      'POST /v1/dags/d/set-deadline',
      { deadlineAtMs: 5 },
    ],
    ['cancelJob', () => client.controls.cancelJob('d', 'a[1]'), 'POST /v1/dags/d/jobs/a%5B1%5D/cancel', { reason: '' }],
    ['retryJob', () => client.controls.retryJob('d', 'a'), 'POST /v1/dags/d/jobs/a/retry', {}],
    ['signal', () => client.controls.signal('d', 'ok', { yes: true }), 'POST /v1/dags/d/signals/ok', { yes: true }],
    ['cordon', () => client.operations.cordon('e 1'), 'POST /v1/executors/e%201/cordon', {}],
    ['uncordon', () => client.operations.uncordon('e'), 'POST /v1/executors/e/uncordon', {}],
    ['drain', () => client.operations.drain('e'), 'POST /v1/executors/e/drain', {}],
    [
      'class limits',
      () => client.operations.setClassLimits('g', 'ocr', { maxSlots: 2 }),
      'PUT /v1/classes/g/ocr/limits',
      { maxSlots: 2 },
    ],
    [
      'tenant limits',
      () => client.operations.setTenantLimits('t', { weight: 2 }),
      'PUT /v1/tenants/t/limits',
      { weight: 2 },
    ],
    ['cell limits', () => client.operations.setCellLimits({ knownJobs: 9 }), 'PUT /v1/cell/limits', { knownJobs: 9 }],
    ['policy', () => client.operations.setPolicy('fifo@1'), 'PUT /v1/policy', { policy: 'fifo@1' }],
  ])('%s', async (_name, call, place, body) => {
    server.on('POST', /./, (_request, response) => send(response, 200, done));
    server.on('PUT', /./, (_request, response) => send(response, 200, done));
    expect(await call()).toEqual(done);
    const [request] = server.seen;
    expect(`${request?.method} ${request?.path}`).toBe(place);
    expect(JSON.parse(request?.body ?? '')).toEqual(body);
    expect(request?.headers['idempotency-key']).toBeTruthy();
  });
});
