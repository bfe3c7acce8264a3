import { LeaseState } from '../../catalogue/generated/codes.js';
import { releaseLost } from '../decide/callbacks.js';
import { releaseSlots } from '../decide/lease.js';
import { isOfIncarnation } from '../fold.js';
import { MAX_CURSOR_EVENTS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { ExecutorState } from '../tables.js';
import { advance } from './advance.js';

/**
 * Goes over the leases that an executor had when it registered, left or was lost. Those in force end unless they belong
 * to its incarnation, all of them if it is gone. Slots that are reclaiming are free if it says so: it left, or has
 * registered without listing them; the loss of an executor frees nothing.
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
    if (leases.c.state[lease] === LeaseState.inForce) {
      if (!isLive || !isOfIncarnation(t.state, lease)) releaseLost(t, lease, !isLost);
    } else if (!isLost && !(isLive && leases.c.session[lease] === executors.c.session[executor])) releaseSlots(t, lease);
  }
  advance(t, seq, 0, -1, 1);
}
