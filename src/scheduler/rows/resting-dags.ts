/** Rows that terminal DAGs may take in memory, about 200 bytes each: those that ended first leave beyond it. */
const MAX_ROWS = 400_000;

/**
 * Terminal DAGs that are stored and could leave memory, in the order in which they ended. They stay while there is
 * room: one that is asked for, tried again or forgotten soon need not be read from the store.
 */
export class RestingDags {
  readonly #dags: number[] = [];
  readonly #rows: number[] = [];
  #first = 0;
  #sum = 0;

  constructor(private readonly maxRows = MAX_ROWS) {}

  /** A DAG of so many rows is stored and rests. */
  add(dag: number, rows: number): void {
    this.#dags.push(dag);
    this.#rows.push(rows);
    this.#sum += rows;
  }

  /** The oldest while there is no room for all; undefined when all may stay. Those that are `isGone` need no room. */
  take(isGone: (dag: number) => boolean): number | undefined {
    for (;;) {
      const dag = this.#dags[this.#first];
      if (dag === undefined) return undefined;
      const isThere = !isGone(dag);
      if (isThere && this.#sum <= this.maxRows) return undefined;
      this.#sum -= this.#rows[this.#first]!;
      this.#first += 1;
      if (this.#first * 2 > this.#dags.length) this.#compact();
      if (isThere) return dag;
    }
  }

  #compact(): void {
    this.#dags.splice(0, this.#first);
    this.#rows.splice(0, this.#first);
    this.#first = 0;
  }
}
