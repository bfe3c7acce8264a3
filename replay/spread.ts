import { madeOnce } from '../src/catalogue/made-once.js';
import { percentile } from '../src/simulate/report/spread.js';

/** How values are spread. */
export interface SpreadView {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** Collects values by name. */
export class Spread {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number): void {
    madeOnce(this.#values, name, () => []).push(value);
  }

  /** The spread of each name, in the order of the names. */
  views(): Record<string, SpreadView> {
    const names = [...this.#values.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, spreadOf(this.#values.get(name)!)]));
  }
}

function spreadOf(values: readonly number[]): SpreadView {
  const sorted = Float64Array.from(values).sort();
  const sum = sorted.reduce((all, value) => all + value, 0);
  return {
    count: sorted.length,
    mean: Math.floor(sum / sorted.length),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    longest: sorted.at(-1)!,
  };
}
