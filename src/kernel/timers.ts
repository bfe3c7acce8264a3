/**
 * Due timers. They are rows (a deadline, a backoff, a lease's time-out, a session's end); the heaps are indexes of them,
 * so an entry that no row names any more is passed over. They fire in the order (time, kind, sequence number), as many
 * as their share of the turn's events allows; what is left fires in the next turn.
 */
import { CauseCode, Code, TimerKind } from '../catalogue/generated/codes.js';
import { beginForgetting } from './continue/forget.js';
import { timeOut } from './decide/given-up.js';
import { readyJob } from './decide/ready.js';
import { lookAtRisk, missDeadline, passHardDeadline, recomputeFlow } from './decide/risk.js';
import { MAX_FORGOTTEN_EXECUTORS_PER_TURN, MAX_RUNNING_TIMER_EVENTS, MAX_TIMER_EVENTS } from './limits.js';
import type { OpenTurn } from './open-turn.js';

/**
 * Terminal DAGs whose time is over, or of which too many are kept; each waits for the projections of its end. Comes
 * before all else in a turn, so that those which are due now are those that were fetched for it.
 */
export function forgetDue(t: OpenTurn, published: number): void {
  const { retired, dags } = t.state;
  t.cause = CauseCode.timer;
  t.input = null;
  // What an earlier turn has waited for is no matter: a kernel that was made of the rows wakes when this one does.
  t.indexes.retired.wakeAgainAt(0);
  for (const seq of t.indexes.retired.due(t.at)) {
    const row = retired.find(seq);
    if (retired.c.turn[row]! > published) return t.indexes.retired.wakeAgainAt(t.at + FORGET_AGAIN_MS);
    beginForgetting(t, dags.find(retired.c.dag[row]!));
  }
}

/** Executors that left or were lost so long ago that nobody asks for them, and that nothing refers to any more. */
export function forgetExecutors(t: OpenTurn): void {
  t.cause = CauseCode.timer;
  t.input = null;
  for (let n = 0; n < MAX_FORGOTTEN_EXECUTORS_PER_TURN; n++) {
    const executor = t.indexes.departed.due(t.at);
    if (executor === 0) return;
    t.emit(Code.ExecutorForgotten, { executor: t.state.executors.keyA[executor]! });
  }
}

/** How long the loop sleeps at most while forgetting waits for projections, in ms. */
const FORGET_AGAIN_MS = 1000;

/** Fires what is due on journal time: deadlines, backoff, flows that wake. */
export function fireJournalTimers(t: OpenTurn): void {
  const { timers } = t.indexes;
  const heap = timers.journal;
  const until = t.events + MAX_TIMER_EVENTS;
  t.cause = CauseCode.timer;
  t.input = null;
  while (t.events < until && heap.size > 0 && heap.time <= t.at) {
    const { time, kind, a, b } = heap;
    heap.pop();
    if (timers.journalTimerStands(time, kind, a, b)) fireJournalTimer(t, kind, a, b);
  }
}

function fireJournalTimer(t: OpenTurn, kind: number, a: number, b: number): void {
  const { dags, space } = t.state;
  const dag = dags.find(a);
  switch (kind) {
    case TimerKind.hardDeadline:
      return passHardDeadline(t, dag);
    case TimerKind.softDeadline:
      return missDeadline(t, dag);
    case TimerKind.deadlineRisk:
      return lookAtRisk(t, dag);
    case TimerKind.flowWake:
      return recomputeFlow(t, a, b);
    case TimerKind.backoff:
      return readyJob(t, dag, space.handle(dag, b));
    default:
      throw new Error(`assertion failed: no timer kind ${kind}`);
  }
}

/**
 * Fires what is due on running time: the attempts that were out of time when the turn began; and, only when the
 * callbacks had been read to the end that was known, slots that nobody gave back and sessions that ran out: no executor
 * is lost whose heartbeat waits.
 */
export function fireRunningTimers(t: OpenTurn, caughtUp: boolean, timeOuts: readonly number[]): void {
  const { timers } = t.indexes;
  const { sessions } = timers;
  const until = t.events + MAX_RUNNING_TIMER_EVENTS;
  t.cause = CauseCode.timer;
  t.input = null;
  let next = 0;
  while (t.events < until) {
    while (next < timeOuts.length && !timers.timeOutStands(timeOuts[next]!)) next += 1;
    timers.prune();
    const hasSession = caughtUp && sessions.size > 0 && sessions.time <= t.running;
    if (next < timeOuts.length && !(hasSession && sessions.time < timeOfToken(t, timeOuts[next]!))) {
      timeOut(t, t.state.leases.find(timeOuts[next]!));
    } else if (hasSession) fireSessionTimer(t);
    else return;
  }
}

function timeOfToken(t: OpenTurn, token: number): number {
  return t.state.leases.c.timeoutAtMs[t.state.leases.find(token)]!;
}

function fireSessionTimer(t: OpenTurn): void {
  const { leases, cell, cellRow } = t.state;
  const { kind, a } = t.indexes.timers.sessions;
  t.indexes.timers.sessions.pop();
  if (kind === TimerKind.reclaim) {
    return t.emit(Code.SlotWithdrawn, { token: a, slots: leases.c.moreSlots[leases.find(a)]! + 1 });
  }
  const notBefore = cell.c.noLossBeforeMs[cellRow]!;
  if (t.running >= notBefore) return t.emit(Code.ExecutorLost, { executor: a });
  return t.emit(Code.SessionExtended, { executor: a, untilMs: notBefore });
}
