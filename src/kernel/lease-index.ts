import { doubled } from './grow.js';
import type { State } from './state.js';

/** The leases that hold slots, chained by their executor, all by their rows. An index of rows. */
export class LeaseIndex {
  /** The first lease of an executor, and of each lease the one after and before; 0 for none. */
  private firstOf = new Uint32Array(64);
  private after = new Uint32Array(256);
  private beforeIt = new Uint32Array(256);

  constructor(private readonly state: State) {}

  add(executor: number, lease: number): void {
    if (executor >= this.firstOf.length) this.firstOf = doubled(this.firstOf, executor + 1);
    if (lease >= this.after.length) {
      this.after = doubled(this.after, lease + 1);
      this.beforeIt = doubled(this.beforeIt, lease + 1);
    }
    const first = this.firstOf[executor]!;
    this.after[lease] = first;
    this.beforeIt[lease] = 0;
    if (first !== 0) this.beforeIt[first] = lease;
    this.firstOf[executor] = lease;
  }

  /** Takes a lease out; its row may be gone already. */
  remove(executor: number, lease: number): void {
    const after = this.after[lease]!;
    const before = this.beforeIt[lease]!;
    if (before === 0) this.firstOf[executor] = after;
    else this.after[before] = after;
    if (after !== 0) this.beforeIt[after] = before;
  }

  /** Tokens of an executor's leases, in order. */
  of(executor: number): readonly number[] {
    const { keyA } = this.state.leases;
    const tokens: number[] = [];
    for (let lease = this.firstOf[executor] ?? 0; lease !== 0; lease = this.after[lease]!) tokens.push(keyA[lease]!);
    return tokens.sort((a, b) => a - b);
  }
}
