/**
 * From accepted turns to traces: what became of a DAG and of its jobs, from submission to end. Nothing is measured here
 * that isn't in the journal: spans begin and end when the turns of their events were durable.
 */

import type { Attributes } from '@opentelemetry/api';
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, BodyOf, EntryOf, EventEntry, SubmitDag } from '../../catalogue/generated/types.js';
import { OUTCOMES } from '../../catalogue/outcomes.js';
import type { AcceptedTurn } from '../../outbox/port.js';
import { DagTrace, type JobNames, type Moment } from './dag-trace.js';
import { spanIdOf, traceIdOf } from './ids.js';
import { remoteParent, type Spans } from './spans.js';

/** What happens to a DAG on its way, and how its span tells it. */
const NOTES: ReadonlyMap<number, string> = new Map([
  [Code.DagHeld, 'held'],
  [Code.DagReleased, 'released'],
  [Code.DagPaused, 'paused'],
  [Code.DagResumed, 'resumed'],
  [Code.DagReprioritized, 'reprioritized'],
  [Code.DeadlineChanged, 'deadline changed'],
  [Code.DeadlineAtRisk, 'deadline at risk'],
  [Code.DeadlineMissed, 'deadline missed'],
  [Code.HardDeadlinePassed, 'hard deadline passed'],
  [Code.DagEnding, 'ending'],
]);

/** What happens to a job before it ends, and how its span tells it. */
const JOB_NOTES: ReadonlyMap<number, string> = new Map([
  [Code.JobReadied, 'ready'],
  [Code.SignalAwaited, 'signal awaited'],
  [Code.SignalResolved, 'signal resolved'],
  [Code.RetryScheduled, 'retry scheduled'],
  [Code.JobReleased, 'released'],
]);

export class JobTracer {
  readonly #dags = new Map<number, DagTrace>();
  readonly #ofToken = new Map<number, DagTrace>();
  readonly #granted = new Map<number, BodyOf<typeof Code.LeaseGranted>>();

  constructor(
    private readonly spans: Spans,
    private readonly cell: string,
  ) {}

  /** DAGs that are followed now. */
  get open(): number {
    return this.#dags.size;
  }

  /** Follows an accepted turn; turns come in order. */
  take({ turn, atMs, timings, entries }: AcceptedTurn): void {
    const moment = { atMs: timings?.appendedAtMs ?? atMs, turn, isOurs: timings !== undefined };
    for (const entry of entries) if (!('envelope' in entry)) this.#event(entry, entries, moment);
  }

  #event(event: EventEntry, entries: readonly AnyEntry[], moment: Moment): void {
    switch (event.code) {
      case Code.DagAccepted:
        return this.#accepted(event, entries, moment);
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(event.body.dag, moment, OUTCOMES[event.code]);
      case Code.DagReopened:
        return this.#begin(event.body.dag, event.body.run, null, moment);
      case Code.JobsFannedOut: {
        const { dag, job, base, count } = event.body;
        return this.#dags.get(dag)?.fannedOut(job, base, count);
      }
      case Code.LeaseGranted:
        if (this.#dags.has(event.body.dag)) this.#granted.set(event.body.token, event.body);
        return;
      case Code.JobDispatched:
        return this.#dispatched(event.body.token, moment);
      case Code.DispatchAcknowledged:
        return this.#ofToken.get(event.body.token)?.attempt(event.body.token, 'acknowledged', moment);
      case Code.LeaseReleased:
        return this.#released(event.body.token, event.body.reason, moment);
      case Code.LeaseExpired:
        return this.#released(event.body.token, 'expired', moment);
      default:
        return this.#job(event, moment);
    }
  }

