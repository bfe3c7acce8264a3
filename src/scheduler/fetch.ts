import type { InputEntry } from '../catalogue/generated/types.js';
import type { Kernel } from '../kernel/kernel.js';
import {
  cursorsInReach,
  type Needs,
  needsOfCursors,
  needsOfInput,
  needsOfTimers,
  outputsOfCursors,
} from '../kernel/needs.js';
import type { ColdRows } from './rows/cold.js';
import type { Materializer } from './rows/materializer.js';

/** What the next turn is computed from, as far as it says what is read cold. */
export interface FetchRequest {
  readonly inputs: readonly InputEntry[];
  readonly at: number;
  readonly stoppedMs: number;
}

/**
 * Fetches what the turn may read cold (needs.ts), so that the kernel never awaits. Whoever calls it holds the cold rows
 * until the turn is computed.
 */
export async function fetchNeeds(
  { state, indexes }: Kernel,
  cold: ColdRows,
  materializer: Materializer,
  { inputs, at, stoppedMs }: FetchRequest,
): Promise<void> {
  const needs: Needs = { dags: new Set(), specs: new Set() };
  for (const input of inputs) needsOfInput(state, input, needs);
  needsOfTimers(state, indexes, at, at - stoppedMs, needs);
  const inReach = cursorsInReach(indexes, inputs.length);
  needsOfCursors(state, inReach, needs);
  if (needs.dags.size > 0) await materializer.loader.load(needs.dags);
  if (needs.specs.size === 0) return;
  await cold.fetchSpecs([...needs.specs].filter((dag) => state.dags.find(dag) !== 0));
  const outputs = outputsOfCursors(state, inReach, (dag) => cold.spec(dag));
  if (outputs.length > 0) await cold.fetchOutputs(outputs);
}
