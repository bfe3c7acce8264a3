import { KafkaFault } from '../fault.js';
import type { Fetched } from './partition-reader.js';

/** How long open transactions may hold back records until it is told, in ms: what is alive ends them sooner. */
export const HELD_BACK_MS = 60_000;

export interface HeldBackParts {
  /** The partition in words. */
  readonly what: string;
  /**
   * Whether the end must be reached now and then: transactions that overlap never let it be, though what each of them holds
   * back comes. Where it need not, they harm nobody, and it is told when nothing comes.
   */
  readonly untilEnd: boolean;
  readonly monotonicMs: () => number;
}

/** Notices that open transactions of others hold back a partition's records for long. */
export class HeldBack {
  #held: { readonly sinceMs: number; readonly from: number } | null = null;

  constructor(private readonly parts: HeldBackParts) {}

  /** What there is to tell after an answer of the brokers; null: nothing. */
  faultAfter({ stable, end }: Pick<Fetched, 'stable' | 'end'>): KafkaFault | null {
    if (stable >= end) {
      this.#held = null;
      return null;
    }
    const { what, untilEnd, monotonicMs } = this.parts;
    const nowMs = monotonicMs();
    const goesOn = this.#held !== null && (untilEnd || this.#held.from === stable);
    if (!goesOn) this.#held = { sinceMs: nowMs, from: stable };
    const ms = nowMs - this.#held!.sinceMs;
    if (ms < HELD_BACK_MS) return null;
    const message = `open transactions have held back records of ${what} for ${Math.floor(ms / 1000)} s, now from ${stable} on`;
    return new KafkaFault('kafka-held-back', message, false);
  }
}
