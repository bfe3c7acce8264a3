import { encodeBody } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry, Pair } from '../catalogue/generated/types.js';
import { type Answer, type Inbox, InboxFull, type InputSource, NotReady, type Pending } from './port.js';

/** Inputs that wait at most: beyond it the gateway pushes back. */
export const MAX_WAITING = 65_536;
/** Bytes of inputs that wait at most: a few of the largest submissions, or all that the count allows of usual ones. */
export const MAX_WAITING_BYTES = 256 * 1024 * 1024;
/** What a sender is told to wait when the inbox is full, in ms. */
const RETRY_AFTER_MS = 250;
/** Inputs that were taken and still have a place in the list, before it is cut. */
const TAKEN_KEPT = 4096;

/**
 * The embedded inbox: inputs of the gateway in the same process, in the order in which they were handed in. Bounded.
 * An input's position is a counter that it gets when it enters a turn; what was in no accepted turn was never
 * acknowledged.
 */
export class EmbeddedInbox implements Inbox, InputSource {
  #items: Pending[] = [];
  #start = 0;
  #bytes = 0;
  #closed: string | null = 'it is starting';
  onArrival: () => void = () => undefined;

  get waiting(): number {
    return this.#items.length - this.#start;
  }

  open(): void {
    this.#closed = null;
  }

  close(reason: string): void {
    this.#closed = reason;
    const waiting = this.#items.slice(this.#start);
    this.#items = [];
    this.#start = 0;
    this.#bytes = 0;
    for (const { reject } of waiting) reject(new NotReady(reason));
  }

  put(input: InputEntry): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const bytes = sizeOf(input);
      const refusal = this.#refusal(bytes);
      if (refusal !== null) return reject(refusal);
      this.#items.push({ input, bytes, resolve, reject });
      this.#bytes += bytes;
      this.onArrival();
    });
  }

  putMany(inputs: readonly InputEntry[]): Promise<Answer>[] {
    return inputs.map((input) => this.put(input));
  }

  take(most: number, bytes: number): readonly Pending[] {
    let end = this.#start;
    let size = 0;
    while (end < this.#items.length && end - this.#start < most) {
      const next = this.#items[end]!.bytes;
      if (size + next > bytes && end > this.#start) break;
      size += next;
      end += 1;
    }
    const taken = this.#items.slice(this.#start, end);
    this.#start = end;
    this.#bytes -= size;
    if (this.#start >= TAKEN_KEPT || this.#start === this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return taken;
  }

  giveBack(pending: readonly Pending[]): void {
    if (this.#closed !== null) {
      for (const { reject } of pending) reject(new NotReady(this.#closed));
      return;
    }
    this.#items = [...pending, ...this.#items.slice(this.#start)];
    this.#start = 0;
    for (const { bytes } of pending) this.#bytes += bytes;
  }

  /** An input that is larger than the whole room is taken when nothing else waits. */
  #refusal(bytes: number): Error | null {
    if (this.#closed !== null) return new NotReady(this.#closed);
    const isFull = this.waiting >= MAX_WAITING || (this.waiting > 0 && this.#bytes + bytes > MAX_WAITING_BYTES);
    return isFull ? new InboxFull(RETRY_AFTER_MS) : null;
  }
}

/** Bytes of an envelope and of what has a fixed size in a body. */
const INPUT_BYTES = 128;
const HELD_BYTES = 24;

/** About how many bytes an input takes in its turn, never far below what it really takes. */
function sizeOf(input: InputEntry): number {
  switch (input.code) {
    case Code.SubmitDag:
      return INPUT_BYTES + (input.encoded ?? encodeBody(Code.SubmitDag, input.body)).length;
    case Code.CompleteJob:
    case Code.ResolveSignal:
      return INPUT_BYTES + (input.body.output?.length ?? 0);
    case Code.RegisterExecutor:
      return INPUT_BYTES + HELD_BYTES * input.body.held.length + textsOf(input.body.labels);
    case Code.FailJob:
    case Code.ReportProgress:
      return INPUT_BYTES + textSize(input.body.message ?? '');
    case Code.ReturnJob:
    case Code.CancelDag:
    case Code.CancelJob:
      return INPUT_BYTES + textSize(input.body.reason);
    default:
      return INPUT_BYTES;
  }
}

function textsOf(pairs: readonly Pair[]): number {
  let size = 0;
  for (const { name, value } of pairs) size += textSize(name) + textSize(value);
  return size;
}

/** A UTF-16 code unit takes three bytes at most. */
function textSize(text: string): number {
  return 3 * text.length;
}
