import { Code, DagState, JobState, LeaseState, TimerKind } from '../catalogue/generated/codes.js';
import { FlowHeads } from './flow-heads.js';
import { classOfLease, tagKey } from './fold.js';
import { HeldDags } from './held.js';
import { DEFAULT_POLICY, DEFAULT_RETAIN_JOBS, DEFAULT_RETAIN_MS } from './limits.js';
import { Placement } from './placement.js';
import type { Policy } from './policy/policy.js';
import { policyFactory } from './policy/index.js';
import type { State } from './state.js';
import { ExecutorState } from './tables.js';
import { TimerHeap } from './timer-heap.js';

/** Bodies of events as the indexes look at them. */
interface Body {
  readonly dag: number;
  readonly job: number;
  readonly token: number;
  readonly executor: number;
}

/**
 * All indexes over the rows. They hold no fact of their own: `rebuild` makes the same from the rows, and what is decided
 * with it is the same. `applied` is called after `evolve` for each event, on a leader and on a standby that is hot.
 */
export class Indexes {
  heads: FlowHeads;
  policy: Policy;
  placement: Placement;
  held: HeldDags;
  /** Deadlines and backoff, on journal time. */
  wall = new TimerHeap();
  /** Execution, reclaiming and sessions, on running time. */
  running = new TimerHeap();
  /** Cursors by sequence number: the line of continuations, first come first served. */
  cursors: number[] = [];
  /** Tokens of leases by executor. */
  readonly leasesOf = new Map<number, Set<number>>();

  constructor(private readonly state: State) {
    this.heads = new FlowHeads(state);
    this.policy = this.makePolicy();
    this.placement = new Placement(state);
    this.held = new HeldDags(state);
  }

  /** The policy that the cell's row names. */
  private makePolicy(): Policy {
    const { cell, cellRow } = this.state;
    const id = cell.c.policy[cellRow] || DEFAULT_POLICY;
    const factory = policyFactory(id);
    if (factory === null) throw new Error(`assertion failed: unknown-policy: ${id}`);
    return factory({ state: this.state, heads: this.heads });
  }

  /** Makes all indexes from the rows. */
  rebuild(): void {
    const { state } = this;
    this.heads = new FlowHeads(state);
    this.policy = this.makePolicy();
    this.placement = new Placement(state);
    this.held = new HeldDags(state);
    this.wall = new TimerHeap();
    this.running = new TimerHeap();
    this.leasesOf.clear();
    this.retiredFrom = 1;
    this.armedSeq = 0;
    this.placement.rebuild();
    this.rebuildJobs();
    for (let dag = 1; dag < state.dags.high; dag++) if (state.dags.isLive(dag)) this.rebuildDag(dag);
    for (let lease = 1; lease < state.leases.high; lease++) if (state.leases.isLive(lease)) this.rebuildLease(lease);
    for (let flow = 1; flow < state.flows.high; flow++) if (state.flows.isLive(flow)) this.wakeFlow(flow);
    const { executors } = state;
    for (let row = 1; row < executors.high; row++) {
      if (executors.isLive(row) && executors.c.state[row] === ExecutorState.live) this.watchSession(row);
    }
    this.rebuildCursors();
    this.watchRetired();
  }

  private rebuildJobs(): void {
    const { jobs, space } = this.state;
    for (let job = 1; job < jobs.high; job++) {
      if (!jobs.isLive(job)) continue;
      if (jobs.c.state[job] === JobState.ready) this.addJob(space.dagOf[job]!, job);
      else if (jobs.c.state[job] === JobState.backoff) this.watchBackoff(job);
    }
  }

  private rebuildDag(dag: number): void {
    const { dags } = this.state;
    if (dags.c.state[dag] === DagState.held) this.held.add(dag);
    if (dags.c.state[dag]! <= DagState.open) this.watchDeadlines(dag);
  }

