import { doubled } from './grow.js';
import { IdKind, kindOf, seqOfTarget } from './id-target.js';
import type { Rows } from './rows.js';
import type { DAG, ID } from './tables.js';

/**
 * Where the rows of a DAG's id and of its idempotency key are, by the DAG's handle: they go with the DAG, whose own row
 * does not name them. An index over the table of ids, and no fact of its own.
 */
export class DagNames {
  private byId = new Uint32Array(64);
  private byKey = new Uint32Array(64);

  constructor(
    private readonly dags: Rows<typeof DAG>,
    private readonly ids: Rows<typeof ID>,
  ) {}

  /** Handle of the row of the DAG's id. */
  id(dag: number): number {
    return known(this.byId[dag]);
  }

  /** Handle of the row of the DAG's idempotency key. */
  key(dag: number): number {
    return known(this.byKey[dag]);
  }

  set(dag: number, id: number, key: number): void {
    this.grow(dag);
    this.byId[dag] = id;
    this.byKey[dag] = key;
  }

  /** Finds the rows of all DAGs that are in memory. */
  rebuild(): void {
    const { dags, ids } = this;
    for (let id = 1; id < ids.high; id++) {
      if (!ids.isLive(id)) continue;
      const kind = kindOf(ids.c.target[id]!);
      if (kind !== IdKind.dag && kind !== IdKind.idempotency) continue;
      const dag = dags.find(seqOfTarget(ids.c.target[id]!));
      if (dag === 0) continue;
      this.grow(dag);
      if (kind === IdKind.dag) this.byId[dag] = id;
      else this.byKey[dag] = id;
    }
  }

  private grow(dag: number): void {
    if (dag < this.byId.length) return;
    this.byId = doubled(this.byId, dag + 1);
    this.byKey = doubled(this.byKey, dag + 1);
  }
}

function known(row: number | undefined): number {
  if (!row) throw new Error('assertion failed: the rows of the names of a DAG were not looked for');
  return row;
}

/** What a DAG is found by. */
export interface DagName {
  readonly tenant: string;
  readonly dagId: string;
  readonly idempotencyKey: string;
}
