const FIRST_PLACES = 64;

/** What is found by the number of its DAG. */
export interface Sequenced<T> {
  readonly dag: number;
  /** The next one whose number has the same low bits; nobody else's business. */
  behind: T | null;
}

/**
 * Something of DAGs, by their numbers. DAGs that are known at the same time mostly have numbers that are close to each
 * other, so the low bits of a number are its place, and what was made one after the other lies side by side.
 */
export class BySequence<T extends Sequenced<T>> {
  /** As many as a power of two. */
  #places = new Array<T | null>(FIRST_PLACES).fill(null);
  #size = 0;
  /** The place that `next` gives. */
  #hand = 0;

  get(dag: number): T | null {
    let one: T | null = this.#places[this.#placeOf(dag)]!;
    while (one !== null && one.dag !== dag) one = one.behind;
    return one;
  }

  /** Adds one of a DAG of which there is none yet. */
  add(one: T): void {
    if (this.#size === this.#places.length) this.#grow();
    this.#put(one);
    this.#size += 1;
  }

  /** Takes out one that is there. */
  delete(one: T): void {
    const place = this.#placeOf(one.dag);
    const first = this.#places[place]!;
    if (first === one) this.#places[place] = one.behind;
    else {
      let before = first!;
      while (before.behind !== one) before = before.behind!;
      before.behind = one.behind;
    }
    this.#size -= 1;
  }

  /** Those at the next place, first and `behind`: going round and round one meets all of them, in about their order. */
  next(): T | null {
    const first = this.#places[this.#hand]!;
    this.#hand = this.#placeOf(this.#hand + 1);
    return first;
  }

  #placeOf(dag: number): number {
    return dag & (this.#places.length - 1);
  }

  #put(one: T): void {
    const place = this.#placeOf(one.dag);
    one.behind = this.#places[place]!;
    this.#places[place] = one;
  }

  #grow(): void {
    const all = this.#places;
    this.#places = new Array<T | null>(2 * all.length).fill(null);
    for (const first of all) {
      for (let one = first; one !== null; ) {
        const { behind } = one;
        this.#put(one);
        one = behind;
      }
    }
  }
}
