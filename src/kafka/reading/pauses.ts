import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait before brokers that could not be reached are asked again, in ms: first, and at most. */
const FIRST_MS = 50;
const LONGEST_MS = 1000;

/** Pauses between tries, each twice as long as the one before. */
export class Pauses {
  #nextMs = FIRST_MS;

  constructor(private readonly wait: (ms: number) => Promise<unknown> = sleep) {}

  /** Resolves when it is time for the next try. */
  async pause(): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, 2 * ms);
    await this.wait(ms);
  }

  /** A try has succeeded: the next pause is short again. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
