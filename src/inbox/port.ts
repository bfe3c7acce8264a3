import type { EventEntry, InputEntry } from '../catalogue/generated/types.js';

/** What became of one input, told after its turn is accepted in the journal (law 1). */
export interface Answer {
  readonly turn: number;
  /** Journal time of the turn in ms. */
  readonly atMs: number;
  /** Index of the input's entry in its turn. */
  readonly index: number;
  /** The events that the input caused directly, in order: an acceptance, a refusal, or what it changed. */
  readonly events: readonly EventEntry[];
}

/** The inbox has no room; the sender tries again after `retryAfterMs`. */
export class InboxFull extends Error {
  readonly code = 'inbox-full';
  constructor(readonly retryAfterMs: number) {
    super(`the inbox is full; try again in ${retryAfterMs} ms`);
  }
}

/** No leader takes inputs now; the sender tries again. */
export class NotReady extends Error {
  readonly code = 'not-ready';
  constructor(reason: string) {
    super(`the fabric takes no inputs now: ${reason}`);
  }
}

/**
 * Where inputs come in, as a gateway sees it.
 *
 * Ordering: inputs handed in one after the other by one caller are taken in that order.
 * Failure: `InboxFull` and `NotReady` mean that the input was not taken; any other rejection leaves its fate open,
 * and the caller may hand it in again with the same inputId.
 */
export interface Inbox {
  /** Hands in one canonical input. Resolves when the turn that took it is durable. */
  put(input: InputEntry): Promise<Answer>;
  /** Hands in several at once; they stay neighbours in the inbox. */
  putMany(inputs: readonly InputEntry[]): Promise<Answer>[];
}
