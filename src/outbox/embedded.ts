import type { AcceptedTurn, Outbox, Publisher, TurnListener } from './port.js';

/** The embedded outbox: subscribers in the same process get each accepted turn, in order. */
export class EmbeddedOutbox implements Outbox, Publisher {
  readonly #listeners = new Set<TurnListener>();
  readonly #onDropped = new Set<() => void>();
  #published: number;

  /** `published` is the last turn that needs no telling: the head that the process started from. */
  constructor(published: number) {
    this.#published = published;
  }

  subscribe(listener: TurnListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  published(): number {
    return this.#published;
  }

  onDropped(listener: () => void): () => void {
    this.#onDropped.add(listener);
    return () => this.#onDropped.delete(listener);
  }

  /** Tells all who listen that a fold was dropped, with the turns in it that were not told. */
  drop(): void {
    for (const listener of this.#onDropped) listener();
  }

  /** Tells an accepted turn to all who listen. */
  publish(turn: AcceptedTurn): void {
    this.#published = turn.turn;
    for (const listener of this.#listeners) listener(turn);
  }
}