  private rebuildLease(lease: number): void {
    const { leases } = this.state;
    if (leases.c.state[lease] === 0) return;
    this.noteLease(leases.c.executor[lease]!, leases.keyA[lease]!);
    if (leases.c.state[lease] === LeaseState.reclaiming) this.watchReclaim(lease);
    else this.watchExecution(lease);
  }

  private rebuildCursors(): void {
    const { cursors } = this.state;
    this.cursors = [];
    for (let row = 1; row < cursors.high; row++) {
      if (cursors.isLive(row) && cursors.c.kind[row] !== 0) this.cursors.push(cursors.keyA[row]!);
    }
    this.cursors.sort((a, b) => a - b);
    this.noted = this.state.cell.c.nextCursor[this.state.cellRow]!;
  }

  /** The highest cursor that stands in line. */
  private noted = 0;

  /** Cursors made since the last look join the line; their numbers only rise. */
  private noteCursors(): void {
    const { cell, cellRow } = this.state;
    const last = cell.c.nextCursor[cellRow]!;
    while (this.noted < last) {
      this.noted += 1;
      this.cursors.push(this.noted);
    }
  }

  /** After an event: moves what the event moved. */
  applied(code: number, body: unknown): void {
    const event = body as Body;
    this.noteCursors();
    const { state } = this;
    switch (code) {
      case Code.JobReadied:
        return this.jobReadied(event);
      case Code.JobDispatched:
        this.removeJob(this.job(event));
        return this.policy.tagMoved(this.tagOfLease(event.token));
      case Code.LeaseGranted: {
        const lease = state.leases.find(event.token);
        this.noteLease(event.executor, event.token);
        return this.watchExecution(lease);
      }
      case Code.SlotReserved:
      case Code.ExecutorRegistered:
      case Code.ExecutorResized:
      case Code.ExecutorCordoned:
      case Code.ExecutorUncordoned:
      case Code.ExecutorDrained:
      case Code.ExecutorDeregistered:
      case Code.ExecutorLost:
      case Code.SlotReportedHeld:
        return this.executorChanged(code, event);
      case Code.SessionExtended:
        return this.watchSession(state.executors.find(event.executor));
      case Code.SlotReclaiming:
        return this.watchReclaim(state.leases.find(event.token));
      case Code.JobSkipped:
      case Code.JobCancelled:
        return this.removeJob(this.job(event));
      case Code.RetryScheduled:
        return this.watchBackoff(this.job(event));
      default:
        return this.dagApplied(code, event);
    }
  }

  private dagApplied(code: number, event: Body): void {
    const { dags } = this.state;
    switch (code) {
      case Code.DagAccepted:
      case Code.DeadlineChanged:
      case Code.DeadlineRiskDeferred:
        return this.watchDeadlines(dags.find(event.dag));
      case Code.DagHeld:
        return this.held.add(dags.find(event.dag));
      case Code.DagReleased:
        return this.held.remove(dags.find(event.dag));
      case Code.DagEnding:
      case Code.DagPaused:
        this.held.remove(dags.find(event.dag));
        return this.withdraw(dags.find(event.dag));
      case Code.DagResumed:
      case Code.DagReprioritized:
      case Code.HardDeadlinePassed:
        this.held.moved(dags.find(event.dag));
        this.withdraw(dags.find(event.dag));
        return this.enter(dags.find(event.dag));
      case Code.JobsFannedOut:
        return this.eachFlow(dags.find(event.dag), (flow) => this.policy.flowMoved(flow));
      case Code.DagReopened:
        return this.watchDeadlines(dags.find(event.dag));
      case Code.FlowRiskChanged:
        return this.eachFlow(dags.find(event.dag), (flow) => this.wakeFlow(flow));
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
      case Code.DagForgotten:
      case Code.CellLimitsChanged:
        return this.watchRetired();
      case Code.PolicyChanged:
        return this.switchPolicy();
      default:
        return undefined;
    }
  }

  /** What the release of slots moves; told with the row's values before the event, for the row is gone after it. */
  released(executorSeq: number, token: number, tag: number): void {
    this.leasesOf.get(executorSeq)?.delete(token);
    this.placement.update(this.state.executors.find(executorSeq));
    if (tag !== 0) this.policy.tagMoved(tag);
  }

