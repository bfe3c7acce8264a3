import type { AnyEntry, EventEntry, InputEntry } from '../catalogue/generated/types.js';

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

/** Hears what became of an input. */
export type Told = (outcome: Answer | Error) => void;

/** What `ask` is told, as a promise. */
export function answered(ask: (told: Told) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
  });
}

/** The events that an input caused directly: they follow it at once in its turn. */
export function causedBy(index: number, entries: readonly AnyEntry[]): readonly EventEntry[] {
  let end = index + 1;
  while (end < entries.length && isCausedBy(entries[end]!, index)) end += 1;
  return entries.slice(index + 1, end) as EventEntry[];
}

function isCausedBy(entry: AnyEntry, index: number): boolean {
  return !('envelope' in entry) && entry.cause === index;
}

/** The inbox has no room; the sender tries again after `retryAfterMs`. */
export class InboxFull extends Error {
  readonly code = 'inbox-full';
  constructor(readonly retryAfterMs: number) {
    super(`the inbox is full; try again in ${retryAfterMs} ms`);
  }
}

/** What a sender is told to wait when the inbox is full, in ms. */
const RETRY_AFTER_MS = 250;
/** What a sender is told then. One for all: a stack for each of a large request's lines holds up everybody else. */
export const FULL = new InboxFull(RETRY_AFTER_MS);

/** No leader takes inputs now; the sender tries again. */
export class NotReady extends Error {
  readonly code = 'not-ready';
  constructor(reason: string) {
    super(`the fabric takes no inputs now: ${reason}`);
  }
}

/** The log of inputs takes none that is so large: the input was not taken, and never will be as it is. */
export class InputTooLarge extends Error {
  readonly code = 'payload-too-large';
}

/**
 * The turn that takes the input, or does not, is not known here, and won't be: another process, or the next start, knows.
 */
export class FateOpen extends Error {
  readonly code = 'fate-open';
  constructor(reason: string) {
    super(`whether the input was taken is not known: ${reason}`);
  }
}

/**
 * Where inputs come in, as a gateway sees it.
 *
 * Ordering: inputs handed in one after the other by one caller are taken in that order.
 * Failure: `InboxFull`, `NotReady` and `InputTooLarge` mean that the input was not taken; any other rejection (`FateOpen`)
 * leaves its fate open, and the caller may hand it in again with the same inputId.
 */
export interface Inbox {
  /** Hands in one canonical input. Resolves when the turn that took it is durable. */
  put(input: InputEntry): Promise<Answer>;
  /**
   * Hands in several at once; they stay neighbours in the inbox. `told` gets what became of each by its index, an error
   * as `put` rejects with it, perhaps before this returns. It must only take note of it: the leader waits for it.
   */
  putEach(inputs: readonly InputEntry[], told: (index: number, outcome: Answer | Error) => void): void;
}

/** Where an input stood in a log of inputs. */
export interface Place {
  readonly source: string;
  readonly partition: number;
  /** The position after it. */
  readonly next: number;
}

/** Positions that a log no longer has, although no turn had taken them. */
export interface LostInputs {
  readonly source: string;
  readonly partition: number;
  readonly from: number;
  /** The first position that is there. */
  readonly to: number;
}

/** An input that waits for its turn, and whoever waits for its answer. */
export interface Pending {
  readonly input: InputEntry;
  /** Null where an input gets its position when it enters a turn: a counter. */
  readonly place: Place | null;
  /** About how many bytes it takes in its turn. */
  readonly bytes: number;
  readonly told: Told;
}

/**
 * Where inputs come in, as the leader sees it. What the leader takes is its own to answer; what waits when the inbox is
 * closed is told that it was not taken.
 */
export interface InputSource {
  /** How many inputs wait. */
  readonly waiting: number;
  /** Whether no callback waits that is known of: then a session may run out. */
  readonly isCaughtUp: boolean;
  /** Called when something arrives. */
  onArrival: () => void;
  /** Called when callbacks can be read again: from when to when they could not, by the monotonic clock, in ms. */
  onUnheard?: (fromMs: number, toMs: number) => void;
  /** Takes inputs from now on; of logs, from the positions on that no accepted turn has taken. */
  open(positions: ReadonlyMap<string, number>): void;
  /** Takes no more inputs; those that wait are told so. */
  close(reason: string): void;
  /** Takes the inputs that come next, at most `most` and about `bytes` of them, at least one if there is one. */
  take(most: number, bytes: number): readonly Pending[];
  /** Positions that were found to be lost since the last call, before any input that came after them. */
  takeLost(): readonly LostInputs[];
  /** Puts the last of the inputs that were taken back to where they were; if it is closed by now, they are told so. */
  giveBack(pending: readonly Pending[]): void;
}
