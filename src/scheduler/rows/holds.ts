/** Who relies on what was found while they hold it, each with a number, in the order in which they came. */
export class Holds {
  readonly #open = new Set<number>();
  #newest = 0;

  /** Number of the newest hold, over or not. */
  get newest(): number {
    return this.#newest;
  }

  /** Number of the oldest hold that is not over; infinity where there is none. */
  get oldest(): number {
    const [oldest = Number.POSITIVE_INFINITY] = this.#open;
    return oldest;
  }

  /** Begins one. What is returned ends it, and then calls `ended`. */
  begin(ended: () => void): () => void {
    this.#newest += 1;
    const hold = this.#newest;
    this.#open.add(hold);
    return () => {
      if (this.#open.delete(hold)) ended();
    };
  }
}
