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

  /**
   * A turn took so many inputs, and so many ms. One that had room for more says nothing about how much larger turns may be;
   * one of few was not long because of them.
   */
  adapt(inputs: number, ms: number): void {
    if (ms > LONG_MS && inputs >= LEAST_INPUTS) this.#next = Math.max(LEAST_INPUTS, inputs >> 1);
    else if (ms < LONG_MS / 4 && inputs >= this.#next) this.#next = Math.min(MAX_INPUTS_PER_TURN, this.#next << 1);
  }
}
