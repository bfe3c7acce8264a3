/** What a fabric tells of itself: traces to a collector, and its log. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { FabricClient } from '../../src/client/index.js';
import { FabricProcess, it, temporaryFolder, until } from '../support/fabric/fabric.js';
import { compiled, Program } from '../support/fabric/program.js';
import { RawExecutor } from '../support/fabric/raw-executor.js';
import { attributesOf, OtlpReceiver, type OtlpSpan } from '../support/otlp-receiver.js';

const CLASS = 'ocr';
const PARENT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** A DAG of two jobs, the first of which fails once: it goes from submission to its end. */
async function runDag(fabric: FabricProcess, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const jobs = [
    { id: 'page', executorClass: CLASS, retry: { maxAttempts: 2, backoff: { baseMs: 1, maxMs: 1 } } },
    { id: 'merge', kind: 'noop', after: ['page'] },
  ];
  const answer = await fetch(`${fabric.url}/v1/dags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ id: 'invoice', name: 'invoice', jobs }),
  });
  expect(answer.status).toBe(201);
  const executor = await RawExecutor.start(fabric.url, 'ocr-1', CLASS, 1);
  await until(() => executor.dispatched.length === 1);
  const [first] = executor.dispatched;
  await executor.send({ type: 'ack', token: first!.token }, { type: 'fail', token: first!.token, code: 'blurred' });
  await until(() => executor.dispatched.length === 2);
  await executor.complete(executor.dispatched[1]!);
  await fabric.client().wait('invoice');
}

const named = (spans: readonly OtlpSpan[], name: string): OtlpSpan[] =>
  spans
    .filter((span) => span.name === name)
    .sort((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1));
const eventsOf = (span: OtlpSpan): string[] => span.events.map(({ name }) => name);

describe('traces', () => {
  it("are sent of a job's life, from submission to end, below the span of the sender", async () => {
    const collector = await OtlpReceiver.start();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: 'documents',
    };
    const fabric = await FabricProcess.start({ env });
    await runDag(fabric, { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` });
    expect(await fabric.stop()).toEqual({ code: 0, signal: null });

    const { spans } = collector;
    expect(collector.requests.every(({ path }) => path === '/v1/traces')).toBe(true);
    expect(collector.resource).toMatchObject({ 'service.name': 'documents', 'marie.cell': 'main' });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([PARENT.traceId]));
    expect(spans.map(({ name }) => name).sort()).toEqual(
      ['dag invoice', 'job page', 'job merge', 'attempt page', 'attempt page'].sort(),
    );
    const [dag] = named(spans, 'dag invoice');
    expect(dag).toMatchObject({ parentSpanId: PARENT.spanId, status: { code: 1 } });
    expect(attributesOf(dag!.attributes)).toMatchObject({ 'marie.dag': 'invoice', 'marie.outcome': 'succeeded' });
    const [job] = named(spans, 'job page');
    expect(job!.parentSpanId).toBe(dag!.spanId);
    expect(eventsOf(job!)).toEqual(['ready', 'attempt failed', 'retry scheduled', 'ready']);
    const [failed, done] = named(spans, 'attempt page');
    expect(failed).toMatchObject({ parentSpanId: job!.spanId, status: { code: 2, message: 'failed' } });
    expect(eventsOf(failed!)).toEqual(['acknowledged']);
    expect(attributesOf(failed!.attributes)).toMatchObject({ 'marie.job': 'page', 'marie.attempt': 1 });
    expect(done).toMatchObject({ parentSpanId: job!.spanId, status: { code: 1 } });
    expect(attributesOf(done!.attributes)).toMatchObject({ 'marie.attempt': 2 });
    for (const span of spans) {
      expect(BigInt(span.startTimeUnixNano) >= BigInt(dag!.startTimeUnixNano), span.name).toBe(true);
      expect(BigInt(span.endTimeUnixNano) <= BigInt(dag!.endTimeUnixNano), span.name).toBe(true);
    }
  });

  it('are sent as protobuf where nothing else is said, and end with a collector that is gone', async () => {
    const collector = await OtlpReceiver.start();
    const fabric = await FabricProcess.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    await runDag(fabric, { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` });
    expect(await fabric.stop()).toEqual({ code: 0, signal: null });
    expect(collector.requests.map(({ type }) => type)).toContain('application/x-protobuf');
    const sent = Buffer.concat(collector.requests.map(({ body }) => body));
    expect(sent.includes(Buffer.from(PARENT.traceId, 'hex'))).toBe(true);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
    const alone = await FabricProcess.start({ env });
    await runDag(alone);
    expect(await alone.stop()).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['is sent at the end', 60_000, false],
    ['was sent before', 50, true],
  ])('end with a collector that never ends its answer to what %s', async (_, sentEveryMs, isAwaited) => {
    const trickling = createServer((request, response) => {
      request.resume();
      const trickle = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(trickle));
    });
    trickling.listen(0, '127.0.0.1');
    const asked = once(trickling, 'request');
    await once(trickling, 'listening');
    onTestFinished(() => void trickling.close());
    const { port } = trickling.address() as AddressInfo;
    const fabric = await FabricProcess.start({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        OTEL_BSP_SCHEDULE_DELAY: String(sentEveryMs),
      },
    });
    await runDag(fabric);
    if (isAwaited) await asked;
    expect(await fabric.stop()).toEqual({ code: 0, signal: null });
  });

  it('are left out where the sender or the sampler says so', async () => {
    const collector = await OtlpReceiver.start();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const fabric = await FabricProcess.start({ env });
    await runDag(fabric, { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-00` });
    await fabric.stop();
    expect(collector.requests).toEqual([]);
  });

  it('that can not be sent as asked are refused at the start', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    const program = Program.start([compiled('src/cli/main.js'), 'up', '--port', '0', '--data', '/nowhere'], env);
    expect((await program.exited).code).toBe(2);
    expect(program.said).toContain('OTEL_EXPORTER_OTLP_PROTOCOL');
    expect(program.said).toContain('config-invalid');
    expect(existsSync('/nowhere')).toBe(false);
  });
});

