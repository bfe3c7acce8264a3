import { DefaultPolicy } from './default.js';
import { FifoPolicy } from './fifo.js';
import type { PolicyFactory } from './policy.js';

/** The policies that a cell can run, by their id. */
const FACTORIES: ReadonlyMap<string, PolicyFactory> = new Map<string, PolicyFactory>([
  ['default@1', (view) => new DefaultPolicy(view)],
  ['fifo@1', (view) => new FifoPolicy(view)],
]);

/** Makes the policy of this id, or null when there is none. */
export function policyFactory(id: string): PolicyFactory | null {
  return FACTORIES.get(id) ?? null;
}

/** Ids of all policies, sorted. */
export function policyIds(): readonly string[] {
  return [...FACTORIES.keys()].sort((a, b) => (a < b ? -1 : 1));
}
