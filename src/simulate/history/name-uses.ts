/** Ids and keys of DAGs that are used again: they are free once their DAG is forgotten, and the next one is another DAG. */
import type { SubmitDag } from '../../catalogue/generated/types.js';

/** How many forgotten DAGs had the id of an input before it, and how many its idempotency key. */
export interface NameUse {
  readonly dag: number;
  readonly key: number;
}

type Names = Pick<SubmitDag, 'tenant' | 'dagId' | 'idempotencyKey'>;

export class NameUses {
  readonly #dags = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  /** Of the names of an input at this moment; undefined: they were those of no forgotten DAG. */
  of({ tenant, dagId, idempotencyKey }: Omit<Names, 'idempotencyKey'> & Partial<Names>): NameUse | undefined {
    const dag = this.#dags.get(nameOf(tenant, dagId)) ?? 0;
    const key = idempotencyKey === undefined ? 0 : (this.#keys.get(nameOf(tenant, idempotencyKey)) ?? 0);
    return dag + key === 0 ? undefined : { dag, key };
  }

  /** The DAG with these names is forgotten. */
  freed({ tenant, dagId, idempotencyKey }: Names): void {
    count(this.#dags, nameOf(tenant, dagId));
    count(this.#keys, nameOf(tenant, idempotencyKey));
  }
}

function nameOf(tenant: string, name: string): string {
  return JSON.stringify([tenant, name]);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
