import { Code } from '../catalogue/generated/codes.js';
import type { EventEntry } from '../catalogue/generated/types.js';
import { evolve } from './evolve/index.js';
import type { Fold } from './fold.js';
import type { Indexes } from './indexes/indexes.js';

/** Applies an event to the rows, and moves the indexes over them. */
export function applyEvent(fold: Fold, indexes: Indexes, code: EventEntry['code'], body: EventEntry['body']): void {
  if (code === Code.SlotReleased || code === Code.SlotWithdrawn) {
    return releaseSlots(fold, indexes, code, body as { readonly token: number });
  }
  if (code === Code.ExecutorForgotten) {
    indexes.departed.remove(fold.state.executors.find((body as { readonly executor: number }).executor));
  }
  evolve(fold, code, body as never);
  indexes.applied(code, body);
}

/** The lease's row is gone afterwards: what the indexes need of it is read before. */
function releaseSlots(fold: Fold, indexes: Indexes, code: number, body: { readonly token: number }): void {
  const { leases, executors } = fold.state;
  const lease = leases.find(body.token);
  const executor = executors.find(leases.c.executor[lease]!);
  const dag = leases.c.dag[lease]!;
  const tag = indexes.tagOfLease(lease, executors.c.class[executor]!);
  evolve(fold, code as never, body as never);
  indexes.released(code, executor, lease, tag, dag);
}
