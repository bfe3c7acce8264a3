import { LeaseState } from '../../catalogue/generated/codes.js';
import { releaseLost } from '../decide/given-up.js';
import { releaseSlots } from '../decide/lease.js';
import { isOfIncarnation } from '../fold.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { ExecutorState } from '../rows/flags.js';
import { advance } from './advance.js';

/**
 * Goes over the leases that an executor had when it registered, left or was lost. Those in force end unless its last
 * registration lists them. What an earlier incarnation left is free then. A list of the same incarnation may be older
 * than a dispatch that it has not acknowledged, which goes on; and older than what it has begun since, whose slot is free
 * only by its own word. The loss of an executor frees nothing.
 */
export function dropLeases(t: OpenTurn, cursor: number, seq: number): void {
  const { executors, leases, cursors } = t.state;
  const executorSeq = cursors.c.dag[cursor]!;
  const upTo = cursors.c.aux[cursor]!;
  const executor = executors.find(executorSeq);
  const isLive = executors.c.state[executor] === ExecutorState.live;
  const isLost = executors.c.state[executor] === ExecutorState.lost;
  const limit = t.events + MAX_CURSOR_EVENTS;
  for (const token of t.indexes.tokensOf(executorSeq)) {
    if (token > upTo) break;
    if (t.events >= limit) return advance(t, seq, 0, 1, 1);
    const lease = leases.find(token);
    if (isLive && mayRun(t, executor, lease)) continue;
    // A registration of the process itself may be older than what it has begun: only its own word frees a slot then.
    const isFree = !isLost && !(isLive && isOfIncarnation(t.state, lease));
    if (leases.c.state[lease] === LeaseState.inForce) releaseLost(t, lease, isFree);
    else if (isFree) releaseSlots(t, lease);
  }
  advance(t, seq, 0, -1, 1);
}

/** Whether a live executor runs it: its last registration lists it, or need not know of it yet. */
function mayRun(t: OpenTurn, executor: number, lease: number): boolean {
  const { executors, leases } = t.state;
  if (leases.c.session[lease] === executors.c.session[executor]) return true;
  return isOfIncarnation(t.state, lease) && leases.c.acknowledged[lease] === 0;
}
