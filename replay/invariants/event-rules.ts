/** What must hold when an event is decided: on the state before it, and of the turn that it is in. */
import { isInput } from '../../src/catalogue/codec.js';
import { Code, DagState, JobState, LeaseState } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, LeaseRef, TurnRecord } from '../../src/catalogue/generated/types.js';
import { ExecutorState } from '../../src/kernel/rows/flags.js';
import type { State } from '../../src/kernel/rows/state.js';
import { type RowName, rowName, type Violations } from './violation.js';

/** Inputs that may come to nothing: they say again what is known. */
const MAY_SAY_NOTHING: ReadonlySet<number> = new Set([Code.Heartbeat, Code.AcknowledgeDispatch, Code.ReportProgress]);

interface JobKey {
  readonly dag: number;
  readonly job: number;
}

export class EventRules {
  #record: TurnRecord | null = null;
  #published = 0;
  /** The highest token that was granted before the turn. */
  #tokensBefore = 0;
  /** Tokens of a lease without its slot, and of a slot without its dispatch; 0 for none. */
  #granted = 0;
  #reserved = 0;
  /** For each entry of the turn whether an event names it as its cause. */
  #answered = new Uint8Array(1024);

  constructor(
    private readonly state: State,
    private readonly violations: Violations,
  ) {}

