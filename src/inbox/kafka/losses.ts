import type { LostInputs } from '../port.js';

/**
 * Positions that brokers no longer have. A loss gets its turn when every input that was read before it has been taken,
 * and before any that is read after it: so ranges go on where the last ones ended.
 */
export class Losses {
  #lost: LostInputs[] = [];
  readonly #waiters: (() => void)[] = [];
  /** How many inputs that wait come before the newest loss. */
  #before = 0;
  #isNext = false;

  get count(): number {
    return this.#lost.length;
  }

  /** Notes a loss while `waiting` inputs wait. Resolves when it is taken: until then its partition isn't read on. */
  add(lost: LostInputs, waiting: number): Promise<void> {
    this.#lost.push(lost);
    this.#before = waiting;
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** How many inputs may be taken now, of `most`. */
  limit(most: number): number {
    return this.#lost.length === 0 ? most : Math.min(most, this.#before);
  }

  /** So many inputs were taken; negative, they were given back. */
  passed(count: number): void {
    this.#before = Math.max(0, this.#before - count);
    this.#isNext = count === 0 && this.#before === 0;
  }

  /** The losses, once it is their turn. */
  take(): readonly LostInputs[] {
    if (!this.#isNext || this.#lost.length === 0) return [];
    const lost = this.#lost;
    this.#lost = [];
    this.close();
    return lost;
  }

  /** Nobody takes them any more. */
  close(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
