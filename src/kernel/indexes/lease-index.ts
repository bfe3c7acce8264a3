import { rowOfLease } from '../rows/shapes.js';
import type { State } from '../rows/state.js';
import { doubled } from '../structures/grow.js';

/** Words of a lease: the lease after it and the one before, side by side; 0 for none. */
const AFTER = 0;
const BEFORE = 1;
const SHIFT = 1;

function placeOf(lease: number): number {
  return rowOfLease(lease) << SHIFT;
}

/** The leases that hold slots, chained by their executor, all by their rows. An index of rows. */
export class LeaseIndex {
  /** The first lease of an executor; 0 for none. */
  private firstOf = new Int32Array(64);
  private links = new Int32Array(256 << SHIFT);

  constructor(private readonly state: State) {}

  add(executor: number, lease: number): void {
    if (executor >= this.firstOf.length) this.firstOf = doubled(this.firstOf, executor + 1);
    const place = placeOf(lease);
    if (place >= this.links.length) this.links = doubled(this.links, place + (1 << SHIFT));
    const first = this.firstOf[executor]!;
    this.links[place | AFTER] = first;
    this.links[place | BEFORE] = 0;
    if (first !== 0) this.links[placeOf(first) | BEFORE] = lease;
    this.firstOf[executor] = lease;
  }

  /** Takes a lease out; its row may be gone already. */
  remove(executor: number, lease: number): void {
    const after = this.links[placeOf(lease) | AFTER]!;
    const before = this.links[placeOf(lease) | BEFORE]!;
    if (before === 0) this.firstOf[executor] = after;
    else this.links[placeOf(before) | AFTER] = after;
    if (after !== 0) this.links[placeOf(after) | BEFORE] = before;
  }

  /** Calls back with each lease of an executor, by its row, in no order. */
  each(executor: number, each: (lease: number) => void): void {
    for (let lease = this.firstOf[executor] ?? 0; lease !== 0; lease = this.links[placeOf(lease) | AFTER]!) each(lease);
  }

  /** Tokens of an executor's leases, in order. */
  of(executor: number): readonly number[] {
    const { keyA } = this.state.leases;
    const tokens: number[] = [];
    this.each(executor, (lease) => tokens.push(keyA[lease]!));
    return tokens.sort((a, b) => a - b);
  }
}