  /** A turn begins. */
  begin(record: TurnRecord): void {
    const { cell, cellRow } = this.state;
    this.#record = record;
    this.#tokensBefore = cell.c.nextToken[cellRow]!;
    this.#granted = 0;
    this.#reserved = 0;
    if (record.entries.length > this.#answered.length) this.#answered = new Uint8Array(record.entries.length * 2);
    else this.#answered.fill(0, 0, record.entries.length);
    const { published, turn } = record;
    if (published >= turn)
      this.violations.add('I10', 'turns that were published before this one', [], published, turn - 1);
    if (published < this.#published)
      this.violations.add('I10', 'turns that are published', [], published, this.#published);
    this.#published = published;
  }

  /** An event is about to be applied. */
  event(entry: EventEntry): void {
    if (entry.cause >= 0) this.#answered[entry.cause] = 1;
    switch (entry.code) {
      case Code.LeaseGranted:
        return this.#leaseGranted(entry.body);
      case Code.SlotReserved:
        return this.#slotReserved(entry.body);
      case Code.JobDispatched:
        return this.#jobDispatched(entry.body);
      case Code.LeaseReleased:
        return this.#mustBeInForce(entry.body.token);
      case Code.DispatchAcknowledged:
        return this.#mustBeShown(entry.body.token);
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.#dagEnds(entry.body.dag);
      case Code.DagReopened:
        return this.#dagReopened(entry.body.dag);
      case Code.ExecutorForgotten:
        return this.#executorForgotten(entry.body.executor);
      default:
        return this.#jobEvent(entry);
    }
  }

  /** The turn is over: nothing of it is left halfway, and every input was answered (I9, law 6). */
  end(): void {
    const { entries } = this.#record!;
    this.#mustBeWhole();
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!isInput(entry) || MAY_SAY_NOTHING.has(entry.code) || this.#answered[i] === 1) continue;
      this.violations.add('I9', `events that answer input ${entry.envelope.inputId}`, [], 0, 1);
    }
  }

  #jobEvent(entry: EventEntry): void {
    switch (entry.code) {
      case Code.JobReadied:
      case Code.SignalAwaited:
        return this.#begins(entry.body);
      case Code.JobsFannedOut:
        if (entry.body.from === entry.body.base) this.#begins(entry.body);
        return;
      case Code.JobSucceeded:
        if (this.#stateOf(entry.body) === JobState.waiting) this.#begins(entry.body);
        return this.#ends(entry);
      case Code.JobFailed:
      case Code.JobTimedOut:
      case Code.JobCancelled:
      case Code.JobSkipped:
      case Code.JobReleased:
        return this.#ends(entry);
      default:
    }
  }

  /** I4: tokens only rise, and an attempt has one lease in force. */
  #leaseGranted(body: { readonly token: number } & JobKey): void {
    const { token } = body;
    const { cell, cellRow, jobs, leases } = this.state;
    this.#mustBeWhole();
    this.#granted = token;
    const last = cell.c.nextToken[cellRow]!;
    if (token <= last) this.violations.add('I4', 'token of a new lease, which must be above', [], token, last);
    const row = this.#row(body);
    if (row === 0) return;
    const lease = leases.find(jobs.c.token[row]!);
    if (lease !== 0 && leases.c.state[lease] === LeaseState.inForce) {
      this.violations.add('I4', 'leases in force of a job', [rowName(jobs, row), rowName(leases, lease)], 2, 1);
    }
    const jobState = jobs.c.state[row]!;
    if (jobState !== JobState.ready) {
      this.#add('I7', 'state of a job that is dispatched', row, jobState, JobState.ready);
    }
  }

  /** I5: no grant beyond what the executor advertises, less what has not stopped. */
  #slotReserved({
    token,
    executor,
    slots,
  }: {
    readonly token: number;
    readonly executor: number;
    readonly slots: number;
  }): void {
    const { executors } = this.state;
    if (token !== this.#granted)
      this.violations.add('law 6', 'token of a slot that is reserved', [], token, this.#granted);
    this.#granted = 0;
    this.#reserved = token;
    const row = executors.find(executor);
    const { c } = executors;
    if (row === 0 || c.state[row] !== ExecutorState.live) {
      const own: RowName = { table: executors.table.name, key: [executor, 0] };
      return this.violations.add('I5', 'live executors for a slot that is reserved', [own], 0, 1);
    }
    const used = c.reserved[row]! + c.reclaiming[row]! + slots;
    const most = c.slots[row]! - c.withdrawn[row]!;
    if (used > most)
      this.violations.add('I5', 'slots in use after a grant, at most', [rowName(executors, row)], used, most);
  }

  /** I5: who may come to work yet, or may still be working, is known. */
  #executorForgotten(seq: number): void {
    const { executors } = this.state;
    const row = executors.find(seq);
    const { state, reserved, reclaiming } = executors.c;
    const rows: readonly RowName[] = [{ table: executors.table.name, key: [seq, 0] }];
    if (state[row] !== ExecutorState.lost && state[row] !== ExecutorState.left) {
      this.violations.add('I5', 'executors that left or were lost, of one that is forgotten', rows, 0, 1);
    }
    const used = reserved[row]! + reclaiming[row]!;
    if (used !== 0) this.violations.add('I5', 'slots in use of an executor that is forgotten', rows, used, 0);
  }

  /** Law 6: a job leaves with a lease and a slot, taken in the same turn. */
  #jobDispatched({ token }: { readonly token: number }): void {
    if (token !== this.#reserved) this.violations.add('law 6', 'token of a dispatch', [], token, this.#reserved);
    this.#reserved = 0;
  }

  #mustBeWhole(): void {
    const token = this.#granted || this.#reserved;
    if (token === 0) return;
    const own: RowName = { table: this.state.leases.table.name, key: [token, 0] };
    this.violations.add('law 6', 'dispatches of a lease in its turn', [own], 0, 1);
    this.#granted = 0;
    this.#reserved = 0;
  }

  /** Law 8: a lease ends once. */
  #mustBeInForce(token: number): void {
    const { leases } = this.state;
    const lease = leases.find(token);
    if (lease !== 0 && leases.c.state[lease] === LeaseState.inForce) return;
    const own: RowName = { table: leases.table.name, key: [token, 0] };
    this.violations.add('I6', 'leases in force that are released', [own], 0, 1);
  }

  /** I10: nobody answers a dispatch that no accepted turn has made. */
  #mustBeShown(token: number): void {
    if (token <= this.#tokensBefore) return;
    const own: RowName = { table: this.state.leases.table.name, key: [token, 0] };
    this.violations.add(
      'I10',
      'token that was answered, of those granted before the turn',
      [own],
      token,
      this.#tokensBefore,
    );
  }

  /** I7: a job begins when those before it allow it. What its row counts of them is counted itself (upstreams.ts). */
  #begins(key: JobKey): void {
    const { jobs } = this.state;
    const row = this.#row(key);
    if (row === 0) return;
    this.#mustBeOpen(row);
    const { state, join, left, good, bad, parent } = jobs.c;
    if (state[row] !== JobState.waiting || parent[row] !== 0) return;
    if (join[row] !== 0) {
      if (good[row]! < join[row]!) this.#add('I7', 'jobs before it that ended well', row, good[row]!, join[row]!);
      return;
    }
    if (left[row] !== 0) this.#add('I7', 'jobs before one that begins, which have not ended', row, left[row]!, 0);
    if (bad[row] !== 0) this.#add('I7', 'jobs before one that begins, which ended badly', row, bad[row]!, 0);
  }

  /** I6: one end for each job and run; the callback that brings it has the token of the lease in force. */
  #ends(entry: EventEntry & { readonly body: JobKey }): void {
    const { jobs } = this.state;
    const row = this.#row(entry.body);
    if (row === 0) return;
    this.#mustBeOpen(row);
    const lease = leaseOf(this.#record!.entries[entry.cause]);
    if (lease === null || lease.dag !== entry.body.dag || lease.job !== entry.body.job) return;
    this.#mustBeShown(lease.token);
    if (lease.token !== jobs.c.token[row]) {
      this.#add('I6', 'token of a callback that counts', row, lease.token, jobs.c.token[row]!);
    }
  }

  #mustBeOpen(row: number): void {
    const jobState = this.state.jobs.c.state[row]!;
    if (jobState < JobState.succeeded) return;
    this.#add('I6', 'state of a job that ends, begins or is given back, below', row, jobState, JobState.succeeded);
  }

  /** I6: a DAG ends once a run, after all of its jobs. */
  #dagEnds(seq: number): void {
    const { dags } = this.state;
    const dag = dags.find(seq);
    if (dag === 0) return;
    const { state, jobsLeft } = dags.c;
    const own = [rowName(dags, dag)];
    if (state[dag]! > DagState.ending)
      this.violations.add('I6', 'state of a DAG that ends, at most', own, state[dag]!, DagState.ending);
    if (jobsLeft[dag] !== 0) this.violations.add('I6', 'jobs left of a DAG that ends', own, jobsLeft[dag]!, 0);
  }

  #dagReopened(seq: number): void {
    const { dags } = this.state;
    const dag = dags.find(seq);
    if (dag === 0 || dags.c.state[dag]! > DagState.ending) return;
    this.violations.add(
      'I6',
      'state of a DAG that is reopened, above',
      [rowName(dags, dag)],
      dags.c.state[dag]!,
      DagState.ending,
    );
  }

  #add(invariant: 'I6' | 'I7', what: string, row: number, found: number, expected: number): void {
    this.violations.add(invariant, what, [rowName(this.state.jobs, row)], found, expected);
  }

  #stateOf(key: JobKey): number {
    return this.state.jobs.c.state[this.#row(key)]!;
  }

  #row({ dag, job }: JobKey): number {
    const { dags, space } = this.state;
    const row = dags.find(dag);
    return row === 0 ? 0 : space.handle(row, job);
  }
}

/** The lease that a terminal callback names; null for everything else. */
function leaseOf(entry: AnyEntry | undefined): LeaseRef | null {
  if (entry === undefined || !isInput(entry)) return null;
  const input: InputEntry = entry;
  switch (input.code) {
    case Code.CompleteJob:
    case Code.FailJob:
    case Code.ReturnJob:
      return input.body.lease;
    default:
      return null;
  }
}
