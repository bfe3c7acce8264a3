/** An attempt on the timeline: which executor, in which of its lanes, one for each slot, from when to when. */
export interface Bar {
  readonly executor: string;
  readonly class: string;
  readonly lanes: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly dag: string;
  readonly job: string;
  readonly outcome: string;
}

/**
 * The bars that began first, so many at most: up to when the first one began that is left out all of them are there, and
 * what looks idle was so. They come by their ends; twice as many are kept at times.
 */
export class FirstBars {
  leftOut = 0;
  readonly #bars: Bar[] = [];
  #drawnToMs: number;

  constructor(
    private readonly most: number,
    toMs: number,
  ) {
    this.#drawnToMs = toMs;
  }

  add(bar: Bar): void {
    this.#bars.push(bar);
    if (this.#bars.length >= 2 * this.most) this.#cut();
  }

  /** By their beginnings. */
  get bars(): readonly Bar[] {
    this.#cut();
    return this.#bars;
  }

  /** Up to when no bar is left out. */
  get drawnToMs(): number {
    this.#cut();
    return this.#drawnToMs;
  }

  #cut(): void {
    this.#bars.sort((a, b) => a.fromMs - b.fromMs);
    const [first, ...more] = this.#bars.splice(this.most);
    if (first === undefined) return;
    this.leftOut += 1 + more.length;
    this.#drawnToMs = Math.min(this.#drawnToMs, first.fromMs);
  }
}
