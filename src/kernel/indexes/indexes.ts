import { Code, DagState, JobState, LeaseState } from '../../catalogue/generated/codes.js';
import { shapeOf } from '../evolve/flows.js';
import type { Policy } from '../policy/policy.js';
import { ExecutorState } from '../rows/flags.js';
import { flowKey, tagKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { CursorLine } from './cursor-line.js';
import { DepartedExecutors } from './departed.js';
import type { FlowHeads } from './flow-heads.js';
import { Frontier } from './frontier.js';
import { HeldDags } from './held.js';
import { LeaseIndex } from './lease-index.js';
import { Placement } from './placement.js';
import { Prefetch } from './prefetch.js';
import { RetiredDags } from './retired.js';
import { TimerIndex } from './timer-index.js';

/** Bodies of events as the indexes look at them. */
interface Body {
  readonly dag: number;
  readonly job: number;
  readonly token: number;
  readonly executor: number;
  readonly class: number;
  readonly shape: number;
  readonly tenant: number;
  readonly deadline: unknown;
}

/**
 * All indexes over the rows. They hold no fact of their own: `rebuild` makes the same from the rows, and what is decided
 * with it is the same. `applied` is called after `evolve` for each event of a turn that is computed.
 */
export class Indexes {
  private frontier: Frontier;
  placement: Placement;
  held: HeldDags;
  timers: TimerIndex;
  retired: RetiredDags;
  departed: DepartedExecutors;
  /** The line of continuations. */
  readonly cursors = new CursorLine();
  private leases: LeaseIndex;
  readonly prefetch: Prefetch;
  /** The highest cursor that stands in line. */
  private noted = 0;

  constructor(private readonly state: State) {
    this.frontier = new Frontier(state);
    this.placement = new Placement(state);
    this.held = new HeldDags(state);
    this.timers = new TimerIndex(state);
    this.retired = new RetiredDags(state);
    this.departed = new DepartedExecutors(state);
    this.leases = new LeaseIndex(state);
    this.prefetch = new Prefetch(state);
  }

  /** Ready jobs by flow. */
  get heads(): FlowHeads {
    return this.frontier.heads;
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.frontier.policy;
  }

  /** Makes all indexes from the rows. */
  rebuild(): void {
    const { state } = this;
    this.frontier = new Frontier(state);
    this.placement = new Placement(state);
    this.held = new HeldDags(state);
    this.timers = new TimerIndex(state);
    this.retired = new RetiredDags(state);
    this.departed = new DepartedExecutors(state);
    this.leases = new LeaseIndex(state);
    this.placement.rebuild();
    this.departed.rebuild();
    this.rebuildJobs();
    const { dags, leases, flows, executors } = state;
    dags.table.eachRow((dag) => this.rebuildDag(dag));
    leases.table.eachRow((lease) => this.rebuildLease(lease));
    flows.table.eachRow((flow) => this.timers.watchFlow(flow));
    executors.table.eachRow((row) => {
      if (executors.c.state[row] === ExecutorState.live) this.timers.watchSession(row);
    });
    this.rebuildCursors();
  }

  private rebuildJobs(): void {
    const { jobs, space } = this.state;
    jobs.table.eachRow((job) => {
      if (jobs.c.state[job] === JobState.ready) this.frontier.addJob(space.dagOf[job]!, job);
      else if (jobs.c.state[job] === JobState.backoff) this.timers.watchBackoff(job);
    });
  }

  private rebuildDag(dag: number): void {
    const { dags } = this.state;
    if (dags.c.state[dag] === DagState.held) this.held.add(dag);
    if (dags.c.state[dag]! <= DagState.open) this.timers.watchDeadlines(dag);
  }

  private rebuildLease(lease: number): void {
    const { leases, executors } = this.state;
    if (leases.c.state[lease] === 0) return;
    this.leases.add(executors.find(leases.c.executor[lease]!), lease);
    if (leases.c.state[lease] === LeaseState.reclaiming) this.timers.watchReclaim(lease);
    else this.timers.watchExecution(lease);
  }

  private rebuildCursors(): void {
    const { cursors } = this.state;
    const found: number[] = [];
    cursors.table.eachRow((row) => {
      if (cursors.c.kind[row] !== 0) found.push(cursors.keyA[row]!);
    });
    found.sort((a, b) => a - b);
    this.cursors.clear();
    for (const seq of found) this.cursors.push(seq);
    this.noted = this.state.cell.c.nextCursor[this.state.cellRow]!;
  }

  /** Cursors made since the last look join the line; their numbers only rise. */
  private noteCursors(): void {
    const { cell, cellRow } = this.state;
    const last = cell.c.nextCursor[cellRow]!;
    while (this.noted < last) {
      this.noted += 1;
      this.cursors.push(this.noted);
    }
  }

  /** After an event: moves what the event moved. The events of each dispatch come first: cases are asked for one by one. */
  applied(code: number, body: unknown): void {
    const event = body as Body;
    this.noteCursors();
    switch (code) {
      case Code.LeaseGranted:
        return this.leaseGranted(event);
      case Code.SlotReserved:
        return this.placement.served(this.state.executors.find(event.executor));
      case Code.JobDispatched:
        return this.jobDispatched(event);
      case Code.JobReadied:
        return this.jobReadied(event);
      case Code.JobSkipped:
      case Code.JobCancelled:
        this.frontier.removeJob(this.job(event));
        this.eased(event.dag);
        return this.dagServed(event.dag);
      case Code.JobSucceeded:
      case Code.JobReopened:
        return this.dagServed(event.dag);
      case Code.JobFailed:
      case Code.JobTimedOut:
        this.dagServed(event.dag);
        return this.frontier.moved(this.state.dags.find(event.dag));
      case Code.RetryScheduled:
        return this.timers.watchBackoff(this.job(event));
      case Code.FlowRiskChanged:
        return this.flowWakes(event.dag, flowKey(event.class, event.shape));
      case Code.PolicyChanged:
        return this.frontier.policyChanged();
      case Code.ReservationMade:
      case Code.ReservationEnded:
        return this.placement.update(this.state.executors.find(event.executor));
      default:
        if (!this.executorApplied(code, event)) this.dagApplied(code, event);
    }
  }

  /** Leases and executors; false for an event that is about neither. */
  private executorApplied(code: number, event: Body): boolean {
    const { executors, leases } = this.state;
    switch (code) {
      case Code.LeaseAdopted:
      case Code.SlotReclaiming:
        this.watchReclaim(event.token);
        return true;
      case Code.SlotReportedHeld:
        this.leases.add(executors.find(event.executor), leases.find(event.token));
        this.watchReclaim(event.token);
        break;
      case Code.ExecutorRegistered:
        this.departed.moved(executors.find(event.executor));
        this.timers.watchSession(executors.find(event.executor));
        break;
      case Code.SessionExtended:
        this.timers.watchSession(executors.find(event.executor));
        break;
      case Code.ExecutorDeregistered:
      case Code.ExecutorLost:
        this.departed.moved(executors.find(event.executor));
        break;
      case Code.ExecutorResized:
      case Code.ExecutorCordoned:
      case Code.ExecutorUncordoned:
      case Code.ExecutorDrained:
        break;
      default:
        return false;
    }
    this.placement.update(executors.find(event.executor));
    return true;
  }

  private leaseGranted(event: Body): void {
    const { executors, leases } = this.state;
    const lease = leases.find(event.token);
    this.leases.add(executors.find(event.executor), lease);
    this.timers.watchExecution(lease);
  }

  private watchReclaim(token: number): void {
    const { leases } = this.state;
    const lease = leases.find(token);
    if (leases.c.state[lease] === LeaseState.reclaiming) this.timers.watchReclaim(lease);
  }

  private dagApplied(code: number, event: Body): void {
    const { dags } = this.state;
    switch (code) {
      case Code.DagAccepted:
      case Code.DeadlineRiskDeferred:
      case Code.DagReopened:
        return this.timers.watchDeadlines(dags.find(event.dag));
      case Code.DeadlineChanged:
        this.frontier.moved(dags.find(event.dag));
        return this.timers.watchDeadlines(dags.find(event.dag));
      case Code.DagHeld:
        return this.held.add(dags.find(event.dag));
      case Code.DagReleased:
        return this.held.remove(dags.find(event.dag));
      case Code.DagEnding:
        this.held.remove(dags.find(event.dag));
        return this.frontier.withdraw(dags.find(event.dag));
      case Code.DagPaused:
        return this.frontier.withdraw(dags.find(event.dag));
      case Code.DagResumed:
      case Code.DagReprioritized:
      case Code.HardDeadlinePassed:
        this.held.moved(dags.find(event.dag));
        this.frontier.withdraw(dags.find(event.dag));
        return this.frontier.enter(dags.find(event.dag));
      case Code.JobsFannedOut:
        return this.frontier.moved(dags.find(event.dag));
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.eased(event.dag);
      case Code.TenantLimitsChanged:
        return this.held.ease(event.tenant);
      default:
        return undefined;
    }
  }

  private jobReadied(event: Body): void {
    const { dags, flows, space } = this.state;
    const dag = dags.find(event.dag);
    const flow = this.frontier.addJob(dag, space.handle(dag, event.job));
    if (event.deadline !== null) this.flowWakes(event.dag, flows.keyB[flow]!);
  }

  private jobDispatched(event: Body): void {
    const { jobs } = this.state;
    const job = this.job(event);
    this.frontier.removeJob(job);
    const classSeq = jobs.c.class[job]!;
    this.frontier.told?.tagMoved(this.tagOfLease(this.state.leases.find(event.token), classSeq));
    this.dagServed(event.dag);
    this.eased(event.dag);
    if (event.deadline !== null) this.flowWakes(event.dag, flowKey(classSeq, shapeOf(jobs.c.flags[job]!)));
  }

  /** A flow has another moment at which it must be looked at, and its DAG perhaps too. */
  private flowWakes(dagSeq: number, key: number): void {
    const { dags, flows } = this.state;
    const flow = flows.find(dagSeq, key);
    if (flow !== 0) {
      this.timers.watchFlow(flow);
      this.frontier.told?.needChanged(flow);
    }
    this.timers.watchRisk(dags.find(dagSeq));
  }

  /** Takes a job out of the frontier before its dispatch is recorded; its flow is known where it was chosen. */
  removeJob(job: number, flow?: number): void {
    this.frontier.removeJob(job, flow);
  }

  /** What the release of slots moves; told with the row's values before the event, for the row is gone after it. */
  released(code: number, executor: number, lease: number, tag: number, dagSeq: number): void {
    this.noteCursors();
    this.leases.remove(executor, lease);
    // Slots that are withdrawn are no longer among those that the executor has in all.
    if (code === Code.SlotReleased) this.placement.served(executor);
    else this.placement.update(executor);
    if (tag !== 0) this.frontier.told?.tagMoved(tag);
    this.dagServed(dagSeq);
  }

  private dagServed(dagSeq: number): void {
    const { told } = this.frontier;
    if (told === null || !told.followsService || dagSeq === 0) return;
    const dag = this.state.dags.find(dagSeq);
    if (dag !== 0) told.dagServed(dag);
  }

  /** The tenant of a DAG has a job less that can run, or a DAG less that is open. */
  private eased(dagSeq: number): void {
    if (this.held.isEmpty()) return;
    const { dags } = this.state;
    this.held.ease(dags.c.tenant[dags.find(dagSeq)]!);
  }

  /** The tag row that a lease, by its row and its class, is charged to; 0 when none. */
  tagOfLease(lease: number, classSeq: number): number {
    const { leases, tags } = this.state;
    const { priority, tenant } = leases.c;
    if (tenant[lease] === 0) return 0;
    return tags.find(tagKey(classSeq, priority[lease]!), tenant[lease]!);
  }

  private job(event: Body): number {
    const { dags, space } = this.state;
    return space.handle(dags.find(event.dag), event.job);
  }

  /** Calls back with each lease of an executor, both by their rows, in no order. */
  eachLease(executor: number, each: (lease: number) => void): void {
    this.leases.each(executor, each);
  }

  /** Tokens of an executor's leases, in order. */
  tokensOf(executorSeq: number): readonly number[] {
    return this.leases.of(this.state.executors.find(executorSeq));
  }
}
