import type { EventEntry, InputEntry } from '../../catalogue/generated/types.js';
import { type Answer, causedBy } from '../port.js';

/** A turn that is accepted. */
interface Turn {
  readonly turn: number;
  readonly atMs: number;
  readonly entries: readonly (InputEntry | EventEntry)[];
}

type Waiter = (outcome: Answer | Error) => void;

/** Finds the answers to inputs in accepted turns, whoever made the turn: an input is known by its id. */
export class Answers {
  readonly #waiters = new Map<string, Waiter[]>();
  #count = 0;

  /** How many inputs wait for their answers. */
  get waiting(): number {
    return this.#count;
  }

  /** Calls `told` with the answer to the next input of this id, or at the end. What is returned ends the wait. */
  await(inputId: string, told: Waiter): () => void {
    const waiters = this.#waiters.get(inputId);
    if (waiters === undefined) this.#waiters.set(inputId, [told]);
    else waiters.push(told);
    this.#count += 1;
    return () => this.#forget(inputId, told);
  }

  /** Tells whoever waits for inputs of this turn. */
  accept({ turn, atMs, entries }: Turn): void {
    if (this.#count === 0) return;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      if (!('envelope' in entry)) continue;
      const told = this.#waiters.get(entry.envelope.inputId)?.[0];
      if (told === undefined) continue;
      this.#forget(entry.envelope.inputId, told);
      told({ turn, atMs, index, events: causedBy(index, entries) });
    }
  }

  /** Tells all who wait that their answers won't come. */
  end(error: Error): void {
    const waiters = [...this.#waiters.values()].flat();
    this.#waiters.clear();
    this.#count = 0;
    for (const told of waiters) told(error);
  }

  #forget(inputId: string, told: Waiter): void {
    const waiters = this.#waiters.get(inputId);
    const at = waiters?.indexOf(told) ?? -1;
    if (waiters === undefined || at < 0) return;
    waiters.splice(at, 1);
    this.#count -= 1;
    if (waiters.length === 0) this.#waiters.delete(inputId);
  }
}
