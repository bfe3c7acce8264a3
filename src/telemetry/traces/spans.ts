/** Spans with chosen ids and times, over the OpenTelemetry SDK. */
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ChosenIds } from './ids.js';

/** What a span is started with. */
export interface SpanStart {
  readonly name: string;
  readonly spanId: string;
  readonly atMs: number;
  readonly attributes: Attributes;
}

/** The span that the sender of a request named, from its `traceparent`; null for none. */
export function remoteParent(traceparent: string | null): SpanContext | null {
  const [, traceId, spanId, flags] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/u.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** Starts spans; what the sampler leaves out comes back as null, and nothing below it is started. */
export class Spans {
  constructor(
    private readonly tracer: Tracer,
    private readonly ids: ChosenIds,
  ) {}

  /** A span at the top of its trace, or below the one that the sender named. */
  root(start: SpanStart, traceId: string, parent: SpanContext | null): Span | null {
    const context = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    return this.#start(start, traceId, context);
  }

  below(parent: Span, start: SpanStart): Span | null {
    return this.#start(start, '', trace.setSpan(ROOT_CONTEXT, parent));
  }

  #start({ name, spanId, atMs, attributes }: SpanStart, traceId: string, context: typeof ROOT_CONTEXT): Span | null {
    this.ids.traceId = traceId;
    this.ids.spanId = spanId;
    const span = this.tracer.startSpan(name, { startTime: timeOf(atMs), attributes }, context);
    return span.isRecording() ? span : null;
  }
}

/** Seconds and nanoseconds: a plain number would be taken for ms since the start of the process where it is small. */
export function timeOf(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)];
}

/** How something ended: well, or with a code. */
export function endSpan(span: Span, atMs: number, failure: string | null, attributes: Attributes = {}): void {
  span.setAttributes(attributes);
  span.setStatus(failure === null ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: failure });
  span.end(timeOf(atMs));
}
