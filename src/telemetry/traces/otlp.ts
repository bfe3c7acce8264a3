/**
 * Traces over OTLP, set up by the standard environment variables (OTEL_…), which the libraries read by themselves but
 * for those that choose among libraries. This file is loaded only when an exporter is configured.
 */
import { once } from 'node:events';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Outbox } from '../../outbox/port.js';
import type { OtlpProtocol } from './configured.js';
import { ChosenIds } from './ids.js';
import { JobTracer } from './job-tracer.js';
import { Spans } from './spans.js';

/** Spans that wait for the collector: a turn may end thousands at once. OTEL_BSP_MAX_QUEUE_SIZE goes before. */
const WAITING_SPANS = 65_536;
/** What the specification gives a collector to answer in, in ms, and how much longer the last traces may take. */
const ANSWER_MS = 10_000;
const LATE_MS = 5_000;

/** What goes wrong with the sending of traces is told here. */
export interface TraceLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface TraceSource {
  readonly cell: string;
  readonly version: string;
  readonly outbox: Outbox;
  readonly log: TraceLog;
}

/** Sends the trace of every job from now on. The result ends it, after what waits was sent or ran out of time. */
export async function sendTraces(
  { cell, version, outbox, log }: TraceSource,
  protocol: OtlpProtocol,
  env: NodeJS.ProcessEnv,
): Promise<() => Promise<void>> {
  const told = (message: string, ...more: unknown[]): void => log.warn({ more }, message);
  const quiet = (): void => undefined;
  diag.setLogger({ error: told, warn: told, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
  env['OTEL_BSP_MAX_QUEUE_SIZE'] ??= String(WAITING_SPANS);
  const ids = new ChosenIds();
  const exporter = await exporterFor(protocol);
  const named = { 'service.name': 'marie', 'service.version': version, 'marie.cell': cell };
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes(named).merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = new JobTracer(new Spans(provider.getTracer('marie', version), ids), cell);
  const end = outbox.subscribe((turn) => {
    try {
      tracer.take(turn);
    } catch (error) {
      // A fault of the tracing must not reach the loop, which has more important things to do.
      end();
      log.error({ err: error, turn: turn.turn }, 'tracing failed and has ended');
    }
  });
  return async () => {
    end();
    // A collector that is gone, or never ends its answer, takes nothing from a fabric that has ended well.
    const answerMs = env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] || env['OTEL_EXPORTER_OTLP_TIMEOUT'];
    await Promise.race([provider.shutdown(), failAfter((Math.trunc(Number(answerMs)) || ANSWER_MS) + LATE_MS)]).catch(
      (error: unknown) => log.warn({ err: error }, 'the last traces were not sent'),
    );
    diag.disable();
  };
}

async function failAfter(ms: number): Promise<never> {
  await once(AbortSignal.timeout(ms), 'abort');
  throw new Error(`the collector's answer did not end within ${ms} ms`);
}

async function exporterFor(protocol: OtlpProtocol): Promise<SpanExporter> {
  if (protocol === 'http/json')
    return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
}