  /** The tag row that a lease is charged to; 0 when none. */
  tagOfLease(token: number): number {
    const { leases, tags } = this.state;
    const lease = leases.find(token);
    const { priority, tenant } = leases.c;
    if (lease === 0 || tenant[lease] === 0) return 0;
    return tags.find(tagKey(classOfLease(this.state, lease), priority[lease]!), tenant[lease]!);
  }

  private job(event: Body): number {
    const { dags, space } = this.state;
    return space.handle(dags.find(event.dag), event.job);
  }

  private jobReadied(event: Body): void {
    const dag = this.state.dags.find(event.dag);
    this.addJob(dag, this.job(event));
  }

  private addJob(dag: number, job: number): void {
    const { flows, jobs, dags } = this.state;
    const flags = jobs.c.flags[job]!;
    const shape = (flags & 512) !== 0 ? 2 : (flags & 256) !== 0 ? 1 : 0;
    const flow = flows.find(dags.keyA[dag]!, jobs.c.class[job]! * 4 + shape);
    const isFirst = this.heads.head(flow) === 0;
    this.heads.add(flow, job);
    if (dags.c.deadlineAtMs[dag] !== 0 || dags.c.hardDeadlineAtMs[dag] !== 0) {
      this.wakeFlow(flow);
      this.watchRisk(dag);
    }
    if (dags.c.state[dag] !== DagState.open || dags.c.paused[dag] !== 0) return;
    if (isFirst) this.policy.flowStarted(flow, dag);
    this.policy.jobAdded(job, flow);
  }

  /** Takes a job out of the frontier; nothing happens when it is not there (any more). */
  removeJob(job: number): void {
    const flow = this.heads.remove(job);
    if (flow === 0) return;
    this.policy.jobRemoved(job, flow);
    if (this.heads.head(flow) === 0) this.policy.flowEnded(flow);
  }

  /** The DAG's flows no longer compete; their jobs stay in their flows. */
  private withdraw(dag: number): void {
    this.eachFlow(dag, (flow) => this.policy.flowEnded(flow));
    this.eachJob(dag, (job, flow) => this.policy.jobRemoved(job, flow));
  }

  private enter(dag: number): void {
    const { dags } = this.state;
    if (dags.c.state[dag] !== DagState.open || dags.c.paused[dag] !== 0) return;
    this.eachFlow(dag, (flow) => this.policy.flowStarted(flow, dag));
    this.eachJob(dag, (job, flow) => this.policy.jobAdded(job, flow));
  }

  private eachFlow(dag: number, each: (flow: number) => void): void {
    const { flows, dags, cell, cellRow } = this.state;
    for (let list = 4; list < (cell.c.nextClass[cellRow]! + 1) * 4; list++) {
      const flow = flows.find(dags.keyA[dag]!, list);
      if (flow !== 0 && this.heads.head(flow) !== 0) each(flow);
    }
  }

