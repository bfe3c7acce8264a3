import { Code } from '../catalogue/generated/codes.js';
import type { EventEntry, InputEntry } from '../catalogue/generated/types.js';
import { type Answer, type Inbox, InboxFull, NotReady } from './port.js';

/** An input that waits for its turn. */
export interface Pending {
  readonly input: InputEntry;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Inputs that wait at most: beyond it the gateway pushes back. */
export const MAX_WAITING = 65_536;
/** What a sender is told to wait when the inbox is full, in ms. */
const RETRY_AFTER_MS = 250;

/**
 * The embedded inbox: inputs of the gateway in the same process, in the order in which they were handed in. Bounded.
 * An input's position is a counter that it gets when it enters a turn; what was in no accepted turn was never
 * acknowledged.
 */
export class EmbeddedInbox implements Inbox {
  #items: Pending[] = [];
  #start = 0;
  #closed: string | null = 'it is starting';
  /** Called when something arrives. */
  onArrival: () => void = () => undefined;

  get waiting(): number {
    return this.#items.length - this.#start;
  }

  /** Takes inputs from now on. */
  open(): void {
    this.#closed = null;
  }

  /** Takes no more inputs; those that wait are told so. */
  close(reason: string): void {
    this.#closed = reason;
    const waiting = this.#items.slice(this.#start);
    this.#items = [];
    this.#start = 0;
    for (const item of waiting) item.reject(new NotReady(reason));
  }

  put(input: InputEntry): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal();
      if (refusal !== null) return reject(refusal);
      this.#items.push({ input, resolve, reject });
      this.onArrival();
    });
  }

  putMany(inputs: readonly InputEntry[]): Promise<Answer>[] {
    return inputs.map((input) => this.put(input));
  }

  /** The inputs that come next, at most `most` and about `bytes` of them, at least one; they stay until `drop`. */
  peek(most: number, bytes: number): readonly Pending[] {
    let end = this.#start;
    let size = 0;
    while (end < this.#items.length && end - this.#start < most) {
      size += sizeOf(this.#items[end]!.input);
      if (size > bytes && end > this.#start) break;
      end += 1;
    }
    return this.#items.slice(this.#start, end);
  }

  /** The first `count` inputs have entered a turn. */
  drop(count: number): void {
    this.#start += count;
    if (this.#start < 4096 && this.#start !== this.#items.length) return;
    this.#items = this.#items.slice(this.#start);
    this.#start = 0;
  }

  #refusal(): Error | null {
    if (this.#closed !== null) return new NotReady(this.#closed);
    return this.waiting >= MAX_WAITING ? new InboxFull(RETRY_AFTER_MS) : null;
  }
}

/** Bytes of an input beside what its sender chose freely: envelope, names, numbers. */
const INPUT_BYTES = 128;
const JOB_BYTES = 96;

/** About how many bytes an input takes in its turn. */
function sizeOf(input: InputEntry): number {
  if (input.code === Code.CompleteJob || input.code === Code.ResolveSignal) return INPUT_BYTES + (input.body.output?.length ?? 0);
  if (input.code !== Code.SubmitDag) return INPUT_BYTES;
  let size = INPUT_BYTES;
  for (const job of input.body.jobs) {
    size += JOB_BYTES + (job.when?.length ?? 0);
    for (const binding of job.inputs) size += JOB_BYTES + (binding.value?.length ?? 0);
  }
  return size;
}

/** Tells the inputs of an accepted turn what became of them. The events that an input caused follow it at once. */
export function answer(
  pending: readonly Pending[],
  entries: readonly (InputEntry | EventEntry)[],
  turn: number,
  atMs: number,
): void {
  let next = 0;
  for (let index = 0; index < entries.length && next < pending.length; index++) {
    if (!('envelope' in entries[index]!)) continue;
    const events: EventEntry[] = [];
    for (let i = index + 1; i < entries.length; i++) {
      const entry = entries[i]!;
      if ('envelope' in entry || entry.cause !== index) break;
      events.push(entry);
    }
    pending[next]!.resolve({ turn, atMs, index, events });
    next += 1;
  }
}
