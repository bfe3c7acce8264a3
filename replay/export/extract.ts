/** Turns a history into the rows of an export: one pass over its events, without a fold. */
import { inputOf } from '../../src/catalogue/caused.js';
import { isInput } from '../../src/catalogue/codec.js';
import { Code, LANE_NAMES, nameOf } from '../../src/catalogue/generated/codes.js';
import type {
  AnyEntry,
  EntryOf,
  EventEntry,
  JobsFannedOut,
  LeaseGranted,
  RegisterExecutor,
  SlotReportedHeld,
  SubmitDag,
  TurnRecord,
} from '../../src/catalogue/generated/types.js';
import { OUTCOMES } from '../../src/catalogue/outcomes.js';
import { fieldName } from '../../src/scheduler/views/evidence.js';
import { className } from '../../src/simulate/class-name.js';
import { deadlineOf } from '../../src/simulate/report/deadline.js';
import { reportedLease } from '../reported-lease.js';
import { type Dag, dagRowOf, jobNameOf, specOf } from './dag.js';
import type { TakeRow } from './tables.js';
import { WaitClock, type WaitSplit } from './wait-clock.js';

interface Lease {
  readonly token: number;
  readonly dag: Dag | undefined;
  readonly job: number;
  readonly attempt: number;
  readonly executor: string;
  readonly executorSeq: number;
  readonly class: string;
  readonly grantedAtMs: number;
  slots: number;
  isOver: boolean;
}

export class Extraction {
  readonly #take: TakeRow;
  readonly #dags = new Map<number, Dag>();
  readonly #leases = new Map<number, Lease>();
  readonly #executors = new Map<number, { readonly id: string; class: string; slots: number }>();
  readonly #clock = new WaitClock();
  #at = 0;

  constructor(take: TakeRow) {
    this.#take = take;
  }

  take(record: TurnRecord): void {
    this.#at = record.at;
    record.entries.forEach((entry, index) => {
      if (isInput(entry)) return;
      this.#beforeLife(entry, record.entries);
      this.#lifecycle(entry, record, index);
      this.#note(entry, record);
    });
  }

  /** What hasn't ended when the history does. */
  finish(): void {
    for (const lease of this.#leases.values()) {
      if (!lease.isOver) this.#leaseRow(lease, null, null);
      this.#slotRow(lease, null, null, null);
    }
    for (const dag of this.#dags.values()) if (dag.outcome !== 'succeeded') this.#take('dags', dagRowOf(dag, this.#at));
  }

  /** Names must be known before an event is told. */
  #beforeLife(entry: EventEntry, entries: readonly AnyEntry[]): void {
    if (entry.code === Code.DagAccepted) this.#accepted(entry.body.dag, inputOf(Code.SubmitDag, entry, entries));
    else if (entry.code === Code.ExecutorRegistered)
      this.#registered(entry.body.executor, inputOf(Code.RegisterExecutor, entry, entries));
    else if (entry.code === Code.JobsFannedOut) this.#fannedOut(entry.body);
    else if (entry.code === Code.LeaseGranted) this.#granted(entry.body);
    else if (entry.code === Code.SlotReportedHeld)
      this.#reportedHeld(entry.body, inputOf(Code.RegisterExecutor, entry, entries));
  }

