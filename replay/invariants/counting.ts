import { grown } from '../../src/kernel/structures/grow.js';
import type { Count } from './counts.js';
import type { Touched } from './touched.js';
import { rowName, type Violations } from './violation.js';

/**
 * Keeps one count as rows change, beside the field that says the same: what each counted row gives is remembered, so
 * that a row that has changed is counted anew by itself.
 */
export class Counting {
  /** For each counted row which one counts it, and as what. */
  #by = new Uint32Array(64);
  #as = new Float64Array(64);
  /** For each counting row what it should have. */
  #sums = new Float64Array(64);

  constructor(readonly count: Count) {}

  /** What a counting row should have. */
  sumOf(row: number): number {
    return row < this.#sums.length ? this.#sums[row]! : 0;
  }

  /** Counts the rows anew that have changed; those that count them have changed, too. */
  take(touched: Touched): void {
    const { counted, counting, by, as } = this.count;
    const list = touched.of[counted.id]!;
    for (let i = 0; i < list.size; i++) {
      const row = list.rows[i]!;
      if (row >= this.#by.length) this.#growRows(row + 1);
      const now = by(row);
      const amount = now === 0 ? 0 : as === undefined ? 1 : as(row);
      const before = this.#by[row]!;
      if (now === before && amount === this.#as[row]) continue;
      if (before !== 0) this.#add(touched, counting.id, before, -this.#as[row]!);
      if (now !== 0) this.#add(touched, counting.id, now, amount);
      this.#by[row] = now;
      this.#as[row] = amount;
    }
  }

  /** Compares the field of the counting rows that have changed. */
  check(touched: Touched, violations: Violations): void {
    const { counting, field, invariant, what } = this.count;
    if (field < 0) return;
    const { rows, size } = touched.of[counting.id]!;
    for (let i = 0; i < size; i++) {
      const row = rows[i]!;
      const found = counting.number(field, row);
      const expected = this.sumOf(row);
      if (found === expected) continue;
      violations.add(
        invariant,
        `${what} (${counting.names[field]})`,
        [rowName({ table: counting }, row)],
        found,
        expected,
      );
    }
  }

  #add(touched: Touched, table: number, row: number, amount: number): void {
    if (row >= this.#sums.length) this.#sums = grown(this.#sums, Math.max(row + 1, this.#sums.length * 2));
    this.#sums[row]! += amount;
    touched.add(table, row);
  }

  #growRows(atLeast: number): void {
    const capacity = Math.max(atLeast, this.#by.length * 2);
    this.#by = grown(this.#by, capacity);
    this.#as = grown(this.#as, capacity);
  }
}
