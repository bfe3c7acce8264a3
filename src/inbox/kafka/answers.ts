import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, InputEntry } from '../../catalogue/generated/types.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { causedBy, type Told } from '../port.js';

/** A turn that is accepted. */
interface Turn {
  readonly turn: number;
  readonly atMs: number;
  readonly entries: readonly AnyEntry[];
}

interface Waiter {
  readonly digest: Uint8Array;
  readonly told: Told;
}

/**
 * Finds the answers to inputs in accepted turns, whoever made the turn: an input is known by its id and what it says, as
 * senders choose ids, and another input of the same id has an answer of its own.
 */
export class Answers {
  readonly #waiters = new Map<string, Waiter[]>();
  #count = 0;

  /** How many inputs wait for their answers. */
  get waiting(): number {
    return this.#count;
  }

  /** Calls `told` with the answer to the next input that is this one, or at the end. What is returned ends the wait. */
  await({ envelope: { inputId, digest } }: InputEntry, told: Told): () => void {
    const waiter = { digest, told };
    madeOnce(this.#waiters, inputId, () => []).push(waiter);
    this.#count += 1;
    return () => this.#forget(inputId, waiter);
  }

  /** Tells whoever waits for inputs of this turn. */
  accept({ turn, atMs, entries }: Turn): void {
    if (this.#count === 0) return;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      if (!('envelope' in entry)) continue;
      const waiter = this.#waiters.get(entry.envelope.inputId)?.find((one) => isSame(one, entry));
      if (waiter === undefined) continue;
      this.#forget(entry.envelope.inputId, waiter);
      waiter.told({ turn, atMs, index, events: causedBy(index, entries) });
    }
  }

  /** Tells all who wait that their answers won't come. */
  end(error: Error): void {
    const waiters = [...this.#waiters.values()].flat();
    this.#waiters.clear();
    this.#count = 0;
    for (const { told } of waiters) told(error);
  }

  #forget(inputId: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(inputId);
    const at = waiters?.indexOf(waiter) ?? -1;
    if (waiters === undefined || at < 0) return;
    waiters.splice(at, 1);
    this.#count -= 1;
    if (waiters.length === 0) this.#waiters.delete(inputId);
  }
}

/** What can't be read has lost what it said. */
function isSame({ digest }: Waiter, { code, envelope }: InputEntry): boolean {
  return code === Code.Undecodable || Buffer.compare(digest, envelope.digest) === 0;
}
