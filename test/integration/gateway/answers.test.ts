/** What a fabric of real parts answers, against the schemas of its API page: nothing else looks at answers by them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import type { JobSubmission } from '../../../src/client/index.js';
import { closed } from '../../support/closed-schema.js';
import { RawExecutor } from '../../support/fabric/raw-executor.js';
import { clientOf, startFabric } from './setup.js';

type Fabric = Awaited<ReturnType<typeof startFabric>>;

interface Api {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Response> }>>;
  readonly components: object;
}
interface Response {
  readonly content?: Record<string, { readonly schema: object }>;
}

/** Asks for addresses, each as the API page writes it with what stands for its names, and looks at the answers. */
class Reader {
  readonly read = new Set<string>();

  private constructor(
    private readonly url: string,
    readonly api: Api,
  ) {}

  static async of({ url }: Fabric): Promise<Reader> {
    return new Reader(url, (await (await fetch(`${url}/openapi.json`)).json()) as Api);
  }

  async problems(method: string, template: string, names: readonly string[], body?: unknown): Promise<unknown> {
    const left = [...names];
    const path = template.replaceAll(/\{\w+\}/gu, () => encodeURIComponent(left.shift() ?? ''));
    const type = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: type };
    const answer = await fetch(this.url + path + (left[0] ?? ''), { method, ...sent });
    this.read.add(`${method} ${template}`);
    const described = this.api.paths[template]?.[method.toLowerCase()]?.responses[answer.status];
    const schema = described?.content?.['application/json']?.schema;
    if (schema === undefined) return `${answer.status} is not described: ${await answer.text()}`;
    const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { int64: true } });
    const validate = ajv.compile(closed({ ...schema, components: this.api.components }));
    return validate(await answer.json()) ? [] : validate.errors;
  }
}

const JOBS: readonly JobSubmission[] = [
  { id: 'list', executorClass: 'ocr', estimateMs: 10 },
  { id: 'page', executorClass: 'ocr', after: ['list'], fanOut: { count: 2 } },
  { id: 'ask', kind: 'signal', after: ['list'] },
  { id: 'end', kind: 'noop', after: ['page', 'ask'], when: { job: 'ask', op: 'eq', value: 1 } },
];

/** A fabric with a DAG that has ended well, one that has failed, and some that are under way. */
async function startBusyFabric(): Promise<Fabric> {
  const fabric = await startFabric();
  const client = clientOf(fabric);
  const executor = await RawExecutor.start(fabric.url, 'ocr-1', 'ocr', 1);
  const next = async (seen: number) => {
    await expect.poll(() => executor.dispatched.length).toBeGreaterThan(seen);
    return executor.dispatched[seen]!;
  };
  await client.operations.setClassLimits('default', 'ocr', {
    maxSlots: 4,
    rates: [{ per: 'starts', add: 1_000, perMs: 1 }],
  });
  await client.submit({ id: 'well', labels: { of: 'a' }, deadlineAtMs: 4_000_000_000_000, jobs: JOBS.slice(0, 2) });
  for (let i = 0; i < 3; i++) await executor.complete(await next(i), { some: 'text' });
  await client.submit({ id: 'failed', jobs: [{ id: 'list', executorClass: 'ocr' }] });
  const { token } = await next(3);
  await executor.send({ type: 'fail', token, code: 'torn', message: 'the page is torn', retryable: false });
  await client.submit({ id: 'open', template: 'scan', jobs: JOBS });
  await executor.send({ type: 'ack', token: (await next(4)).token });
  await client.submit({ id: 'behind', jobs: JOBS });
  return fabric;
}

it('answers as its API page says', async () => {
  const reader = await Reader.of(await startBusyFabric());
  const requests: readonly [string, string, readonly string[], unknown?][] = [
    ...['well', 'failed', 'open', 'behind'].flatMap((dag): [string, string, readonly string[]][] => [
      ['GET', '/v1/dags/{dagId}', [dag]],
      ['GET', '/v1/dags/{dagId}/jobs', [dag, '?children=true']],
      ['GET', '/v1/dags/{dagId}/jobs/{job}', [dag, 'list']],
      ['GET', '/v1/dags/{dagId}/jobs/{job}/explain', [dag, 'list']],
      ['GET', '/v1/dags/{dagId}/graph', [dag]],
      ['GET', '/v1/search', [`?q=${dag}`]],
    ]),
    ['GET', '/v1/dags/{dagId}/jobs/{job}/output', ['well', 'list']],
    ['GET', '/v1/dags/{dagId}/jobs/{job}/failure', ['failed', 'list']],
    ['GET', '/v1/dags/{dagId}/jobs/{job}/explain', ['open', 'end']],
    ['GET', '/v1/dags', []],
    ['GET', '/v1/jobs', ['?dag=well']],
    ['GET', '/v1/cell', []],
    ['GET', '/v1/process', []],
    ['GET', '/v1/classes', []],
    ['GET', '/v1/capacity', []],
    ['GET', '/v1/executors', []],
    ['GET', '/v1/executors/{executor}', ['ocr-1']],
    ['GET', '/v1/cell/limits', []],
    ['GET', '/v1/tenants', []],
    ['GET', '/v1/tenants/{tenant}', ['default']],
    ['GET', '/v1/signals', []],
    ['GET', '/v1/signals/{signal}', ['end-to-end']],
    ['GET', '/v1/signals/sla-pressure', []],
    ['POST', '/v1/executors/{executor}/register', ['ocr-2'], { incarnation: 'a', class: 'ocr', slots: 1 }],
    ['GET', '/v1/executors/{executor}/dispatches', ['ocr-2', '?incarnation=a&waitMs=0']],
    ['GET', '/errors', []],
    ['GET', '/errors/{code}', ['stale-token']],
    ['GET', '/', []],
    ['GET', '/healthz', []],
    ['GET', '/readyz', []],
    ['PUT', '/v1/blobs', [], 'bytes'],
    ['POST', '/v1/dags', [], { id: 'more', jobs: JOBS, idempotencyKey: 'm' }],
    ['POST', '/v1/dags', [], { id: 'more', jobs: JOBS, idempotencyKey: 'm' }],
    ['POST', '/v1/dags/{dagId}/signals/{name}', ['more', 'ask'], 1],
    ['POST', '/v1/dags/{dagId}/jobs/{job}/cancel', ['more', 'list'], {}],
    ['PUT', '/v1/cell/limits', [], {}],
  ];
  for (const [method, template, names, body] of requests) {
    expect.soft(await reader.problems(method, template, names, body), `${method} ${template} ${names}`).toEqual([]);
  }
  const isJson = ({ content }: Response): boolean => content?.['application/json'] !== undefined;
  const reads = Object.entries(reader.api.paths).flatMap(([template, { get }]) =>
    get !== undefined && isJson(get.responses['200'] ?? {}) ? [`GET ${template}`] : [],
  );
  expect(reads.filter((one) => !reader.read.has(one))).toEqual([]);
});
