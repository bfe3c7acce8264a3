import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { ERRORS } from '../../../src/catalogue/generated/errors.js';
import type { EventEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { InboxFull, NotReady } from '../../../src/inbox/port.js';
import { type GatewayFixture, lines, post, startGateway } from '../../support/gateway.js';
import { sendRaw } from '../../support/raw-http.js';
import { realTimers } from '../../support/timers.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };

let gateway: GatewayFixture;
let dags: string;

beforeAll(async () => {
  gateway = await startGateway();
  dags = `${gateway.url}/v1/dags`;
});

beforeEach(() => {
  gateway.inbox.inputs.length = 0;
  gateway.inbox.decide = accept;
});

afterAll(() => gateway.close());

function accept(_input: unknown, index: number): EventEntry[] {
  const body = { dag: index, tenant: 1, work: 1, dagFinish: 1, dueAtMs: 1, estimates: [1], held: false };
  return [{ code: Code.DagAccepted, cause: 0, body: body as never }];
}

function submitted(index = 0): SubmitDag {
  const input = gateway.inbox.inputs[index];
  if (input?.code !== Code.SubmitDag) throw new Error('no submission there');
  return input.body;
}

/** The API page, as far as it is about answers. */
interface ApiPage {
  readonly paths: Record<
    string,
    { readonly post: { readonly responses: Record<string, { readonly content: object }> } }
  >;
}

const ONE_JOB = { jobs: [{ id: 'a', executorClass: 'ocr' }] };

describe('POST /v1/dags', () => {
  it.each(['application/json', 'application/x-ndjson'])('answers %s by what the API page has', async (type) => {
    const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as ApiPage;
    const answer = await post(dags, JSON.stringify({ ...ONE_JOB, idempotencyKey: type }), { 'content-type': type });
    const described = paths['/v1/dags']?.post.responses[answer.status]?.content ?? {};
    expect(Object.keys(described)).toContain(answer.headers.get('content-type')?.split(';')[0]);
  });

  it('answers with the DAG and its turn, with every default filled in', async () => {
    const response = await post(dags, ONE_JOB);
    expect(response.status).toBe(201);
    const answer = (await response.json()) as { dagId: string };
    expect(answer).toEqual({
      dagId: expect.any(String),
      dag: 0,
      turn: gateway.inbox.turn,
      atMs: expect.any(Number),
      duplicate: false,
    });
    expect(response.headers.get('location')).toBe(`/v1/dags/${answer.dagId}`);
    const { envelope } = gateway.inbox.inputs[0] as { envelope: { inputId: string } };
    expect(submitted()).toMatchObject({
      dagId: `main-${envelope.inputId}`,
      idempotencyKey: envelope.inputId,
      tenant: 'default',
      name: '',
      priority: 0,
      deadlineAtMs: null,
      onHardDeadline: 'fail',
      failurePolicy: 'fail_fast',
      jobs: [{ id: 'a', kind: 'executor', group: 'default', slots: 1, units: 0, join: 0, retry: null }],
    });
  });

  it('keeps user JSON byte for byte', async () => {
    const text =
      '{"jobs":[{"id":"a","executorClass":"ocr","inputs":{"n":{"value": 1e400 },"b":{"v\\u0061lue":{"k" :\t[1.0,"\\u00e9é","}"]}}},"when":{"job":"b", "at":"/x","op":"eq","value":12345678901234567890123}}]}';
    expect((await post(dags, text)).status).toBe(201);
    const job = submitted().jobs[0];
    expect(job?.inputs.map(({ name, value }) => [name, Buffer.from(value ?? []).toString()])).toEqual([
      ['b', '{"k" :\t[1.0,"\\u00e9é","}"]}'],
      ['n', '1e400'],
    ]);
    expect(Buffer.from(job?.when ?? []).toString()).toBe(
      '{"job":"b", "at":"/x","op":"eq","value":12345678901234567890123}',
    );
  });

  it('takes the idempotency key of the header, and answers a repeat as the first time', async () => {
    gateway.names.set(7, { tenant: 'default', dagId: 'first' });
    gateway.inbox.decide = () => [
      {
        code: Code.DuplicateInput,
        cause: 0,
        body: { code: 'already-accepted', dag: 7, turn: 3, atMs: 1234, refused: null },
      },
    ];
    const response = await post(dags, ONE_JOB, { 'idempotency-key': 'k1' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ dagId: 'first', dag: 7, turn: 3, atMs: 1234, duplicate: true });
    expect(submitted()).toMatchObject({ idempotencyKey: 'k1', dagId: 'main-k1' });
  });

  it('lists every problem with its place', async () => {
    const response = await post(dags, {
      priority: 2_000_000,
      colour: 'red',
      jobs: [
        { id: '', executorClass: 'ocr' },
        { id: 'b', executorClass: 'ocr', slots: 0, inputs: { 'a/b': { value: 1, uri: 'x' } } },
        { id: 'c', after: 'b', retry: {} },
      ],
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const { code, problems } = (await response.json()) as { code: string; problems: { code: string; path: string }[] };
    expect(problems.map((one) => `${one.code} ${one.path}`).sort()).toEqual(
      [
        'invalid-priority /priority',
        'unknown-field /colour',
        'invalid-value /jobs/0/id',
        'invalid-slots /jobs/1/slots',
        'invalid-binding /jobs/1/inputs/a~1b',
        'invalid-value /jobs/2/after',
        'missing-field /jobs/2/retry/maxAttempts',
      ].sort(),
    );
    expect(problems.map((one) => one.code)).toContain(code);
    expect(gateway.inbox.inputs).toEqual([]);
  });

  it.each([
    ['an empty DAG', { jobs: [] }, 'empty-dag'],
    ['no jobs', {}, 'missing-field'],
    ['an executor job without a class', { jobs: [{ id: 'a' }] }, 'invalid-class'],
    ['an unsafe integer', { jobs: [{ id: 'a', executorClass: 'o', estimateMs: 2 ** 60 }] }, 'invalid-estimate'],
    [
      'an input named __proto__',
      '{"jobs":[{"id":"a","executorClass":"o","inputs":{"__proto__":{"value":1}}}]}',
      'invalid-value',
    ],
    ['a member named __proto__', '{"__proto__":{"x":1},"jobs":[{"id":"a","executorClass":"o"}]}', 'unknown-field'],
    ['a lone surrogate', '{"jobs":[{"id":"a\\ud800","executorClass":"o"}]}', 'invalid-value'],
    ['a name that is too long', { name: 'é'.repeat(129), ...ONE_JOB }, 'invalid-value'],
    [
      'a pointer that is none',
      { jobs: [{ id: 'a', executorClass: 'o', inputs: { x: { from: 'b', at: 'y' } } }] },
      'invalid-pointer',
    ],
    [
      'nested user JSON',
      `{"jobs":[{"id":"a","executorClass":"o","inputs":{"x":{"value":${'['.repeat(65)}${']'.repeat(65)}}}}]}`,
      'invalid-value',
    ],
    ['very deep JSON', '['.repeat(10_000) + ']'.repeat(10_000), 'invalid-value'],
    ['text that is no JSON', '{"jobs":', 'invalid-json'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'invalid-json'],
    ['an array', '[]', 'invalid-value'],
  ] as const)('refuses %s', async (_what, body, code) => {
    const response = await post(dags, body);
    expect(await response.json()).toMatchObject({ code, status: ERRORS[code].status, type: `/errors/${code}` });
    expect(response.status).toBe(ERRORS[code].status);
    expect(gateway.inbox.inputs).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('refuses more than 8 MiB', async () => {
    const response = await post(dags, ' '.repeat(8 * 1024 * 1024 + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'payload-too-large' });
  });

  it('refuses other types of content', async () => {
    const response = await post(dags, 'a', { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      code: 'unsupported-media-type',
      detail: 'text/plain is not taken here, but application/json or application/x-ndjson',
    });
  });

  it('carries out a request that expects what nobody knows', async () => {
    const body = JSON.stringify(ONE_JOB);
    const head = ['POST /v1/dags HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Expect: the-unexpected'];
    const sent = [...head, `Content-Length: ${body.length}`, 'Connection: close', '', body].join('\r\n');
    expect(await sendRaw(dags, sent)).toMatchObject({ status: 201, body: expect.stringContaining('dagId') });
  });

  it('refuses bodies that are encoded, and says so', async () => {
    const response = await post(dags, gzipSync(JSON.stringify(ONE_JOB)), { 'content-encoding': 'gzip' });
    expect(response.status).toBe(415);
    const detail = expect.stringContaining('content-encoding gzip');
    expect(await response.json()).toMatchObject({ code: 'unsupported-media-type', detail });
    expect((await post(dags, ONE_JOB, { 'content-encoding': 'Identity' })).status).toBe(201);
  });

  it('tells a recorded refusal with its status and turn', async () => {
    const problems = [{ code: 'cycle', path: '/jobs', detail: 'a -> b -> a' }];
    gateway.inbox.decide = () => [{ code: Code.InputRefused, cause: 0, body: { code: 'cycle', dag: -1, problems } }];
    const response = await post(dags, ONE_JOB);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'cycle', problems, turn: gateway.inbox.turn });
  });

  it('names the places of recorded problems as the sender wrote them', async () => {
    const at = (path: string) => ({ code: 'invalid-binding', path, detail: 'not upstream' });
    const problems = [at('/jobs/0/inputs/1/from'), at('/jobs/0/fanOut/at'), at('/jobs/0/id')];
    gateway.inbox.decide = () => [
      { code: Code.InputRefused, cause: 0, body: { code: 'invalid-binding', dag: -1, problems } },
    ];
    const inputs = { b: { from: 'z' }, a: { value: 1 } };
    const job = { id: 'a', executorClass: 'o', inputs, fanOut: { over: { from: 'z', at: '/x' } } };
    const answer = (await (await post(dags, { jobs: [job] })).json()) as { problems: { path: string }[] };
    expect(answer.problems.map(({ path }) => path)).toEqual([
      '/jobs/0/inputs/b/from',
      '/jobs/0/fanOut/over/at',
      '/jobs/0/id',
    ]);
  });

  it.each([
    ['inbox-full', new InboxFull(2_500), '3'],
    ['not-ready', new NotReady('no leader'), '1'],
  ] as const)('says when to come back: %s', async (code, error, seconds) => {
    gateway.inbox.decide = () => error;
    const response = await post(dags, ONE_JOB);
    expect(response.status).toBe(ERRORS[code].status);
    expect(response.headers.get('retry-after')).toBe(seconds);
    expect(await response.json()).toMatchObject({ code });
  });
});

describe('POST /v1/dags as NDJSON', () => {
  it('knows NDJSON however its name is written', async () => {
    const text = `${JSON.stringify(ONE_JOB)}\n${JSON.stringify(ONE_JOB)}\n`;
    const response = await post(dags, text, { 'content-type': 'Application/X-NDJSON; charset=utf-8' });
    expect((await response.text()).trimEnd().split('\n')).toHaveLength(2);
    expect(gateway.inbox.inputs).toHaveLength(2);
  });

  it('answers each line in its order, and one bad line spoils no other', async () => {
    const good = JSON.stringify({ id: 'one', ...ONE_JOB });
    const body = Buffer.concat([
      Buffer.from(`${good}\r\n\n{"jobs":\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{"jobs":[{"id":"a","executorClass":"o","__proto__":1}]}\n${good.replace('one', 'two')}`),
    ]);
    const response = await post(dags, body, NDJSON);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const answers = await lines(response);
    expect(answers).toMatchObject([
      { dagId: 'one', duplicate: false },
      { problem: { code: 'invalid-json' } },
      { problem: { code: 'invalid-json' } },
      { problem: { code: 'unknown-field', problems: [{ path: '/jobs/0/__proto__' }] } },
      { dagId: 'two', duplicate: false },
    ]);
    expect(gateway.inbox.inputs).toHaveLength(2);
  });

  it('refuses a key for all of its lines, which would be no key of any', async () => {
    const response = await post(dags, JSON.stringify(ONE_JOB), { ...NDJSON, 'idempotency-key': 'k' });
    expect(response.status).toBe(422);
    const detail = expect.stringContaining('idempotencyKey');
    expect(await response.json()).toMatchObject({ code: 'invalid-value', detail });
    expect(gateway.inbox.inputs).toEqual([]);
  });

  it('lets others run while it reads and answers many lines', async () => {
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses++;
      return realTimers.pause();
    };
    const busy = await startGateway({ ...realTimers, pause });
    onTestFinished(() => busy.close());
    busy.inbox.decide = () => new InboxFull(100);
    for (const [body, least] of [
      ['1\n'.repeat(10_000), 30],
      [`${JSON.stringify(ONE_JOB)}\n`.repeat(10_000), 60],
      [`{"name":"${'x'.repeat(1024 * 1024)}"}\n`.repeat(8), 7],
    ] as const) {
      pauses = 0;
      await post(`${busy.url}/v1/dags`, body, NDJSON);
      expect(pauses).toBeGreaterThanOrEqual(least);
    }
  });

  it('lists one problem of each further line once its answer is as long as a request may be', async () => {
    const fields = Array.from({ length: 100 }, (_, i) => `"${'/'.repeat(1_000)}${i}":1`);
    const body = `{${fields.join(',')},"jobs":[{"id":"a","kind":"noop"}]}\n`.repeat(250);
    const answers = (await lines(await post(dags, body, NDJSON))) as {
      problem: { problems: unknown[]; detail: string };
    }[];
    const listed = answers.map(({ problem }) => problem.problems.length);
    expect([listed.length, listed[0], listed.at(-1)]).toEqual([250, 100, 1]);
    expect(answers.at(-1)?.problem.detail).toContain('(and 99 more)');
  });

  it('tells refusals, repeats and a full inbox per line', async () => {
    gateway.names.set(5, { tenant: 'default', dagId: 'known' });
    const duplicate = { code: 'already-accepted', dag: 5, turn: 2, atMs: 1, refused: null };
    const refused = { code: 'duplicate-dag-id', dag: 1, problems: [] };
    gateway.inbox.decide = (input, index) => {
      if (index === 1) return [{ code: Code.DuplicateInput, cause: 0, body: duplicate }];
      if (index === 2) return [{ code: Code.InputRefused, cause: 0, body: refused }];
      return index === 3 ? new InboxFull(100) : accept(input, index);
    };
    const line = JSON.stringify(ONE_JOB);
    expect(await lines(await post(dags, [line, line, line, line].join('\n'), NDJSON))).toMatchObject([
      { duplicate: false },
      { duplicate: true, dagId: 'known', dag: 5, turn: 2 },
      { problem: { code: 'duplicate-dag-id', status: 409 } },
      { problem: { code: 'inbox-full', retryAfterMs: 100 } },
    ]);
  });

  it('answers by its status when the inbox took nothing', async () => {
    gateway.inbox.decide = () => new NotReady('no leader');
    const line = JSON.stringify(ONE_JOB);
    const response = await post(dags, `${line}\n${line}\n`, NDJSON);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });
});
