import type { InputEntry } from '../catalogue/generated/types.js';
import { sizeOfInput } from '../catalogue/input-size.js';
import {
  type Answer,
  answered,
  FULL,
  type Inbox,
  type InputSource,
  NotReady,
  type Pending,
  type Told,
} from './port.js';
import { WaitingInputs } from './waiting.js';

/** Inputs that wait at most: beyond it the gateway pushes back. */
export const MAX_WAITING = 65_536;
/** Bytes of inputs that wait at most: a few of the largest submissions, or all that the count allows of usual ones. */
export const MAX_WAITING_BYTES = 256 * 1024 * 1024;

/**
 * The embedded inbox: inputs of the gateway in the same process, in the order in which they were handed in. Bounded. An
 * input's position is a counter that it gets when it enters a turn; what was in no accepted turn was never acknowledged.
 */
export class EmbeddedInbox implements Inbox, InputSource {
  readonly #waiting = new WaitingInputs();
  #closed: string | null = 'it is starting';
  onArrival: () => void = () => undefined;

  get waiting(): number {
    return this.#waiting.length;
  }

  get isCaughtUp(): boolean {
    return this.waiting === 0;
  }

  open(): void {
    this.#closed = null;
  }

  close(reason: string): void {
    this.#closed = reason;
    for (const { told } of this.#waiting.clear()) told(new NotReady(reason));
  }

  put(input: InputEntry): Promise<Answer> {
    return answered((told) => this.#put(input, told));
  }

  putEach(inputs: readonly InputEntry[], told: (index: number, outcome: Answer | Error) => void): void {
    for (let i = 0; i < inputs.length; i++) this.#put(inputs[i]!, (outcome) => told(i, outcome));
  }

  #put(input: InputEntry, told: Told): void {
    const bytes = sizeOfInput(input);
    const refusal = this.#refusal(bytes);
    if (refusal !== null) return told(refusal);
    this.#waiting.push({ input, place: null, bytes, told });
    this.onArrival();
  }

  take(most: number, bytes: number): readonly Pending[] {
    return this.#waiting.take(most, bytes);
  }

  takeLost(): readonly never[] {
    return [];
  }

  giveBack(pending: readonly Pending[]): void {
    if (this.#closed === null) return this.#waiting.giveBack(pending);
    for (const { told } of pending) told(new NotReady(this.#closed));
  }

  /** An input that is larger than the whole room is taken when nothing else waits. */
  #refusal(bytes: number): Error | null {
    if (this.#closed !== null) return new NotReady(this.#closed);
    const { length, bytes: held } = this.#waiting;
    const isFull = length >= MAX_WAITING || (length > 0 && held + bytes > MAX_WAITING_BYTES);
    return isFull ? FULL : null;
  }
}
