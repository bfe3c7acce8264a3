/** Evaluates scenarios under policies with seeds, and compares what comes out with what the policy was settled by. */
import { policyIds } from '../../src/kernel/policy/index.js';
import { type Cell, POLICIES, type PolicyId, type Scenario } from './scenario.js';
import type { Measure } from './trial.js';

/** One number of one policy: the mean of the seeds, beside what it was settled by. */
export interface Measured {
  readonly policy: PolicyId;
  readonly value: number;
  readonly settled: number;
  readonly seeds: readonly number[];
}

/** One cell of the table under every policy that there is. */
export interface CellResult {
  readonly scenario: string;
  readonly cell: Cell;
  readonly measured: readonly Measured[];
  /** What is outside the bar, in words; empty where nothing is. */
  readonly outside: readonly string[];
}

/** Relative difference that is still the same number, and that of per cent in points. */
const SAME = 0.25;
const SAME_POINTS = 3;
/** Difference from which the table says that one policy is better. */
const BETTER = 0.1;

/** The policies of the table that the kernel has. */
export const available: readonly PolicyId[] = POLICIES.filter((policy) => policyIds().includes(policy));

/** Evaluates one scenario: every policy with every seed. */
export async function evaluate(scenario: Scenario, seeds: readonly number[], measure: Measure): Promise<CellResult[]> {
  const values = await Promise.all(
    available.map((policy) => Promise.all(seeds.map((seed) => measure({ scenario, policy, seed })))),
  );
  return scenario.cells.map((cell, index) => {
    const measured = available.map((policy, row) => {
      const bySeed = values[row]!.map((cells) => cells[index]!);
      const value = bySeed.reduce((sum, one) => sum + one, 0) / bySeed.length;
      return { policy, value, settled: cell.settled[POLICIES.indexOf(policy)]!, seeds: bySeed };
    });
    return { scenario: scenario.id, cell, measured, outside: outsideOf(cell, measured) };
  });
}

/** The bar: the default within 25 % (3 points) of its number, and every clear order against a baseline kept. */
function outsideOf(cell: Cell, measured: readonly Measured[]): string[] {
  const own = measured.find(({ policy }) => policy === 'default@1');
  if (own === undefined) return [];
  const outside: string[] = [];
  if (differ(cell, own.value, own.settled, SAME)) {
    outside.push(`${shown(cell, own.value)}, settled by ${shown(cell, own.settled)}`);
  }
  for (const { policy, value, settled } of measured) {
    if (policy === 'default@1' || !differ(cell, own.settled, settled, BETTER)) continue;
    if (Math.sign(own.value - value) !== Math.sign(own.settled - settled)) {
      outside.push(`order against ${policy}: ${shown(cell, own.value)} and ${shown(cell, value)}`);
    }
  }
  return outside;
}

function differ({ unit }: Cell, a: number, b: number, share: number): boolean {
  if (unit === '%') return !(Math.abs(a - b) <= SAME_POINTS);
  return !(Math.abs(a - b) <= share * Math.abs(b));
}

/** A number as the table shows it. */
export function shown({ unit }: Cell, value: number): string {
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 'none';
  if (unit === '%') return size >= 99 || size % 1 !== 0 ? value.toFixed(1) : String(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return size >= 10 ? value.toFixed(1).replace(/\.0$/, '') : String(Number(value.toFixed(size >= 1 ? 1 : 2)));
}
