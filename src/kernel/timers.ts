/**
 * Due timers. They are rows (a deadline, a backoff, a lease's time-out, a session's end); the heaps are indexes of them,
 * so an entry that no row names any more is passed over. They fire in the order (time, kind, sequence number).
 */
import { CauseCode, Code, TimerKind } from '../catalogue/generated/codes.js';
import { timeOut } from './decide/callbacks.js';
import { readyJob } from './decide/ready.js';
import { lookAtRisk, missDeadline, passHardDeadline, recomputeFlow } from './decide/risk.js';
import { beginForgetting } from './continue/index.js';
import { MAX_FORGOTTEN_PER_TURN, MAX_TIMERS_PER_TURN } from './limits.js';
import type { OpenTurn } from './open-turn.js';

/** Fires what is due on journal time: deadlines, backoff, forgetting. */
export function fireWallTimers(t: OpenTurn, published: number): void {
  const heap = t.indexes.wall;
  t.cause = CauseCode.timer;
  t.input = null;
  for (let fired = 0; heap.size > 0 && heap.time <= t.at && fired < MAX_TIMERS_PER_TURN; fired++) {
    const { time, kind, a, b } = heap;
    heap.pop();
    if (t.indexes.isWallTimer(time, kind, a, b)) fireWall(t, kind, a, b, published);
  }
}

function fireWall(t: OpenTurn, kind: number, a: number, b: number, published: number): void {
  const { dags, space } = t.state;
  if (kind === TimerKind.forget) return forgetOldest(t, published);
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

/** Terminal DAGs whose time is over, or of which too many are kept; each waits for the projections of its end. */
function forgetOldest(t: OpenTurn, published: number): void {
  const { retired, dags } = t.state;
  let isBehind = false;
  for (const seq of t.indexes.oldestRetired(MAX_FORGOTTEN_PER_TURN)) {
    const row = retired.find(seq);
    if (!t.indexes.isOverdue(row, t.at)) break;
    isBehind = retired.c.turn[row]! > published;
    if (isBehind) break;
    beginForgetting(t, dags.find(retired.c.dag[row]!));
  }
  t.indexes.disarmRetired(t.at + (isBehind ? FORGET_AGAIN_MS : 1));
}

/** When forgetting is tried again after projections were behind, in ms. */
const FORGET_AGAIN_MS = 1000;

/**
 * Fires what is due on running time: execution time-outs; and, only when the callbacks had been read to the end that
 * was known, slots that nobody gave back and sessions that ran out: no executor is lost whose heartbeat waits.
 */
export function fireRunningTimers(t: OpenTurn, caughtUp: boolean): void {
  const heap = t.indexes.running;
  t.cause = CauseCode.timer;
  t.input = null;
  for (let fired = 0; heap.size > 0 && heap.time <= t.running && fired < MAX_TIMERS_PER_TURN; fired++) {
    const { time, kind, a } = heap;
    if (kind !== TimerKind.execution && !caughtUp) return;
    heap.pop();
    if (t.indexes.isRunningTimer(time, kind, a)) fireRunning(t, kind, a);
  }
}

function fireRunning(t: OpenTurn, kind: number, a: number): void {
  const { leases, cell, cellRow } = t.state;
  if (kind === TimerKind.execution) return timeOut(t, leases.find(a));
  if (kind === TimerKind.reclaim) return t.emit(Code.SlotWithdrawn, { token: a, slots: leases.c.moreSlots[leases.find(a)]! + 1 });
  const notBefore = cell.c.noLossBeforeMs[cellRow]!;
  if (t.running >= notBefore) return t.emit(Code.ExecutorLost, { executor: a });
  return t.emit(Code.SessionExtended, { executor: a, untilMs: notBefore });
}