  /** Ready jobs of a DAG; only policies that order jobs across flows need it. */
  private eachJob(dag: number, each: (job: number, flow: number) => void): void {
    if (this.policy.id !== 'fifo@1') return;
    const { dags, jobs, space } = this.state;
    for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
      const job = space.handle(dag, index);
      if (job !== 0 && jobs.c.state[job] === JobState.ready) each(job, this.heads.flow(job));
    }
  }

  private switchPolicy(): void {
    const { jobs, flows, dags, space } = this.state;
    this.policy = this.makePolicy();
    for (let flow = 1; flow < flows.high; flow++) {
      if (flows.isLive(flow) && this.heads.head(flow) !== 0) {
        const dag = dags.find(flows.keyA[flow]!);
        if (dags.c.state[dag] === DagState.open && dags.c.paused[dag] === 0) this.policy.flowStarted(flow, dag);
      }
    }
    for (let job = 1; job < jobs.high; job++) {
      if (!jobs.isLive(job) || jobs.c.state[job] !== JobState.ready) continue;
      const dag = space.dagOf[job]!;
      if (dags.c.state[dag] === DagState.open && dags.c.paused[dag] === 0) this.policy.jobAdded(job, this.heads.flow(job));
    }
  }

  private executorChanged(code: number, event: Body): void {
    const executor = this.state.executors.find(event.executor);
    this.placement.update(executor);
    if (code === Code.ExecutorRegistered) this.watchSession(executor);
    if (code !== Code.SlotReportedHeld) return;
    this.noteLease(event.executor, event.token);
    this.watchReclaim(this.state.leases.find(event.token));
  }

  private noteLease(executorSeq: number, token: number): void {
    const tokens = this.leasesOf.get(executorSeq);
    if (tokens === undefined) this.leasesOf.set(executorSeq, new Set([token]));
    else tokens.add(token);
  }

  /** Tokens of an executor's leases, in order. */
  tokensOf(executorSeq: number): readonly number[] {
    return [...(this.leasesOf.get(executorSeq) ?? [])].sort((a, b) => a - b);
  }

  private watchExecution(lease: number): void {
    const { leases } = this.state;
    const time = leases.c.timeoutAtMs[lease]!;
    if (time !== 0) this.running.push(time, TimerKind.execution, leases.keyA[lease]!, 0);
  }

  private watchReclaim(lease: number): void {
    const { leases } = this.state;
    this.running.push(leases.c.reclaimAtMs[lease]!, TimerKind.reclaim, leases.keyA[lease]!, 0);
  }

  private watchSession(executor: number): void {
    const { executors } = this.state;
    this.running.push(executors.c.untilMs[executor]!, TimerKind.session, executors.keyA[executor]!, 0);
  }

  private watchBackoff(job: number): void {
    const { jobs } = this.state;
    this.wall.push(jobs.c.readyAtMs[job]!, TimerKind.backoff, jobs.keyA[job]!, jobs.keyB[job]!);
  }

  private watchDeadlines(dag: number): void {
    const { dags } = this.state;
    const { deadlineAtMs, hardDeadlineAtMs } = dags.c;
    const seq = dags.keyA[dag]!;
    if (deadlineAtMs[dag] !== 0) this.wall.push(deadlineAtMs[dag]! + 1, TimerKind.softDeadline, seq, 0);
    if (hardDeadlineAtMs[dag] !== 0) this.wall.push(hardDeadlineAtMs[dag]! + 1, TimerKind.hardDeadline, seq, 0);
    this.watchRisk(dag);
  }

  private watchRisk(dag: number): void {
    const { dags } = this.state;
    if (dags.c.riskAtMs[dag] !== 0) this.wall.push(dags.c.riskAtMs[dag]!, TimerKind.deadlineRisk, dags.keyA[dag]!, 0);
  }

  private wakeFlow(flow: number): void {
    const { flows } = this.state;
    const time = flows.c.wakeAtMs[flow]!;
    if (time !== 0) this.wall.push(time, TimerKind.flowWake, flows.keyA[flow]!, flows.keyB[flow]!);
  }

  /** The oldest terminal DAG has one timer: when its time is over, or now when too much is kept. */
  private watchRetired(notBefore = 0): void {
    const { retired } = this.state;
    const [oldest] = this.oldestRetired(1);
    if (oldest === undefined) return;
    const row = retired.find(oldest);
    const time = Math.max(notBefore, this.isTooMuch() ? 0 : retired.c.atMs[row]! + retainMs(this.state));
    if (this.armedSeq === oldest && this.armedAt <= time) return;
    this.armedSeq = oldest;
    this.armedAt = time;
    this.wall.push(time, TimerKind.forget, oldest, 0);
  }

  private isTooMuch(): boolean {
    const { cell, cellRow } = this.state;
    return cell.c.retiredJobs[cellRow]! > retainJobs(this.state);
  }

  /** Whether a terminal DAG need not be kept any longer. */
  isOverdue(row: number, at: number): boolean {
    return this.isTooMuch() || this.state.retired.c.atMs[row]! + retainMs(this.state) <= at;
  }

  /** Whether terminal DAGs are due to be forgotten: then `oldestRetired` must be in memory. */
  forgetsAt(at: number): boolean {
    return this.armedSeq !== 0 && this.armedAt <= at;
  }

  private armedSeq = 0;
  private armedAt = 0;

  /** The forget timer has fired; the next look arms it again. */
  disarmRetired(notBefore: number): void {
    this.armedSeq = 0;
    this.watchRetired(notBefore);
  }

  /** Timers that no row names any more are thrown away when they are most of a heap. */
  compact(): void {
    const { leases, executors, dags, flows } = this.state;
    if (this.running.size > 4 * (leases.live + executors.live) + 4096) {
      this.running.rebuild((time, kind, a) => this.isRunningTimer(time, kind, a));
    }
    if (this.wall.size > 8 * (dags.live + flows.live) + this.heads.size + 65_536) {
      this.wall.rebuild((time, kind, a, b) => this.isWallTimer(time, kind, a, b));
    }
  }

  /** Whether a row still names this timer of the running clock. */
  isRunningTimer(time: number, kind: number, a: number): boolean {
    const { leases, executors } = this.state;
    if (kind === TimerKind.session) {
      const executor = executors.find(a);
      return executors.c.state[executor] === ExecutorState.live && executors.c.untilMs[executor] === time;
    }
    const lease = leases.find(a);
    if (lease === 0) return false;
    if (kind === TimerKind.execution) {
      return leases.c.state[lease] === LeaseState.inForce && leases.c.timeoutAtMs[lease] === time;
    }
    return leases.c.state[lease] === LeaseState.reclaiming && leases.c.reclaimAtMs[lease] === time;
  }

  /** Whether a row still names this timer of journal time. */
  isWallTimer(time: number, kind: number, a: number, b: number): boolean {
    const { dags, flows, jobs, space } = this.state;
    if (kind === TimerKind.forget) return this.armedSeq === a && this.armedAt === time;
    if (kind === TimerKind.flowWake) return flows.c.wakeAtMs[flows.find(a, b)] === time;
    const dag = dags.find(a);
    if (dag === 0 || dags.c.state[dag]! > DagState.open) return false;
    if (kind === TimerKind.softDeadline) return dags.c.deadlineAtMs[dag] === time - 1;
    if (kind === TimerKind.hardDeadline) return dags.c.hardDeadlineAtMs[dag] === time - 1;
    if (kind === TimerKind.deadlineRisk) return dags.c.riskAtMs[dag] === time;
    const job = space.handle(dag, b);
    return job !== 0 && jobs.c.state[job] === JobState.backoff && jobs.c.readyAtMs[job] === time;
  }

  /** Numbers of the terminal DAGs that ended first, at most `most`. Gaps are DAGs that were reopened. */
  oldestRetired(most: number): number[] {
    const { cell, cellRow, retired } = this.state;
    const last = cell.c.nextRetired[cellRow]!;
    const found: number[] = [];
    let seq = Math.max(this.retiredFrom, cell.c.firstRetired[cellRow]! + 1);
    for (; seq <= last && found.length < most; seq++) {
      const row = retired.find(seq);
      if (row !== 0 && retired.c.dag[row] !== 0) found.push(seq);
      else if (found.length === 0) this.retiredFrom = seq + 1;
    }
    return found;
  }

  private retiredFrom = 1;
}

/** How long a terminal DAG is kept, in ms. */
export function retainMs(state: State): number {
  const kept = state.cell.c.retainTerminalMs[state.cellRow]!;
  return kept === 0 ? DEFAULT_RETAIN_MS : kept - 1;
}

/** How many terminal jobs are kept. */
export function retainJobs(state: State): number {
  const kept = state.cell.c.retainTerminalJobs[state.cellRow]!;
  return kept === 0 ? DEFAULT_RETAIN_JOBS : kept - 1;
}
