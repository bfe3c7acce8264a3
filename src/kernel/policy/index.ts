import { DefaultPolicy } from './default.js';
import { edf } from './edf.js';
import { FairPolicy } from './fair.js';
import { fifo } from './fifo.js';
import { levelFirst } from './level-first.js';
import type { PolicyFactory } from './policy.js';
import { strictPriority } from './strict-priority.js';

/** The policies that a cell can run, by their id. */
const FACTORIES: ReadonlyMap<string, PolicyFactory> = new Map<string, PolicyFactory>([
  ['default@1', (view) => new DefaultPolicy(view)],
  ['fifo@1', fifo],
  ['strict-priority@1', strictPriority],
  ['level-first@1', levelFirst],
  ['edf@1', edf],
  ['fair@1', (view) => new FairPolicy(view)],
]);

/** Makes the policy of this id, or null when there is none. */
export function policyFactory(id: string): PolicyFactory | null {
  return FACTORIES.get(id) ?? null;
}

/** What is told of an id that no policy has. */
export function unknownPolicy(id: string): string {
  return `no policy ${JSON.stringify(id)}; there are ${policyIds().join(', ')}`;
}

/** Ids of all policies, sorted. */
export function policyIds(): readonly string[] {
  return [...FACTORIES.keys()].sort((a, b) => (a < b ? -1 : 1));
}
