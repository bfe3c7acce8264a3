import { rowOfDag } from '../../kernel/rows/shapes.js';
import { doubled } from '../../kernel/structures/grow.js';

/**
 * DAGs of which something is on its way into the store. One of them must not leave memory: what the store has of it is
 * old until then.
 */
export class InFlight {
  /** Batches that are on their way, one or two, and the one that is being packed. They are numbered from 1. */
  readonly #open: number[] = [];
  #packing = 1;
  /** For each DAG in memory the batch that held something of it last. */
  #lastOf = new Uint32Array(64);

  /** A row of the DAG with this handle, or a block of its jobs, goes into the batch that is being packed. */
  note(dag: number): void {
    const row = rowOfDag(dag);
    this.#lastOf = doubled(this.#lastOf, row + 1);
    this.#lastOf[row] = this.#packing;
  }

  /** Ends the batch that is being packed. What is returned is to be called when it is stored. */
  take(): () => void {
    const batch = this.#packing++;
    this.#open.push(batch);
    return () => void this.#open.splice(this.#open.indexOf(batch), 1);
  }

  /** Whether something of the DAG is on its way. */
  has(dag: number): boolean {
    const row = rowOfDag(dag);
    return row < this.#lastOf.length && this.#open.includes(this.#lastOf[row]!);
  }
}
