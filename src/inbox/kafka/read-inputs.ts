import type { LostInputs, Pending } from '../port.js';
import { WaitingInputs } from '../waiting.js';

/**
 * What was read of the topics and not taken yet: inputs, and among them losses, positions that brokers no longer have. A
 * loss gets its turn when every input that was read before it has been taken, and before any that is read after it: so
 * ranges go on where the last ones ended.
 */
export class ReadInputs {
  readonly #waiting = new WaitingInputs();
  #lost: LostInputs[] = [];
  readonly #waiters: (() => void)[] = [];
  /** How many inputs that wait come before the newest loss, while there is one. */
  #before = 0;
  #isLossNext = false;

  get inputs(): number {
    return this.#waiting.length;
  }

  /** About how many bytes the inputs take in their turns. */
  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** Inputs and losses that wait. */
  get length(): number {
    return this.#waiting.length + this.#lost.length;
  }

  push(pending: Pending): void {
    this.#waiting.push(pending);
  }

  /** Notes a loss. Resolves when it is taken: until then its partition isn't read on. */
  lost(lost: LostInputs): Promise<void> {
    this.#lost.push(lost);
    this.#before = this.#waiting.length;
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Takes the inputs that come next, at most `most` and about `bytes` of them, none that came after a loss. */
  take(most: number, bytes: number): readonly Pending[] {
    const taken = this.#waiting.take(this.#lost.length === 0 ? most : Math.min(most, this.#before), bytes);
    this.#before -= taken.length;
    this.#isLossNext = taken.length === 0;
    return taken;
  }

  /** The losses, if it is their turn after what was taken last. */
  takeLost(): readonly LostInputs[] {
    if (!this.#isLossNext) return [];
    const lost = this.#lost;
    this.#lost = [];
    this.#passOver();
    return lost;
  }

  /** Puts the last of the inputs that were taken back to where they were. */
  giveBack(pending: readonly Pending[]): void {
    this.#waiting.giveBack(pending);
    this.#before += pending.length;
  }

  /** Nobody takes anything any more; not losses either, before which inputs may have waited. */
  clear(): void {
    this.#waiting.clear();
    this.#lost = [];
    this.#passOver();
  }

  #passOver(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
