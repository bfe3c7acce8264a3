import type { TextStream } from '../../../src/gateway/streams.js';
import type { Host } from './host.js';

/** Who reads a stream. */
export interface StreamReader {
  line(text: string): void;
  closed(): void;
}

/** A dispatch stream over the simulated network: text comes later, in order, and now and then slowly. */
export class HostStream implements TextStream {
  #closed = false;
  #lastMs = 0;
  readonly #onClose: (() => void)[] = [];

  constructor(
    private readonly host: Host,
    private readonly reader: StreamReader,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  get behindBytes(): number {
    return 0;
  }

  write(text: string): boolean {
    if (this.#closed || !this.host.alive) return true;
    this.#deliver(() => {
      for (const line of text.split('\n')) if (line !== '') this.reader.line(line);
    });
    return !this.host.chance.hits(0.05);
  }

  flush(): void {
    // What is written is under way.
  }

  drained(): Promise<void> {
    return this.host.delay(this.host.chance.wait(20));
  }

  end(): void {
    this.#close();
  }

  cut(): void {
    this.#close();
  }

  onClose(run: () => void): void {
    this.#onClose.push(run);
  }

  /** The process is gone, or the reader has gone away. */
  reset(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.host.alive) this.#deliver(() => this.reader.closed());
    else this.host.after(0.1, () => this.#tellClosed());
  }

  #close(): void {
    if (this.#closed || !this.host.alive) return;
    this.#closed = true;
    this.#deliver(() => this.reader.closed());
    this.#tellClosed();
  }

  #tellClosed(): void {
    for (const run of this.#onClose) run();
  }

  #deliver(run: () => void): void {
    const { timeline, chance } = this.host;
    this.#lastMs = Math.max(this.#lastMs, timeline.nowMs + chance.wait(1) + 0.1);
    timeline.after(this.#lastMs - timeline.nowMs, run);
  }
}
