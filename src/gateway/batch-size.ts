/** How much is fetched and put into text at once: what one takes holds up everybody else, and stands in memory. */

/** A batch should become about so long, in characters: what is in it is a few bytes or hundreds of KiB. */
export const BATCH_CHARS = 256 * 1024;

/** How many go into a batch: at first, and at least and at most. */
export interface BatchBounds {
  readonly first: number;
  readonly least: number;
  readonly most: number;
}

/** For answers to one request, which begin with no idea of how large their parts are. */
export const ANSWER_BATCH: BatchBounds = { first: 4, least: 1, most: 64 };

/** The size of the next batch, by how large those before it became. */
export class BatchSize {
  #next: number;

  constructor(private readonly bounds: BatchBounds) {
    this.#next = bounds.first;
  }

  /** How many to take next. */
  get next(): number {
    return this.#next;
  }

  /** Takes fewer at once where they are large. */
  adapt(chars: number): void {
    const { least, most } = this.bounds;
    if (chars > BATCH_CHARS) this.#next = Math.max(least, this.#next >> 1);
    else if (chars < BATCH_CHARS / 4) this.#next = Math.min(most, this.#next << 1);
  }
}