describe('the log', () => {
  const linesOf = (fabric: FabricProcess): Record<string, unknown>[] =>
    fabric.said
      .split('\n')
      .filter((line) => line.startsWith('{"level"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('is lines of JSON, with the DAG, the job, the attempt and the turn where they apply', async () => {
    const fabric = await FabricProcess.start({ env: { MARIE_LOG_LEVEL: 'debug' } });
    await runDag(fabric);
    await fabric.stop();
    const lines = linesOf(fabric);
    const find = (msg: string) => lines.find((line) => line['msg'] === msg);
    const numbers = { turn: expect.any(Number), dag: 1, dagId: 'invoice', tenant: 'default', cell: 'main' };
    expect(find('DagAccepted')).toMatchObject({ level: 20, ...numbers });
    expect(find('JobFailed')).toMatchObject({ level: 30, ...numbers, job: 0, attempt: 1, code: 'blurred' });
    expect(find('LeaseGranted')).toMatchObject({ ...numbers, job: 0, attempt: 1, token: 1, executor: 1 });
    expect(find('DagSucceeded')).toMatchObject({ level: 30, ...numbers });
    expect(find('ended')).toMatchObject({ level: 30 });
    const turns = lines.flatMap(({ turn }) => (typeof turn === 'number' ? [turn] : []));
    expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    expect(find('SlotReserved'), 'the book-keeping is for trace').toBeUndefined();
  });

  it('that has no room ends nothing: the fabric goes on, is asked to end, and ends as ever', async () => {
    const data = temporaryFolder();
    const up = `exec "$0" "$1" up --json --port 0 --data "$2" --log-level debug 2>/dev/full`;
    const program = Program.of('sh', ['-c', up, process.execPath, compiled('src/cli/main.js'), data]);
    const { url } = JSON.parse(await program.line()) as { url: string };
    const jobs = Array.from({ length: 1000 }, (_, index) => ({ id: `job-${index}`, kind: 'noop' as const }));
    const client = new FabricClient({ url });
    // Their lines are more than what waits to be written.
    for (const id of ['a', 'b', 'c']) {
      await client.submit({ id, jobs });
      expect((await client.wait(id)).state).toBe('succeeded');
    }
    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('without room drops lines of any program, and goes on where there is room again', async () => {
    const lines = `import { writeFileSync, openSync, closeSync } from 'node:fs';
      import { stderrLines } from ${JSON.stringify(compiled('src/client/adapters/stderr.js'))};
      const log = stderrLines({ sync: false });
      for (let line = 0; line < 20_000; line++) log.write(line + ' ' + 'x'.repeat(100) + '\\n');
      setTimeout(() => {
        closeSync(2);
        openSync(process.argv[1], 'a');
        for (let line = 0; line < 10; line++) log.write('room ' + 'x'.repeat(200) + '\\n');
        // It lives on: what waits when a program ends is written then.
        setInterval(() => undefined, 1_000);
        console.log('lives');
      }, 200);`;
    const file = join(temporaryFolder(), 'log');
    const run = `exec "$0" --input-type=module -e "$1" "$2" 2>/dev/full`;
    const program = Program.of('sh', ['-c', run, process.execPath, lines, file]);
    expect(await program.line()).toBe('lives');
    await expect.poll(() => readFile(file, 'utf8')).toMatch(/^0 x{100}\n(?:.*\n)+$/);
    const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(written.length).toBeLessThan(20_000);
    expect(written.slice(0, -1).every((line, number) => line.startsWith(`${number} x`))).toBe(true);
  });

  it('says nothing where all is well and nobody asked', async ({ fabric }) => {
    await runDag(fabric);
    await fabric.stop();
    expect(linesOf(fabric)).toEqual([]);
  });
});
