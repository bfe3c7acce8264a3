import { DagState, JobState, LeaseState, TimerKind } from '../../catalogue/generated/codes.js';
import { MAX_TIME_OUTS_PER_TURN } from '../limits.js';
import { DeadlineFlag, ExecutorState } from '../rows/flags.js';
import type { State } from '../rows/state.js';
import { TimerHeap } from '../structures/timer-heap.js';

/** Entries of a heap below which stale ones are not worth a clean-up. */
const SMALL = 65_536;

/**
 * The timers of all rows. An entry that no row names any more is passed over, never counted and never fires, so that
 * heaps that grew over a year and heaps made from the rows give the same.
 */
export class TimerIndex {
  /** Deadlines, backoff and flows that wake, on journal time. */
  readonly journal = new TimerHeap();
  /** Attempts that time out, on running time. */
  readonly executions = new TimerHeap();
  /** Sessions and reclaiming, on running time. */
  readonly sessions = new TimerHeap();
  private journalLimit = SMALL;
  private runningLimit = SMALL;

  constructor(private readonly state: State) {}

  watchExecution(lease: number): void {
    const { leases } = this.state;
    const time = leases.c.timeoutAtMs[lease]!;
    if (time !== 0) this.executions.push(time, TimerKind.execution, leases.keyA[lease]!, 0);
  }

  watchReclaim(lease: number): void {
    const { leases } = this.state;
    this.sessions.push(leases.c.reclaimAtMs[lease]!, TimerKind.reclaim, leases.keyA[lease]!, 0);
  }

  watchSession(executor: number): void {
    const { executors } = this.state;
    this.sessions.push(executors.c.untilMs[executor]!, TimerKind.session, executors.keyA[executor]!, 0);
  }

  watchBackoff(job: number): void {
    const { jobs } = this.state;
    this.journal.push(jobs.c.readyAtMs[job]!, TimerKind.backoff, jobs.keyA[job]!, jobs.keyB[job]!);
  }

  watchDeadlines(dag: number): void {
    const { dags } = this.state;
    const { deadlineAtMs, hardDeadlineAtMs, deadlineFlags } = dags.c;
    const seq = dags.keyA[dag]!;
    const flags = deadlineFlags[dag]!;
    if (deadlineAtMs[dag] !== 0 && (flags & DeadlineFlag.missed) === 0) {
      this.journal.push(deadlineAtMs[dag]! + 1, TimerKind.softDeadline, seq, 0);
    }
    if (hardDeadlineAtMs[dag] !== 0 && (flags & DeadlineFlag.hardPassed) === 0) {
      this.journal.push(hardDeadlineAtMs[dag]! + 1, TimerKind.hardDeadline, seq, 0);
    }
    this.watchRisk(dag);
  }

  watchRisk(dag: number): void {
    const { dags } = this.state;
    if (dags.c.riskAtMs[dag] !== 0)
      this.journal.push(dags.c.riskAtMs[dag]!, TimerKind.deadlineRisk, dags.keyA[dag]!, 0);
  }

  watchFlow(flow: number): void {
    const { flows } = this.state;
    const time = flows.c.wakeAtMs[flow]!;
    if (time !== 0) this.journal.push(time, TimerKind.flowWake, flows.keyA[flow]!, flows.keyB[flow]!);
  }

  /** Tokens of the attempts that are out of time, oldest first, at most `MAX_TIME_OUTS_PER_TURN`. */
  timeOuts(running: number): number[] {
    const tokens: number[] = [];
    if (this.executions.time > running) return tokens;
    this.prune();
    this.executions.eachDue(running, (_time, _kind, token) => {
      if (this.timeOutStands(token)) tokens.push(token);
      return tokens.length < MAX_TIME_OUTS_PER_TURN;
    });
    return tokens;
  }

  /** Whether the lease is still in force and has a time-out; it has one at most. */
  timeOutStands(token: number): boolean {
    const { leases } = this.state;
    const lease = leases.find(token);
    return lease !== 0 && leases.c.state[lease] === LeaseState.inForce && leases.c.timeoutAtMs[lease] !== 0;
  }

  /** Whether a row still names this timer of sessions and reclaiming. */
  sessionTimerStands(time: number, kind: number, a: number): boolean {
    const { leases, executors } = this.state;
    if (kind === TimerKind.session) {
      const executor = executors.find(a);
      return executors.c.state[executor] === ExecutorState.live && executors.c.untilMs[executor] === time;
    }
    const lease = leases.find(a);
    return lease !== 0 && leases.c.state[lease] === LeaseState.reclaiming && leases.c.reclaimAtMs[lease] === time;
  }

  /** Whether a row still names this timer of journal time. */
  journalTimerStands(time: number, kind: number, a: number, b: number): boolean {
    const { dags, flows, jobs, space } = this.state;
    if (kind === TimerKind.flowWake) return flows.c.wakeAtMs[flows.find(a, b)] === time;
    const dag = dags.find(a);
    if (dag === 0 || dags.c.state[dag]! > DagState.open) return false;
    const flags = dags.c.deadlineFlags[dag]!;
    switch (kind) {
      case TimerKind.softDeadline:
        return dags.c.deadlineAtMs[dag] === time - 1 && (flags & DeadlineFlag.missed) === 0;
      case TimerKind.hardDeadline:
        return dags.c.hardDeadlineAtMs[dag] === time - 1 && (flags & DeadlineFlag.hardPassed) === 0;
      case TimerKind.deadlineRisk:
        return dags.c.riskAtMs[dag] === time;
      default: {
        const job = space.handle(dag, b);
        return job !== 0 && jobs.c.state[job] === JobState.backoff && jobs.c.readyAtMs[job] === time;
      }
    }
  }

  /** Takes entries that no row names any more from the fronts. */
  prune(): void {
    const { journal, executions, sessions } = this;
    while (journal.size > 0 && !this.journalTimerStands(journal.time, journal.kind, journal.a, journal.b))
      journal.pop();
    while (executions.size > 0 && !this.timeOutStands(executions.a)) executions.pop();
    while (sessions.size > 0 && !this.sessionTimerStands(sessions.time, sessions.kind, sessions.a)) sessions.pop();
  }

  /** The earliest moment at which a timer fires, in journal time; infinity when there is none. */
  nextAt(stoppedMs: number): number {
    const beside = this.nextBesideSessions(stoppedMs);
    return Math.min(beside, this.sessions.time + stoppedMs);
  }

  /** The same without those of sessions and reclaiming. */
  nextBesideSessions(stoppedMs: number): number {
    this.prune();
    return Math.min(this.journal.time, this.executions.time + stoppedMs);
  }

  /** Throws stale entries away when a heap has doubled since the last time: O(1) for each entry that was put in. */
  compact(): void {
    if (this.journal.size > this.journalLimit) {
      this.journal.rebuild((time, kind, a, b) => this.journalTimerStands(time, kind, a, b));
      this.journalLimit = Math.max(SMALL, 2 * this.journal.size);
    }
    if (this.executions.size + this.sessions.size <= this.runningLimit) return;
    this.executions.rebuild((_time, _kind, token) => this.timeOutStands(token));
    this.sessions.rebuild((time, kind, a) => this.sessionTimerStands(time, kind, a));
    this.runningLimit = Math.max(SMALL, 2 * (this.executions.size + this.sessions.size));
  }
}
