import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DagView, JobView } from '../../../src/answers/types.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { lines, post, startGateway } from '../../support/gateway.js';
import { cellLimits } from '../../support/kernel/build.js';

const gateway = await startGateway();
beforeEach(() => {
  gateway.inbox.inputs.length = 0;
  gateway.inbox.decide = () => undefined;
  gateway.notReady = null;
});

afterAll(() => gateway.close());

const put = (path: string, body: unknown) =>
  fetch(gateway.url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const DAG: DagView = {
  dagId: 'd/1',
  dag: 1,
  tenant: 'acme',
  name: 'invoices',
  state: 'succeeded',
  paused: false,
  run: 1,
  priority: 0,
  deadlineAtMs: null,
  hardDeadlineAtMs: null,
  risk: 'none',
  labels: [],
  acceptedAtMs: 10,
  startedAtMs: 12,
  endedAtMs: 40,
  code: null,
  jobsTotal: 2,
  jobsLeft: 0,
  turn: 77,
};

const JOB: JobView = {
  job: 'split',
  index: 0,
  parent: null,
  child: null,
  kind: 'executor',
  executorClass: 'splitter',
  state: 'succeeded',
  attempt: 1,
  reason: null,
  permille: 1_000,
  readyAtMs: 11,
  dispatchedAtMs: 12,
  endedAtMs: 30,
  children: null,
};

describe('controls', () => {
  const dag = { tenant: 'acme', dagId: 'd/1' };
  const limits = { openDags: null, activeDags: 5, runnableJobs: null };
  it.each([
    ['cancel', { reason: 'enough' }, Code.CancelDag, { ...dag, reason: 'enough' }],
    ['cancel', undefined, Code.CancelDag, { ...dag, reason: '' }],
    ['pause', undefined, Code.PauseDag, dag],
    ['resume', {}, Code.ResumeDag, dag],
    ['retry', {}, Code.RetryDag, dag],
    ['reprioritize', { priority: -5 }, Code.ReprioritizeDag, { ...dag, priority: -5 }],
    ['set-deadline', { deadlineAtMs: 5 }, Code.SetDeadline, { ...dag, deadlineAtMs: 5, hardDeadlineAtMs: null }],
    ['jobs/ocr%5B3%5D/cancel', {}, Code.CancelJob, { ...dag, job: 'ocr[3]', reason: '' }],
    ['jobs/ocr/retry', {}, Code.RetryJob, { ...dag, job: 'ocr' }],
  ])('POST …/%s', async (path, body, code, input) => {
    const url = `${gateway.url}/v1/dags/d%2F1/${path}?tenant=acme`;
    const response = body === undefined ? await fetch(url, { method: 'POST' }) : await post(url, body);
    expect(await response.json()).toEqual({ turn: gateway.inbox.turn, atMs: expect.any(Number), duplicate: false });
    expect(gateway.inbox.inputs).toMatchObject([{ code, body: input }]);
  });

  it.each([
    [
      '/v1/classes/g/ocr/limits',
      { maxSlots: 3 },
      { group: 'g', executorClass: 'ocr', maxSlots: 3, unitCost: 0, shortReserve: null, rates: [] },
    ],
    [
      '/v1/classes/g/llm/limits',
      { rates: [{ per: 'units', add: 5, perMs: 60_000 }] },
      {
        group: 'g',
        executorClass: 'llm',
        maxSlots: null,
        unitCost: 0,
        shortReserve: null,
        rates: [{ per: 'units', add: 5, perMs: 60_000, burst: 5 }],
      },
    ],
    ['/v1/tenants/acme/limits', { weight: 2, activeDags: 5 }, { tenant: 'acme', weight: 2, ...limits }],
    ['/v1/cell/limits', { knownJobs: 9 }, cellLimits({ knownJobs: 9 })],
    ['/v1/policy', { policy: 'fifo@1' }, { policy: 'fifo@1' }],
    ['/v1/cell/clock', { clockAtMs: 5 }, { clockAtMs: 5 }],
  ])('PUT %s', async (path, body, input) => {
    expect((await put(path, body)).status).toBe(200);
    expect(gateway.inbox.inputs[0]?.body).toEqual(input);
  });

  it.each(['cordon', 'uncordon'])('POST /v1/executors/e1/%s', async (what) => {
    const response = await fetch(`${gateway.url}/v1/executors/e1/${what}`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(gateway.inbox.inputs[0]?.body).toEqual({ executor: 'e1' });
  });

  it('takes the Idempotency-Key as the id of the input, and answers a repeat as the first time', async () => {
    const body = { code: 'duplicate-input', dag: -1, turn: 3, atMs: 99, refused: null };
    gateway.inbox.decide = () => [{ code: Code.DuplicateInput, cause: 0, body }];
    const response = await post(
      `${gateway.url}/v1/dags/x/pause`,
      {},
      { 'idempotency-key': 'k', traceparent: 'nonsense' },
    );
    expect(await response.json()).toEqual({ turn: 3, atMs: 99, duplicate: true });
    expect(gateway.inbox.inputs[0]?.envelope).toMatchObject({ inputId: 'k', traceparent: null });
  });

  it('answers the repeat of a control that was refused as the first time', async () => {
    const refused = { code: 'dag-not-paused', path: '', detail: 'the DAG is not paused' };
    const body = { code: 'duplicate-input', dag: -1, turn: 3, atMs: 99, refused };
    gateway.inbox.decide = () => [{ code: Code.DuplicateInput, cause: 0, body }];
    const response = await post(`${gateway.url}/v1/dags/x/resume`, {}, { 'idempotency-key': 'k' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'dag-not-paused', detail: refused.detail, turn: 3 });
  });

  it('keeps the answer to a signal as it was sent', async () => {
    const response = await post(`${gateway.url}/v1/dags/d/signals/approve?tenant=acme`, ' {"ok": 1.0}\n');
    expect(response.status).toBe(200);
    expect(gateway.inbox.inputs[0]?.body).toEqual({
      tenant: 'acme',
      dagId: 'd',
      signal: 'approve',
      output: Buffer.from('{"ok": 1.0}'),
    });
    expect((await post(`${gateway.url}/v1/dags/d/signals/approve`, '{"ok":')).status).toBe(400);
  });

  it('tells a recorded refusal', async () => {
    gateway.inbox.decide = () => [
      { code: Code.InputRefused, cause: 0, body: { code: 'unknown-dag', dag: -1, problems: [] } },
    ];
    const response = await post(`${gateway.url}/v1/dags/x/pause`, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'unknown-dag', turn: gateway.inbox.turn });
  });

  it.each([
    ['reprioritize', '{}', 'missing-field', '/priority'],
    ['reprioritize', '{"priority":1,"x":2}', 'unknown-field', '/x'],
    ['pause', '{"__proto__":1}', 'unknown-field', '/__proto__'],
    ['pause?colour=red', '{}', 'unknown-field', '/querystring/colour'],
  ])('refuses %s %s', async (path, body, code, place) => {
    const response = await post(`${gateway.url}/v1/dags/x/${path}`, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code, problems: [{ code, path: place }] });
  });
});

