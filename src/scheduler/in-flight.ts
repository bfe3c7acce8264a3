/**
 * DAGs of which something is on its way into the store. One of them must not leave memory: what the store has of it is
 * old until then.
 */
export class InFlight {
  /** For each batch on its way the DAGs of which it holds rows; there are one or two. */
  readonly #batches = new Set<ReadonlySet<number>>();
  #noted = new Set<number>();

  /** A row of the DAG, or a block of its jobs, goes into the batch that is being packed. */
  note(dag: number): void {
    this.#noted.add(dag);
  }

  /** Ends the batch that is being packed. What is returned is to be called when it is stored. */
  take(): () => void {
    const noted = this.#noted;
    this.#noted = new Set();
    this.#batches.add(noted);
    return () => void this.#batches.delete(noted);
  }

  /** Whether something of the DAG is on its way. */
  has(dag: number): boolean {
    for (const batch of this.#batches) if (batch.has(dag)) return true;
    return false;
  }
}