  #job(event: EventEntry, moment: Moment): void {
    switch (event.code) {
      case Code.JobSucceeded:
        return this.#jobEnded(event.body, moment, null, 'succeeded');
      case Code.JobFailed:
        if (event.body.final) return this.#jobEnded(event.body, moment, event.body.code, 'failed');
        return this.#dags.get(event.body.dag)?.job(event.body.job, 'attempt failed', moment, { code: event.body.code });
      case Code.JobTimedOut:
        if (event.body.final) return this.#jobEnded(event.body, moment, 'timed-out', 'failed');
        return this.#dags.get(event.body.dag)?.job(event.body.job, 'attempt timed out', moment);
      case Code.JobCancelled:
        return this.#jobEnded(event.body, moment, event.body.reason, 'cancelled');
      case Code.JobSkipped:
        return this.#jobEnded(event.body, moment, null, 'skipped');
      default:
        return this.#note(event, moment);
    }
  }

  #note(event: EventEntry, moment: Moment): void {
    const ofJob = JOB_NOTES.get(event.code);
    if (ofJob !== undefined && 'job' in event.body && 'dag' in event.body) {
      return this.#dags.get(event.body.dag)?.job(event.body.job, ofJob, moment);
    }
    const ofDag = NOTES.get(event.code);
    if (ofDag !== undefined && 'dag' in event.body) this.#dags.get(event.body.dag)?.note(ofDag, moment);
  }

  #accepted({ body, cause }: EntryOf<typeof Code.DagAccepted>, entries: readonly AnyEntry[], moment: Moment): void {
    const input = entries[cause];
    if (input?.code === Code.SubmitDag) this.#begin(body.dag, 1, input, moment);
  }

  /** A run begins: with a submission, at the moment of its receipt; reopened, with the turn. */
  #begin(
    dag: number,
    run: number,
    submitted: { readonly body: SubmitDag; readonly envelope: Envelope } | null,
    moment: Moment,
  ): void {
    const atMs = submitted === null ? moment.atMs : Math.min(submitted.envelope.receivedAtMs, moment.atMs);
    const start = {
      name: nameOf(submitted?.body ?? null, dag),
      spanId: spanIdOf('dag', this.cell, dag, run),
      atMs,
      attributes: { ...this.#attributes(submitted?.body ?? null), 'marie.run': run, 'marie.turn': moment.turn },
    };
    const parent = remoteParent(submitted?.envelope.traceparent ?? null);
    const span = this.spans.root(start, traceIdOf(this.cell, dag), parent);
    if (span === null) return;
    const names: readonly JobNames[] = submitted?.body.jobs.map(namesOf) ?? [];
    const trace = new DagTrace(this.spans, span, { cell: this.cell, dag, run }, names);
    trace.note(submitted === null ? 'reopened' : 'accepted', moment);
    this.#dags.set(dag, trace);
  }

  #attributes(body: SubmitDag | null): Attributes {
    if (body === null) return { 'marie.cell': this.cell };
    const { dagId, tenant, priority, jobs } = body;
    const what = { 'marie.dag': dagId, 'marie.tenant': tenant, 'marie.priority': priority, 'marie.jobs': jobs.length };
    return { 'marie.cell': this.cell, ...what };
  }

  #dispatched(token: number, moment: Moment): void {
    const lease = this.#granted.get(token);
    this.#granted.delete(token);
    const trace = lease === undefined ? undefined : this.#dags.get(lease.dag);
    if (lease === undefined || trace === undefined) return;
    const { attempt, executor, job } = lease;
    const attributes = { 'marie.attempt': attempt, 'marie.executor': executor, 'marie.token': token };
    trace.attemptBegan(token, job, moment, attributes);
    this.#ofToken.set(token, trace);
  }

  #released(token: number, reason: string, moment: Moment): void {
    this.#ofToken.get(token)?.attemptEnded(token, moment, reason === 'completed' ? null : reason, reason);
    this.#ofToken.delete(token);
  }

  #jobEnded({ dag, job }: OfJob, moment: Moment, failure: string | null, outcome: string): void {
    this.#dags.get(dag)?.jobEnded(job, moment, failure, outcome);
  }

  #ended(dag: number, moment: Moment, outcome: string): void {
    this.#dags.get(dag)?.ended(moment, outcome);
    this.#dags.delete(dag);
  }
}

interface Envelope {
  readonly receivedAtMs: number;
  readonly traceparent: string | null;
}

interface OfJob {
  readonly dag: number;
  readonly job: number;
}

function nameOf(body: SubmitDag | null, dag: number): string {
  if (body === null) return `dag #${dag}`;
  return `dag ${body.name === '' ? body.dagId : body.name}`;
}

/** Copies, so that the rest of the submission can leave the memory. */
function namesOf({ id, executorClass }: JobNames): JobNames {
  return { id, executorClass };
}
