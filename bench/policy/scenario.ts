/** What a scenario of the evaluation is: a plan, and the cells of the table that are read off its run. */
import type { PlanInput } from '../../src/simulate/plan/plan-schema.js';
import type { Look } from './look.js';

/** The policies of the table, in its order. */
export const POLICIES = ['fifo@1', 'edf@1', 'level-first@1', 'strict-priority@1', 'fair@1', 'default@1'] as const;
export type PolicyId = (typeof POLICIES)[number];

/** One number of the table. */
export interface Cell {
  readonly name: string;
  readonly unit: 's' | '%' | '';
  readonly of: (run: Look) => number;
  /** What the policy was settled by, in the order of `POLICIES`. */
  readonly settled: readonly [number, number, number, number, number, number];
}

export interface Scenario {
  readonly id: string;
  /** In words, for the page. */
  readonly words: string;
  readonly cells: readonly Cell[];
  /** The load, without policy and seed. */
  readonly plan: Omit<PlanInput, 'policy' | 'seed'>;
  /** Reads a DAG that the plan names. */
  readonly readDag?: (name: string) => unknown;
}
