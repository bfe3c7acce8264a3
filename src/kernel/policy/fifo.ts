import { partsOf } from './key.js';
import { OrderedPolicy } from './ordered.js';
import type { Policy, PolicyView } from './policy.js';

/** `fifo@1`: the job that became ready first, whatever its priority, tenant or DAG. */
export function fifo(view: PolicyView): Policy {
  return new OrderedPolicy('fifo@1', view, [partsOf(view.state).readySeq]);
}
