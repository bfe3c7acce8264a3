/** What comes with an input from the edge. */
import { type Sender, traceparentOf } from '../catalogue/codec.js';
import type { Clock, Ids } from './ports.js';

export type { Sender };

/** Makes the envelopes of one request: every input has an id, and they share the moment of their arrival. */
export class Senders {
  readonly #receivedAtMs: number;
  readonly #traceparent: string | null;

  constructor(
    private readonly ids: Ids,
    clock: Pick<Clock, 'wallMs'>,
    traceparent: unknown,
  ) {
    this.#receivedAtMs = clock.wallMs();
    this.#traceparent = traceparentOf(traceparent);
  }

  /** What comes with the next input; its id is `inputId` or a new one. */
  next(inputId: string | null = null): Sender {
    return {
      inputId: inputId ?? this.ids.next(),
      receivedAtMs: this.#receivedAtMs,
      principal: null,
      traceparent: this.#traceparent,
    };
  }
}
