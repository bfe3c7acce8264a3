import { IntrusiveHeap } from './heap.js';
import type { State } from './state.js';

/** Held DAGs of each tenant in the order in which they are released: (-priority, dagSeq). An index over rows. */
export class HeldDags {
  private readonly heap: IntrusiveHeap;
  private readonly roots = new Map<number, number>();

  constructor(private readonly state: State) {
    const { dags } = state;
    this.heap = new IntrusiveHeap((a, b) => {
      const { priority } = dags.c;
      return priority[a] === priority[b] ? dags.keyA[a]! < dags.keyA[b]! : priority[a]! > priority[b]!;
    });
  }

  add(dag: number): void {
    const tenant = this.state.dags.c.tenant[dag]!;
    this.heap.ensure(dag);
    this.roots.set(tenant, this.heap.insert(this.roots.get(tenant) ?? 0, dag));
  }

  remove(dag: number): void {
    if (!this.heap.contains(dag)) return;
    const tenant = this.state.dags.c.tenant[dag]!;
    const root = this.heap.remove(this.roots.get(tenant)!, dag);
    if (root === 0) this.roots.delete(tenant);
    else this.roots.set(tenant, root);
  }

  /** A held DAG's priority has changed. */
  moved(dag: number): void {
    if (!this.heap.contains(dag)) return;
    this.remove(dag);
    this.add(dag);
  }

  /** Tenants that have held DAGs, in the order of their sequence numbers. */
  tenants(): readonly number[] {
    return this.roots.size === 0 ? NOBODY : [...this.roots.keys()].sort((a, b) => a - b);
  }

  /** The DAG of the tenant that is released next, 0 when none is held. */
  first(tenant: number): number {
    return this.roots.get(tenant) ?? 0;
  }
}

const NOBODY: readonly number[] = [];
