import type { Pending } from './port.js';

/** Inputs that were taken and still have a place in the list, before it is cut. */
const TAKEN_KEPT = 4096;

/** Inputs that wait for their turn, in the order in which they came. */
export class WaitingInputs {
  #items: Pending[] = [];
  #start = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  /** About how many bytes they take in their turns. */
  get bytes(): number {
    return this.#bytes;
  }

  push(pending: Pending): void {
    this.#items.push(pending);
    this.#bytes += pending.bytes;
  }

  /** Takes those that come next, at most `most` and about `bytes` of them, at least one if there is one. */
  take(most: number, bytes: number): readonly Pending[] {
    let end = this.#start;
    let size = 0;
    while (end < this.#items.length && end - this.#start < most) {
      const next = this.#items[end]!.bytes;
      if (size + next > bytes && end > this.#start) break;
      size += next;
      end += 1;
    }
    const taken = this.#items.slice(this.#start, end);
    this.#start = end;
    this.#bytes -= size;
    if (this.#start >= TAKEN_KEPT || this.#start === this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return taken;
  }

  /** Puts the last of those that were taken back to where they were. */
  giveBack(pending: readonly Pending[]): void {
    if (pending.length === 0) return;
    this.#items = [...pending, ...this.#items.slice(this.#start)];
    this.#start = 0;
    for (const { bytes } of pending) this.#bytes += bytes;
  }

  /** Empties it, and gives what waited. */
  clear(): readonly Pending[] {
    return this.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
}