  #note(entry: EventEntry, record: TurnRecord): void {
    const at = this.#at;
    switch (entry.code) {
      case Code.DagHeld:
        return this.#clock.block(at, entry.body.dag, 'held', true);
      case Code.DagReleased:
        return this.#clock.block(at, entry.body.dag, 'held', false);
      case Code.DagPaused:
        return this.#clock.block(at, entry.body.dag, 'paused', true);
      case Code.DagResumed:
        return this.#clock.block(at, entry.body.dag, 'paused', false);
      case Code.DeadlineChanged: {
        const dag = this.#dags.get(entry.body.dag);
        if (dag !== undefined) dag.deadline = deadlineOf(entry.body);
        return;
      }
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#ended(entry.body.dag, OUTCOMES[entry.code]);
      case Code.DagReopened:
        return this.#reopened(entry.body.dag);
      case Code.DagForgotten:
        if (entry.body.last) this.#forgotten(entry.body.dag);
        return;
      default:
        return this.#noteJob(entry, record);
    }
  }

  #noteJob(entry: EventEntry, record: TurnRecord): void {
    const at = this.#at;
    switch (entry.code) {
      case Code.JobReadied:
        return this.#clock.phase(at, entry.body.dag, entry.body.job, 'ready');
      case Code.RetryScheduled:
        return this.#begin(entry.body.dag, entry.body.job, 'backoff');
      case Code.JobReleased:
        return this.#begin(entry.body.dag, entry.body.job, 'ready');
      case Code.JobReopened:
        return this.#begin(entry.body.dag, entry.body.job, 'dependency');
      case Code.JobCancelled:
      case Code.JobSkipped:
      case Code.JobSucceeded:
        this.#clock.end(at, entry.body.dag, entry.body.job);
        return;
      case Code.SlotReserved:
      case Code.SlotReportedHeld:
        return this.#reserved(entry.body.token, entry.body.slots);
      case Code.JobDispatched:
        return this.#dispatched(entry, record);
      case Code.LeaseReleased:
        return this.#leaseEnded(entry.body.token, entry.body.reason);
      case Code.LeaseExpired:
        return this.#leaseEnded(entry.body.token, 'executor-lost');
      case Code.SlotReleased:
        return this.#freed(entry.body.token, 'released', entry.body.occupancyMs);
      case Code.SlotWithdrawn:
        return this.#withdrawn(entry.body.token);
      case Code.ExecutorResized:
        return this.#resized(entry.body.executor, entry.body.slots);
      case Code.ExecutorLost:
      case Code.ExecutorDeregistered:
        return this.#left(entry.body.executor);
      default:
    }
  }

  #accepted(seq: number, submission: SubmitDag): void {
    const { tenant, dagId, name, priority, jobs } = submission;
    this.#dags.set(seq, {
      seq,
      tenant,
      id: dagId,
      name,
      priority,
      acceptedAtMs: this.#at,
      jobs,
      children: new Map(),
      deadline: deadlineOf(submission),
      total: jobs.length,
      endedAtMs: null,
      outcome: 'open',
    });
    jobs.forEach(({ kind }, job) => {
      if (kind === 'executor') this.#begin(seq, job, 'dependency');
    });
  }

  #begin(seq: number, job: number, phase: 'dependency' | 'backoff' | 'ready'): void {
    const dag = this.#dags.get(seq);
    const spec = dag === undefined ? undefined : specOf(dag, job);
    if (spec !== undefined) this.#clock.begin(this.#at, seq, job, className(spec.group, spec.executorClass), phase);
  }

  #fannedOut({ dag: seq, job, base, from, to }: JobsFannedOut): void {
    const dag = this.#dags.get(seq);
    if (dag === undefined) return;
    this.#clock.end(this.#at, seq, job);
    // Where it was made anew, it may be in the places that it had.
    dag.total = Math.max(dag.total, to);
    for (let index = from; index < to; index++) {
      dag.children.set(index, { parent: job, place: index - base });
      this.#begin(seq, index, 'dependency');
    }
  }

  #granted(body: LeaseGranted): void {
    const lease = this.#hold(body, false);
    const split = this.#clock.end(this.#at, body.dag, body.job);
    if (split !== null) this.#waitRow(lease, split);
  }

  /** Work that nobody had said the end of goes on, whose lease is over: it holds slots once more. */
  #reportedHeld({ token, executor }: SlotReportedHeld, by: RegisterExecutor): void {
    this.#hold({ ...reportedLease(token, by), executor }, true);
  }

  #hold({ token, dag, job, attempt, executor: seq }: LeaseGranted, isOver: boolean): Lease {
    const { id, class: name } = this.#executors.get(seq)!;
    const lease = {
      token,
      dag: this.#dags.get(dag),
      job,
      attempt,
      executor: id,
      executorSeq: seq,
      class: name,
      grantedAtMs: this.#at,
      slots: 0,
      isOver,
    };
    this.#leases.set(token, lease);
    return lease;
  }

  #reserved(token: number, slots: number): void {
    const lease = this.#leases.get(token);
    if (lease === undefined) return;
    lease.slots = slots;
    this.#clock.change(this.#at, lease.class, { taken: slots });
  }

  #leaseEnded(token: number, end: string): void {
    const lease = this.#leases.get(token);
    if (lease === undefined) return;
    lease.isOver = true;
    this.#leaseRow(lease, this.#at, end);
  }

  #freed(token: number, how: string, occupancyMs: number | null): void {
    const lease = this.#leases.get(token);
    if (lease === undefined) return;
    this.#leases.delete(token);
    this.#clock.change(this.#at, lease.class, { taken: -lease.slots });
    this.#slotRow(lease, this.#at, how, occupancyMs ?? this.#at - lease.grantedAtMs);
  }

  /** Nobody said that the work had stopped: its executor has so many slots fewer, until it registers again. */
  #withdrawn(token: number): void {
    const lease = this.#leases.get(token);
    this.#freed(token, 'withdrawn', null);
    const executor = lease === undefined ? undefined : this.#executors.get(lease.executorSeq);
    if (executor !== undefined && executor.slots >= 0) {
      this.#resized(lease!.executorSeq, Math.max(0, executor.slots - lease!.slots));
    }
  }

  #registered(seq: number, { executor, group, executorClass, slots }: RegisterExecutor): void {
    const name = className(group, executorClass);
    const known = this.#executors.get(seq);
    // Also one that offered no slots was one of its class.
    if (known !== undefined && known.class !== name) this.#left(seq);
    const isNew = known === undefined || known.slots < 0 || known.class !== name;
    if (isNew) {
      this.#executors.set(seq, { id: executor, class: name, slots: 0 });
      this.#clock.change(this.#at, name, { executors: 1 });
    }
    this.#resized(seq, slots);
  }

  #resized(seq: number, slots: number): void {
    const executor = this.#executors.get(seq);
    if (executor === undefined || executor.slots === slots) return;
    this.#clock.change(this.#at, executor.class, { slots: slots - Math.max(0, executor.slots) });
    executor.slots = slots;
    const { id, class: name } = executor;
    this.#take('capacity', { since_at: this.#at, executor: id, class: name, slots });
  }

  /** Slots of -1 say that it isn't there. */
  #left(seq: number): void {
    const executor = this.#executors.get(seq);
    if (executor === undefined || executor.slots < 0) return;
    this.#resized(seq, 0);
    this.#clock.change(this.#at, executor.class, { executors: -1 });
    executor.slots = -1;
  }

  /** A DAG has the row of its last run: only one that has succeeded can't be run again. */
  #ended(seq: number, outcome: string): void {
    this.#clock.drop(seq);
    const dag = this.#dags.get(seq);
    if (dag === undefined) return;
    dag.endedAtMs = this.#at;
    dag.outcome = outcome;
    if (outcome === 'succeeded') this.#take('dags', dagRowOf(dag, this.#at));
  }

  #reopened(seq: number): void {
    const dag = this.#dags.get(seq);
    if (dag === undefined) return;
    dag.endedAtMs = null;
    dag.outcome = 'open';
  }

  #forgotten(seq: number): void {
    const dag = this.#dags.get(seq);
    this.#dags.delete(seq);
    if (dag !== undefined && dag.outcome !== 'succeeded') this.#take('dags', dagRowOf(dag, this.#at));
  }

  #dispatched(
    { body: { token, evidence } }: EntryOf<typeof Code.JobDispatched>,
    { turn, at, policy }: TurnRecord,
  ): void {
    const lease = this.#leases.get(token)!;
    const spec = lease.dag === undefined ? undefined : specOf(lease.dag, lease.job);
    const { cost, priority, tenantTag, dagFinish, freeAfter, lane, decidedBy, backfill } = evidence;
    this.#take('dispatches', {
      token,
      turn,
      dispatched_at: at,
      ...this.#job(lease),
      executor: lease.executor,
      class: lease.class,
      estimate_ms: spec?.estimateMs ?? null,
      policy,
      lane: LANE_NAMES.get(lane) ?? null,
      cost,
      priority,
      tenant_tag: tenantTag,
      dag_finish: dagFinish,
      free_after: freeAfter,
      decided_by: fieldName(decidedBy),
      backfill,
    });
  }

  #job({ dag, job, attempt }: Lease) {
    return {
      ...namesOf(dag),
      job: dag === undefined ? null : jobNameOf(dag, job),
      attempt,
    };
  }

  #waitRow(lease: Lease, split: WaitSplit): void {
    const { fromMs, dependency, held, paused, backoff, noExecutor, full, other } = split;
    this.#take('waits', {
      ...this.#job(lease),
      class: lease.class,
      waited_from: fromMs,
      dispatched_at: this.#at,
      wait_ms: this.#at - fromMs,
      dependency_ms: dependency,
      held_ms: held,
      paused_ms: paused,
      backoff_ms: backoff,
      no_executor_ms: noExecutor,
      full_ms: full,
      other_ms: other,
    });
  }

  #leaseRow(lease: Lease, endedAtMs: number | null, outcome: string | null): void {
    const { token, executor, class: name, grantedAtMs } = lease;
    const row = { token, ...this.#job(lease), executor, class: name, granted_at: grantedAtMs };
    this.#take('leases', { ...row, ended_at: endedAtMs, outcome });
  }

  #slotRow(lease: Lease, freedAtMs: number | null, how: string | null, occupancyMs: number | null): void {
    const { token, executor, class: name, slots, dag, grantedAtMs } = lease;
    this.#take('slots', {
      token,
      executor,
      class: name,
      slots,
      ...namesOf(dag),
      reserved_at: grantedAtMs,
      freed_at: freedAtMs,
      how,
      occupancy_ms: occupancyMs,
    });
  }

  #lifecycle(entry: EventEntry, { turn, at }: TurnRecord, index: number): void {
    const body = entry.body as Readonly<Record<string, unknown>>;
    const lease = typeof body['token'] === 'number' ? this.#leases.get(body['token']) : undefined;
    const dag = typeof body['dag'] === 'number' ? this.#dags.get(body['dag']) : lease?.dag;
    const job = typeof body['job'] === 'number' ? body['job'] : (lease?.job ?? null);
    const executor = typeof body['executor'] === 'number' ? this.#executors.get(body['executor'])?.id : lease?.executor;
    const code = [body['reason'], body['code'], body['outcome']].find((value) => typeof value === 'string');
    this.#take('lifecycle', {
      turn,
      entry: index,
      happened_at: at,
      event: nameOf(entry.code),
      ...namesOf(dag),
      job: dag === undefined || job === null || job < 0 ? null : jobNameOf(dag, job),
      attempt: typeof body['attempt'] === 'number' ? body['attempt'] : (lease?.attempt ?? null),
      executor: executor ?? null,
      code: typeof code === 'string' && code !== '' ? code : null,
    });
  }
}

function namesOf(dag: Dag | undefined) {
  return { dag_seq: dag?.seq ?? null, tenant: dag?.tenant ?? null, dag: dag?.id ?? null };
}
