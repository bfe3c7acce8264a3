import { Worker } from 'node:worker_threads';
import { StoreCorrupt, StoreError } from '../../errors.js';
import { HOST } from './host-module.js';
import type { Answer, CallName, Calls, Fault, Request } from './messages.js';

/** Young objects of the thread, in MiB: it makes few, and what the process was told for its main thread is too much. */
const YOUNG_MIB = 16;

interface Waiting {
  readonly resolve: (gives: never) => void;
  readonly reject: (error: Error) => void;
}

/** The line to a store's thread: calls go there in order, answers come as they are ready. */
export class Line {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #broken: StoreError | null = null;

  constructor() {
    this.#thread = new Worker(HOST, {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.#thread.on('message', (answer: Answer) => this.#answered(answer));
    this.#thread.on('error', (error) => this.#break(error));
    this.#thread.on('exit', () => this.#break(null));
  }

  /** Calls the thread. Rejects with what it threw, or with `store-unavailable` when it has ended. */
  call<Name extends CallName>(
    call: Name,
    asks: Calls[Name]['asks'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[Name]['gives']> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ id, call, asks } as Request, transfer);
    });
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#thread.terminate();
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)!;
    this.#waiting.delete(answer.id);
    if ('fault' in answer) waiting.reject(errorOf(answer.fault));
    else waiting.resolve(answer.gives as never);
  }

  #break(error: unknown): void {
    const options = error === null ? undefined : { cause: error };
    this.#broken ??= new StoreError('store-unavailable', 'the thread of the store has ended', options);
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}

function errorOf({ code, message, cause }: Fault): Error {
  const options = cause === null ? undefined : { cause };
  if (code === null) return new Error(message, options);
  return code === 'store-corrupt' ? new StoreCorrupt(message, options) : new StoreError(code, message, options);
}
