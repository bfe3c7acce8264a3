/** Responses that stay open: bounded in number, and cut off when the other side does not read. */
import type { ServerResponse } from 'node:http';
import { Refusal } from '../edge/problems.js';

/** The streams that are open: how many may be, and how long one stays that is not read, in ms. */
export class Streams {
  #open = 0;
  readonly #begun = new WeakSet<ServerResponse>();

  constructor(
    private readonly most: number,
    private readonly stallMs: number,
  ) {}

  get open(): number {
    return this.#open;
  }

  /**
   * Takes one place until the response is closed: none for one that
   * is, of which nobody would say so again. Throws `Refusal`.
   */
  take(response: ServerResponse): void {
    if (response.destroyed) return;
    if (this.#open >= this.most) throw new Refusal('too-many-streams', `${this.#open} streams are open`);
    this.#open++;
    response.once('close', () => this.#open--);
  }

  /** Of an answer that ends: cuts it off when nothing of it is read for so long. */
  cutWhenStalled(response: ServerResponse): void {
    response.setTimeout(this.stallMs, () => response.destroy());
  }

  /** Begins to answer by a stream. */
  begin(response: ServerResponse, contentType: string, headers: Readonly<Record<string, string>> = {}): TextStream {
    this.#begun.add(response);
    return new ResponseStream(response, contentType, headers, this.stallMs);
  }

  /** Whether a response is a stream. */
  includes(response: ServerResponse): boolean {
    return this.#begun.has(response);
  }
}

/** One open response, as its writer sees it. */
export interface TextStream {
  /** Writes text, or its bytes in UTF-8; false means that the other side is behind: wait for `drained` before the next. */
  write(text: string | Uint8Array): boolean;
  /** Sends what was written at once, instead of with all else that is done before the thread looks for input again. */
  flush(): void;
  /** Resolves when the other side has caught up, or the stream is closed. */
  drained(): Promise<void>;
  /** Bytes that the other side has not taken. */
  readonly behindBytes: number;
  readonly closed: boolean;
  /** Ends it after what was written. */
  end(): void;
  /** Ends it at once. */
  cut(): void;
  /** Called once, when it has ended for whatever reason. */
  onClose(run: () => void): void;
}

/** A stream over an HTTP response whose head is written. */
class ResponseStream implements TextStream {
  constructor(
    private readonly response: ServerResponse,
    contentType: string,
    headers: Readonly<Record<string, string>>,
    private readonly stallMs: number,
  ) {
    response.on('error', () => response.destroy());
    response.on('timeout', () => this.cut());
    const always = { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    response.writeHead(200, { ...always, ...headers });
    response.flushHeaders();
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  get behindBytes(): number {
    return this.response.writableLength;
  }

  write(text: string | Uint8Array): boolean {
    return this.closed ? true : this.response.write(text);
  }

  flush(): void {
    // Node corks the socket at the first chunk of a tick, to take the cork out when the tick is over.
    this.response.socket?.uncork();
  }

  drained(): Promise<void> {
    const response = this.response;
    if (this.closed || !response.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      // Of the socket, whose time begins anew whenever some of what was written has gone: a timer of one's own would
      // count a slow reader as one that has stopped.
      response.setTimeout(this.stallMs);
      const done = () => {
        response.setTimeout(0);
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
  }

  end(): void {
    if (!this.closed) this.response.end();
  }

  cut(): void {
    this.response.destroy();
  }

  onClose(run: () => void): void {
    if (this.closed) run();
    else this.response.once('close', run);
  }
}
