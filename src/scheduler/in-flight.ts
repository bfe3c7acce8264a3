/**
 * DAGs of which something is on its way into the store. One of them must not leave memory: what the store has of it is
 * old until then.
 */
export class InFlight {
  /** How many batches on their way hold rows of a DAG. */
  readonly #batches = new Map<number, number>();
  #noted = new Set<number>();

  /** A row of the DAG, or a block of its jobs, goes into the batch that is being packed. */
  note(dag: number): void {
    this.#noted.add(dag);
  }

  /** Ends the batch that is being packed. What is returned is to be called when it is stored. */
  take(): () => void {
    const noted = this.#noted;
    this.#noted = new Set();
    for (const dag of noted) this.#batches.set(dag, (this.#batches.get(dag) ?? 0) + 1);
    return () => {
      for (const dag of noted) {
        const left = this.#batches.get(dag)! - 1;
        if (left === 0) this.#batches.delete(dag);
        else this.#batches.set(dag, left);
      }
    };
  }

  /** Whether something of the DAG is on its way. */
  has(dag: number): boolean {
    return this.#batches.has(dag);
  }
}