describe('reads', () => {
  const dag = () => `${gateway.url}/v1/dags/d%2F1`;

  beforeAll(() => {
    gateway.views.dags.set('acme/d/1', DAG);
    const late = { ...JOB, job: 'late', index: 2, state: 'failed', reason: 'timed-out' };
    gateway.views.jobsOf.set(1, [JOB, { ...JOB, job: 'ocr', index: 1 }, late]);
    gateway.views.outputs.set('1/split', { json: '{"pages": 1.0}' });
    gateway.views.outputs.set('1/ocr', {
      blob: { uri: `blob:sha256:${'a'.repeat(64)}`, sha256: 'a'.repeat(64), bytes: 3 },
    });
    gateway.views.outputs.set('1/far', { blob: { uri: 's3://b/k', sha256: 'a'.repeat(64), bytes: 3 } });
    gateway.views.children.set('1/ocr', [
      { index: 0, state: 'succeeded', output: { json: '{\n"a": 1.0}' } },
      { index: 1, state: 'failed', output: null },
      { index: 2, state: 'succeeded', output: { blob: { uri: 'u', sha256: 's', bytes: 1 } } },
    ]);
  });

  it('gives a DAG with jobs and timeline', async () => {
    const response = await fetch(`${dag()}?tenant=acme`);
    expect(response.headers.get('marie-turn')).toBe('77');
    const answer = (await response.json()) as { jobs: unknown[]; timeline: unknown[] };
    expect(answer).toMatchObject(DAG);
    expect(answer.jobs).toHaveLength(3);
    expect(answer.timeline[0]).toEqual({ atMs: 10, event: 'accepted' });
    expect(answer.timeline).toContainEqual({ atMs: 12, event: 'dispatched', job: 'ocr' });
    expect(answer.timeline.at(-1)).toEqual({ atMs: 40, event: 'succeeded' });
  });

  it('shows nothing that is not in the journal yet', async () => {
    gateway.views.turn = 50;
    let answered = false;
    const reading = fetch(`${dag()}?tenant=acme`).then((response) => {
      answered = true;
      return response;
    });
    await fetch(`${gateway.url}/healthz`);
    expect(answered).toBe(false);
    gateway.outbox.publish(50, []);
    expect((await reading).status).toBe(200);
  });

  it('pages through jobs', async () => {
    const response = await fetch(`${dag()}/jobs?tenant=acme&from=1&limit=1`);
    expect(await response.json()).toEqual({ jobs: [expect.objectContaining({ job: 'ocr' })] });
  });

  it('says why a job is not running, and 404 for a job that there is none of', async () => {
    const ahead = { tenant: 'beta', dagId: 'd2', job: 'ocr', field: 'tenant-tag', value: 5, own: 9 };
    const why = { reason: 'no-free-slot' as const, ahead, slots: 1, widest: 0 };
    const view = { dagId: 'd/1', job: 'ocr', state: 'ready', policy: 'default@1', atMs: 7, turn: 40, why };
    gateway.views.explained.set('1/ocr', view);
    const response = await fetch(`${dag()}/jobs/ocr/explain?tenant=acme`);
    expect(response.headers.get('marie-turn')).toBe('40');
    expect(await response.json()).toEqual(view);
    expect((await fetch(`${dag()}/jobs/none/explain?tenant=acme`)).status).toBe(404);
  });

  it('gives an output as it was sent, or where its blob is', async () => {
    expect(await (await fetch(`${dag()}/jobs/split/output?tenant=acme`)).text()).toBe('{"pages": 1.0}');
    const redirect = await fetch(`${dag()}/jobs/ocr/output?tenant=acme`, { redirect: 'manual' });
    expect(redirect.status).toBe(307);
    expect(redirect.headers.get('location')).toBe(`/v1/blobs/${'a'.repeat(64)}`);
    const far = await fetch(`${dag()}/jobs/far/output?tenant=acme`);
    expect(await far.json()).toMatchObject({ blob: { uri: 's3://b/k' } });
  });

  it.each([
    ['none/output', 'the DAG d/1 has no job none'],
    ['split/failure', 'd/1/split has no attempt that its executor failed; it is succeeded'],
    ['late/failure', 'd/1/late has no attempt that its executor failed; it is failed (timed-out)'],
    ['none/failure', 'the DAG d/1 has no job none'],
  ])('says of %s what is not there', async (path, detail) => {
    const answer = await fetch(`${dag()}/jobs/${path}?tenant=acme`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not-found', detail });
  });

  it('gives children one a line', async () => {
    const response = await fetch(`${dag()}/jobs/ocr/children?tenant=acme`);
    expect(await lines(response)).toEqual([
      { index: 0, state: 'succeeded', output: { a: 1 } },
      { index: 1, state: 'failed', output: null },
      { index: 2, state: 'succeeded', blob: { uri: 'u', sha256: 's', bytes: 1 } },
    ]);
  });

  it('writes only a few large children for who does not read, after small ones too', async () => {
    const many = Array.from({ length: 264 }, (_, index) => {
      const json = `"${'x'.repeat(index < 200 ? 10 : 250 * 1024)}"`;
      return { index, state: 'succeeded' as const, output: { json } };
    });
    gateway.views.children.set('1/large', many);
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /v1/dags/d%2F1/jobs/large/children?tenant=acme&limit=1000 HTTP/1.1\r\nhost: x\r\n\r\n');
    const [, response] = (await once(gateway.app.server, 'request')) as [unknown, ServerResponse];
    await expect.poll(() => response.writableNeedDrain).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(response.writableLength).toBeLessThan(1024 * 1024);
    socket.destroy();
  });

  it('cuts children off whose DAG is forgotten while they are read: whoever reads must not take them for all', async () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ index, state: 'failed', output: null }));
    gateway.views.children.set('1/many', many);
    const path = `${dag()}/jobs/many/children?tenant=acme`;
    expect(await lines(await fetch(path))).toEqual(many);
    let looks = 0;
    gateway.views.isForgotten = () => ++looks > 2;
    await expect(fetch(path).then((response) => response.text())).rejects.toThrow();
    gateway.views.isForgotten = () => true;
    expect(await (await fetch(path)).json()).toMatchObject({ code: 'unknown-dag' });
  });

  it('knows what it does not know', async () => {
    const response = await fetch(dag());
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'unknown-dag', type: '/errors/unknown-dag' });
    expect((await fetch(`${dag()}/jobs?tenant=acme&limit=0`)).status).toBe(422);
  });

  it('gives the cell, its classes and its executors', async () => {
    expect(await (await fetch(`${gateway.url}/v1/cell`)).json()).toMatchObject({ cell: 'main', policy: 'fifo@1' });
    expect(await (await fetch(`${gateway.url}/v1/classes`)).json()).toMatchObject({
      classes: [{ executorClass: 'ocr' }],
    });
    expect(await (await fetch(`${gateway.url}/v1/executors?state=lost`)).json()).toEqual({ executors: [] });
    const strange = await fetch(`${gateway.url}/v1/executors?state=gone`);
    expect(await strange.json()).toMatchObject({ status: 422, problems: [{ path: '/querystring/state' }] });
  });
});

