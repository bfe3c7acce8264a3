import { doubled } from '../structures/grow.js';
import { rowOfDag } from './shapes.js';

/**
 * Where the rows of a DAG's id and of its idempotency key are, by the DAG's handle: they go with the DAG, whose own row
 * does not name them. An index over the table of ids, and no fact of its own.
 */
export class DagNames {
  private byId = new Uint32Array(64);
  private byKey = new Uint32Array(64);

  /** Handle of the row of the DAG's id. */
  id(dag: number): number {
    return known(this.byId[rowOfDag(dag)]);
  }

  /** Handle of the row of the DAG's idempotency key. */
  key(dag: number): number {
    return known(this.byKey[rowOfDag(dag)]);
  }

  /** Handle of the row of the DAG's id if it was looked for, else 0; it may be another's by now. */
  lastId(dag: number): number {
    return this.byId[rowOfDag(dag)] ?? 0;
  }

  /** The same for its idempotency key. */
  lastKey(dag: number): number {
    return this.byKey[rowOfDag(dag)] ?? 0;
  }

  set(dag: number, id: number, key: number): void {
    this.grow(dag);
    this.byId[rowOfDag(dag)] = id;
    this.byKey[rowOfDag(dag)] = key;
  }

  private grow(dag: number): void {
    const place = rowOfDag(dag);
    if (place < this.byId.length) return;
    this.byId = doubled(this.byId, place + 1);
    this.byKey = doubled(this.byKey, place + 1);
  }
}

function known(row: number | undefined): number {
  if (!row) throw new Error('assertion failed: the rows of the names of a DAG were not looked for');
  return row;
}
