import { MAX_INPUTS_PER_TURN } from '../kernel/limits.js';

/** What a turn should take to be computed at most, in ms: nobody else is heard or served meanwhile. */
const LONG_MS = 100;
/**
 * Inputs that a turn takes at least, if so many wait: what it costs beside them is small then. As many at first: to a
 * process that has just started each costs ten times what it will, and 4,096 of them made a turn of seconds.
 */
const LEAST_INPUTS = 256;

/** How many inputs the next turn takes at most, by how long those before took. */
export class TurnSize {
  #next = LEAST_INPUTS;

  get next(): number {
    return this.#next;
  }

  /** A turn took so many inputs, and so many ms. One that had room for more says nothing about how large it may be. */
  adapt(inputs: number, ms: number): void {
    if (inputs < this.#next) return;
    if (ms > LONG_MS) this.#next = Math.max(LEAST_INPUTS, this.#next >> 1);
    else if (ms < LONG_MS / 4) this.#next = Math.min(MAX_INPUTS_PER_TURN, this.#next << 1);
  }
}