describe('the server', () => {
  it('is healthy, and says why it is not ready', async () => {
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    gateway.notReady = 'recovering';
    const response = await fetch(`${gateway.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'not-ready', detail: 'recovering' });
  });

  it('measures', async () => {
    gateway.outbox.publish(51, []);
    gateway.observeAppend(3);
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toContain('marie_turns_total 2');
    expect(text).toContain('marie_slots{group="default",class="ocr",state="reclaiming"} 1');
    expect(text).toContain('marie_ready_jobs{group="default",class="ocr"} 9');
    expect(text).toContain('marie_append_duration_ms_count 1');
    expect(text).toContain('marie_clock_ahead_ms 7');
    expect(text).toMatch(/marie_http_request_duration_ms_count\{method="GET",route="\/healthz",status="200"\} \d/);
  });

  it('describes all of its routes as OpenAPI 3.1', async () => {
    const api = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { summary?: string }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining([
        '/v1/dags',
        '/v1/dags/{dagId}',
        '/v1/dags/{dagId}/jobs/{job}/output',
        '/v1/executors/{executor}/dispatches',
        '/v1/executors/{executor}/callbacks',
        '/v1/lifecycle',
        '/v1/blobs',
      ]),
    );
    for (const methods of Object.values(api.paths)) {
      for (const operation of Object.values(methods)) expect(operation.summary).toMatch(/\S/u);
    }
    expect(Object.keys(api.components.schemas)).toEqual(expect.arrayContaining(['DagView', 'Controlled']));
    expect(JSON.stringify(api)).toContain('"Idempotency-Key"');
  });

  it('tells at its root what is where, and leads browsers to the API page', async () => {
    const answer = await fetch(`${gateway.url}/`);
    expect(answer.status).toBe(200);
    const { links } = (await answer.json()) as { links: Record<string, string> };
    for (const path of Object.values(links)) expect((await fetch(gateway.url + path)).status, path).toBe(200);
    const headers = { accept: 'text/html,application/xhtml+xml' };
    const browser = await fetch(`${gateway.url}/`, { headers, redirect: 'manual' });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/docs']);
  });

  it('serves the API page itself', async () => {
    const page = await fetch(`${gateway.url}/docs/`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/https?:\/\//u);
  });

  it('answers unknown addresses and methods with problem details', async () => {
    const missing = await fetch(`${gateway.url}/v2/dags`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    const wrong = await fetch(`${gateway.url}/v1/dags/x`, { method: 'DELETE' });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD');
    expect(await wrong.json()).toMatchObject({ code: 'method-not-allowed' });
  });

  it('has no body to stream to HEAD', async () => {
    expect((await fetch(`${gateway.url}/v1/lifecycle`, { method: 'HEAD' })).status).toBe(405);
  });

  it('refuses a control that is too large', async () => {
    const response = await post(`${gateway.url}/v1/dags/x/cancel`, { reason: 'x'.repeat(300_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'payload-too-large' });
  });

  it('says nothing of its inside when it fails', async () => {
    gateway.inbox.decide = () => new Error('secret detail');
    const response = await post(`${gateway.url}/v1/dags/x/pause`, {});
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
