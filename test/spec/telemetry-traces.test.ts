/** From accepted turns to spans, without a collector. */
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry } from '../../src/catalogue/generated/types.js';
import type { AcceptedTurn } from '../../src/outbox/port.js';
import { tracingOf } from '../../src/telemetry/traces/configured.js';
import { ChosenIds, spanIdOf, traceIdOf } from '../../src/telemetry/traces/ids.js';
import { JobTracer } from '../../src/telemetry/traces/job-tracer.js';
import { Spans } from '../../src/telemetry/traces/spans.js';

function startTracer() {
  const exporter = new InMemorySpanExporter();
  const ids = new ChosenIds();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const provider = new BasicTracerProvider({ idGenerator: ids, spanProcessors });
  const tracer = new JobTracer(new Spans(provider.getTracer('test'), ids), 'main');
  return { tracer, names: () => exporter.getFinishedSpans().map(({ name }) => name), exporter };
}

let turns = 0;

/** A turn of these entries, made by this process or by another one. */
function turn(entries: readonly object[], isOurs = true): AcceptedTurn {
  const atMs = 1_000 * ++turns;
  const timings = { takenAtMs: atMs, plannedAtMs: atMs, appendedAtMs: atMs, appendedMonotonicMs: 0, planMs: 0 };
  const made = { cell: 'main', epoch: 1, turn: turns, hash: new Uint8Array(32), atMs, entries: entries as AnyEntry[] };
  return isOurs ? { ...made, timings } : made;
}

const submitted = (jobs: readonly string[]) => [
  {
    code: Code.SubmitDag,
    envelope: { receivedAtMs: 1, traceparent: null },
    body: { dagId: 'd', name: '', tenant: 't', priority: 0, jobs: jobs.map((id) => ({ id, executorClass: 'c' })) },
  },
  { code: Code.DagAccepted, cause: 0, body: { dag: 7 } },
];
const event = (code: number, body: object) => ({ code, cause: -2, body });

describe('a job', () => {
  it('that is a child of a fan-out has its name, and every job a span, however it ended', () => {
    const { tracer, names } = startTracer();
    tracer.take(turn(submitted(['split', 'each', 'no'])));
    tracer.take(turn([event(Code.JobSucceeded, { dag: 7, job: 0, attempt: 1 })]));
    tracer.take(
      turn([
        event(Code.JobsFannedOut, { dag: 7, job: 1, base: 3, count: 2 }),
        event(Code.JobReadied, { dag: 7, job: 3 }),
        event(Code.JobSucceeded, { dag: 7, job: 3, attempt: 1 }),
        event(Code.JobFailed, { dag: 7, job: 4, attempt: 1, code: 'x', final: true }),
        event(Code.JobSkipped, { dag: 7, job: 2, reason: 'condition-false' }),
        event(Code.JobFailed, { dag: 7, job: 1, attempt: 1, code: 'children-failed', final: true }),
        event(Code.DagFailed, { dag: 7, code: 'children-failed' }),
      ]),
    );
    expect(names()).toEqual(['job split', 'job each[0]', 'job each[1]', 'job no', 'job each', 'dag d']);
    expect(tracer.open).toBe(0);
  });

  it('that ends in a turn of another process is told by that one, and the trace is the same', () => {
    const ours = startTracer();
    const theirs = startTracer();
    const begin = submitted(['a', 'b']);
    const first = [event(Code.JobSucceeded, { dag: 7, job: 0, attempt: 1 })];
    const last = [event(Code.JobSucceeded, { dag: 7, job: 1, attempt: 1 }), event(Code.DagSucceeded, { dag: 7 })];
    for (const [entries, isOurs] of [
      [begin, true],
      [first, true],
      [last, false],
    ] as const) {
      ours.tracer.take(turn(entries, isOurs));
      theirs.tracer.take(turn(entries, !isOurs));
    }
    expect(ours.names()).toEqual(['job a']);
    expect(theirs.names()).toEqual(['job b', 'dag d']);
    const [a] = ours.exporter.getFinishedSpans();
    const [, dag] = theirs.exporter.getFinishedSpans();
    expect(a?.spanContext().traceId).toBe(traceIdOf('main', 7));
    expect(dag?.spanContext()).toMatchObject({ traceId: traceIdOf('main', 7), spanId: spanIdOf('dag', 'main', 7, 1) });
    expect(a?.parentSpanContext?.spanId).toBe(dag?.spanContext().spanId);
  });
});

describe('the environment', () => {
  it.each([
    [{}, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, 'http/protobuf'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' }, 'http/protobuf'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
    [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, null],
  ])('%j means %j', (env, tracing) => expect(tracingOf(env)).toBe(tracing));

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER'],
    [
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    ],
  ])('%j can not be done', (env, path) => expect(tracingOf(env)).toMatchObject({ path }));
});
