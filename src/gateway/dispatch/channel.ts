/**
 * What is on its way to one executor over one stream.
 *
 * Only numbers and short lines wait here: a dispatch is resolved when the stream can take it, so an executor that
 * reads slowly costs no memory. What does not reach it is not lost: the lease stays unacknowledged, and a new stream
 * begins with every such lease.
 */

import { dispatchLine } from '../../edge/dispatch-lines.js';
import { CHANNEL_MESSAGES } from '../../edge/limits.js';
import type { Views } from '../../scheduler/views/port.js';
import { BatchSize } from '../batch-size.js';
import type { TextStream } from '../streams.js';

/** A token to be resolved, or a line that is ready. */
export type Message = number | string;

type Resolve = Views['dispatches'];
type Resolved = Awaited<ReturnType<Resolve>>;

const NONE: Resolved = [];

/** Messages that are resolved at once. */
const BATCH = { first: 64, least: 4, most: 512 };

export class Channel {
  readonly executor: string;
  readonly seq: number;
  readonly incarnation: string;
  /** Turns up to this one are in the snapshot that the stream begins with. */
  readonly afterTurn: number;
  #waiting: Message[] = [];
  #started = false;
  #pumping = false;
  readonly #batch = new BatchSize(BATCH);
  #wrote = false;

  constructor(
    session: { readonly executor: string; readonly seq: number; readonly incarnation: string; readonly turn: number },
    private readonly stream: TextStream,
    private readonly resolve: Resolve,
    private readonly published: () => number,
  ) {
    this.executor = session.executor;
    this.seq = session.seq;
    this.incarnation = session.incarnation;
    this.afterTurn = session.turn;
  }

  get closed(): boolean {
    return this.stream.closed;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Begins with these messages, then goes on with what was added meanwhile. */
  start(first: readonly Message[]): void {
    this.#waiting = [...first, ...this.#waiting];
    this.#started = true;
    this.flush();
  }

  /** Adds a message; `flush` sends it. A stream that is too far behind is cut off. */
  add(message: Message): void {
    if (this.#waiting.length >= CHANNEL_MESSAGES) this.stream.cut();
    else this.#waiting.push(message);
  }

  /** Sends what is waiting, as fast as the stream takes it. */
  flush(): void {
    if (!this.#started || this.#pumping || this.#waiting.length === 0) return;
    this.#pumping = true;
    this.#pump().then(
      () => {
        this.#pumping = false;
        if (this.#waiting.length > 0 && !this.closed) this.flush();
      },
      () => {
        this.#pumping = false;
        this.stream.cut();
      },
    );
  }

  /** Writes a sign of life if nothing was written since the last one. */
  ping(line: string): void {
    if (this.#started && !this.#wrote && !this.#pumping) this.stream.write(`${line}\n`);
    this.#wrote = false;
  }

  /** Writes a last line and ends the stream. */
  end(line: string | null): void {
    this.#waiting = [];
    if (line !== null) this.stream.write(`${line}\n`);
    this.stream.end();
  }

  /** What needs nothing fetched is on its way when this returns: it goes before all else that its turn leads to. */
  async #pump(): Promise<void> {
    while (this.#waiting.length > 0 && !this.closed) {
      const messages = this.#take();
      const views = this.#viewsOf(messages);
      const text = this.#render(messages, views instanceof Promise ? await views : views);
      if (text === '') continue;
      this.#wrote = true;
      const isBehind = !this.stream.write(text);
      this.stream.flush();
      if (isBehind) await this.stream.drained();
    }
  }

  #take(): readonly Message[] {
    if (this.#waiting.length <= this.#batch.next) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, this.#batch.next);
  }

  #viewsOf(messages: readonly Message[]): ReturnType<Resolve> {
    const tokens = messages.filter((message) => typeof message === 'number');
    return tokens.length === 0 ? NONE : this.resolve(tokens);
  }

  /** Stops before the first dispatch without a view, as large ones are resolved a few at a time: the rest waits again. */
  #render(messages: readonly Message[], views: Resolved): string {
    let text = '';
    let next = 0;
    for (const [index, message] of messages.entries()) {
      if (typeof message === 'string') {
        text += `${message}\n`;
        continue;
      }
      if (next === views.length) {
        this.#waiting = [...messages.slice(index), ...this.#waiting];
        break;
      }
      const view = views[next++] ?? null;
      if (view !== null) text += `${dispatchLine(view, this.published())}\n`;
    }
    this.#batch.adapt(text.length);
    return text;
  }
}
