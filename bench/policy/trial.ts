/** One scenario under one policy with one seed: what every number of the table is the mean of. */
import { createHash } from 'node:crypto';
import { checkPlan } from '../../src/simulate/load/check-plan.js';
import { runPlan } from '../../src/simulate/run-plan.js';
import { Look } from './look.js';
import type { PolicyId, Scenario } from './scenario.js';

export interface Trial {
  readonly scenario: Scenario;
  readonly policy: PolicyId;
  readonly seed: number;
}

/** Gives what a trial's cells come to, in their order. */
export type Measure = (trial: Trial) => Promise<readonly number[]>;

/** Runs a trial: its cells, in their order. */
export function valuesOf({ scenario, policy, seed }: Trial): readonly number[] {
  const { plan, cells, readDag = () => null, id } = scenario;
  const run = runPlan(checkPlan({ ...plan, policy, seed }, readDag));
  const { refusals } = run.recorder;
  if (refusals.length > 0) throw new Error(`scenario ${id}: ${refusals[0]!.code}: ${refusals[0]!.detail}`);
  const look = new Look(run);
  return cells.map((cell) => cell.of(look));
}

/** Name of a trial for people. */
export function titleOf({ scenario, policy, seed }: Trial): string {
  return `${scenario.id} ${policy} seed ${seed}`;
}

/** Digest of a trial's load, the DAGs that it reads included. */
export function loadDigest({ scenario: { plan, readDag } }: Trial): string {
  const hash = createHash('sha256').update(JSON.stringify(plan));
  for (const stream of plan.load) {
    for (const name of ('dags' in stream && stream.dags) || []) hash.update(JSON.stringify(readDag?.(name)));
  }
  return hash.digest('hex').slice(0, 16);
}
