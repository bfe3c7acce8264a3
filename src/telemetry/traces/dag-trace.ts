/** The trace of one run of a DAG: a span for it, below that one for each job, below that one for each attempt. */
import type { Attributes, Span } from '@opentelemetry/api';
import { childName } from '../../catalogue/child-name.js';
import { spanIdOf } from './ids.js';
import { endSpan, type Spans, timeOf } from './spans.js';

/** What a submission says of a job. */
export interface JobNames {
  readonly id: string;
  readonly executorClass: string;
}

/** Children of a fan-out: they follow each other from `base` on. */
interface Children {
  readonly base: number;
  readonly count: number;
  readonly of: JobNames;
}

/** When an entry was accepted, in which turn, and whether this process made the turn. */
export interface Moment {
  readonly atMs: number;
  readonly turn: number;
  /** Spans are sent by the process that made the turn of their end, so that each is sent once. */
  readonly isOurs: boolean;
}

export class DagTrace {
  readonly #jobs = new Map<number, Span>();
  readonly #attempts = new Map<number, Span>();
  readonly #children: Children[] = [];

  constructor(
    private readonly spans: Spans,
    private readonly span: Span,
    private readonly place: { readonly cell: string; readonly dag: number; readonly run: number },
    private readonly names: readonly JobNames[],
  ) {}

  /** Something that happened to the DAG. */
  note(what: string, { atMs, turn }: Moment, attributes: Attributes = {}): void {
    this.span.addEvent(what, { 'marie.turn': turn, ...attributes }, timeOf(atMs));
  }

  fannedOut(job: number, base: number, count: number): void {
    if (!this.#children.some((known) => known.base === base)) {
      this.#children.push({ base, count, of: this.#nameOf(job) });
    }
  }

  /** Something that happened to a job; its span begins with the first of these. */
  job(job: number, what: string, moment: Moment, attributes: Attributes = {}): void {
    this.#jobSpan(job, moment)?.addEvent(what, { 'marie.turn': moment.turn, ...attributes }, timeOf(moment.atMs));
  }

  jobEnded(job: number, moment: Moment, failure: string | null, outcome: string): void {
    const span = this.#jobSpan(job, moment);
    this.#jobs.delete(job);
    if (span === null || !moment.isOurs) return;
    endSpan(span, moment.atMs, failure, { 'marie.outcome': outcome, 'marie.turn.ended': moment.turn });
  }

  attemptBegan(token: number, job: number, moment: Moment, attributes: Attributes): void {
    const parent = this.#jobSpan(job, moment);
    if (parent === null) return;
    const { cell } = this.place;
    const { id } = this.#nameOf(job);
    const span = this.spans.below(parent, {
      name: `attempt ${id}`,
      spanId: spanIdOf('lease', cell, token),
      atMs: moment.atMs,
      attributes: { 'marie.job': id, 'marie.turn': moment.turn, ...attributes },
    });
    if (span !== null) this.#attempts.set(token, span);
  }

  attempt(token: number, what: string, { atMs, turn }: Moment): void {
    this.#attempts.get(token)?.addEvent(what, { 'marie.turn': turn }, timeOf(atMs));
  }

  attemptEnded(token: number, moment: Moment, failure: string | null, reason: string): void {
    const span = this.#attempts.get(token);
    this.#attempts.delete(token);
    if (span === undefined || !moment.isOurs) return;
    endSpan(span, moment.atMs, failure, { 'marie.reason': reason, 'marie.turn.ended': moment.turn });
  }

  ended(moment: Moment, outcome: string): void {
    if (!moment.isOurs) return;
    const failure = outcome === 'succeeded' ? null : outcome;
    endSpan(this.span, moment.atMs, failure, { 'marie.outcome': outcome, 'marie.turn.ended': moment.turn });
  }

  #jobSpan(job: number, { atMs, turn }: Moment): Span | null {
    const known = this.#jobs.get(job);
    if (known !== undefined) return known;
    const { cell, dag, run } = this.place;
    const { id, executorClass } = this.#nameOf(job);
    const span = this.spans.below(this.span, {
      name: `job ${id}`,
      spanId: spanIdOf('job', cell, dag, job, run),
      atMs,
      attributes: { 'marie.job': id, 'marie.class': executorClass, 'marie.turn': turn },
    });
    if (span !== null) this.#jobs.set(job, span);
    return span;
  }

  #nameOf(job: number): JobNames {
    const known = this.names[job];
    if (known !== undefined) return known;
    const fan = this.#children.find(({ base, count }) => job >= base && job < base + count);
    if (fan === undefined) return { id: `#${job}`, executorClass: '' };
    return { id: childName(fan.of.id, job - fan.base), executorClass: fan.of.executorClass };
  }
}
