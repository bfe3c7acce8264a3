/** Where a DAG stands among those of its tenant and priority: fair sojourn order (policy.md: DAGs of one tenant). */

import { MAX_DAG_FINISH } from './limits.js';
import { fairKey } from './rows/keys.js';
import type { State } from './rows/state.js';

/** W of a tenant's DAGs of a priority; 0 while none of them is open. */
export function fairTime({ fairs }: State, priority: number, tenant: number): number {
  const fair = fairs.find(fairKey(priority), tenant);
  return fair === 0 ? 0 : fairs.c.w[fair]!;
}

/** The virtual finish of what begins there and has so much work; it stops at the end, however often work is added. */
export function finishAfter(start: number, work: number): number {
  return Math.min(MAX_DAG_FINISH, start + work);
}
