/**
 * Ids of traces and spans follow from what they are about. So a process that takes over goes on with the same trace,
 * and one that sends a span again sends the same span.
 */
import { createHash } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace-base';

const TRACE_CHARS = 32;
const SPAN_CHARS = 16;

/** An id of so many hex digits that follows from the parts; never all zeros, which would mean none. */
function derived(parts: readonly (string | number)[], chars: number): string {
  const id = createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, chars);
  return /^0+$/u.test(id) ? `${id.slice(1)}1` : id;
}

/** The trace of a run of a DAG whose submission came without one. */
export function traceIdOf(cell: string, dag: number): string {
  return derived(['trace', cell, dag], TRACE_CHARS);
}

/** The span of a thing in a cell: a run of a DAG, a job in it, a lease. */
export function spanIdOf(kind: 'dag' | 'job' | 'lease', cell: string, ...numbers: readonly number[]): string {
  return derived([kind, cell, ...numbers], SPAN_CHARS);
}

/** Gives the ids that were chosen for the span that is started next. */
export class ChosenIds implements IdGenerator {
  traceId = '';
  spanId = '';

  generateTraceId(): string {
    return this.traceId;
  }

  generateSpanId(): string {
    return this.spanId;
  }
}
