import { IntrusiveHeap } from './heap.js';
import { DAG_STRIDE, rowOfDag } from './shapes.js';
import type { State } from './state.js';

/** Held DAGs of each tenant in the order in which they are released: (-priority, dagSeq). An index over rows. */
export class HeldDags {
  private readonly heap = new IntrusiveHeap();
  private readonly roots = new Map<number, number>();
  /** The same DAGs as a set, in no order, for who asks where one stands. */
  private readonly members = new Map<number, Set<number>>();
  /** Tenants that may have come below their limits since they were last found to be at them. */
  private readonly eased = new Set<number>();

  constructor(private readonly state: State) {}

  add(dag: number): void {
    const { dags } = this.state;
    const tenant = dags.c.tenant[dag]!;
    const row = rowOfDag(dag);
    this.heap.ensure(row);
    this.roots.set(tenant, this.heap.insert(this.roots.get(tenant) ?? 0, row, -dags.c.priority[dag]!, dags.keyA[dag]!));
    this.eased.add(tenant);
    const members = this.members.get(tenant);
    if (members === undefined) this.members.set(tenant, new Set([dag]));
    else members.add(dag);
  }

  remove(dag: number): void {
    if (!this.heap.contains(rowOfDag(dag))) return;
    const tenant = this.state.dags.c.tenant[dag]!;
    const root = this.heap.remove(this.roots.get(tenant)!, rowOfDag(dag));
    this.members.get(tenant)!.delete(dag);
    if (root !== 0) this.roots.set(tenant, root);
    else {
      this.roots.delete(tenant);
      this.members.delete(tenant);
      this.eased.delete(tenant);
    }
  }

  /** A held DAG's priority has changed. */
  moved(dag: number): void {
    if (!this.heap.contains(rowOfDag(dag))) return;
    this.remove(dag);
    this.add(dag);
  }

  /** Place of a held DAG among those of its tenant, from 1; 0 when it is not held. */
  position(dag: number): number {
    const row = rowOfDag(dag);
    if (!this.heap.contains(row)) return 0;
    let position = 1;
    for (const other of this.members.get(this.state.dags.c.tenant[dag]!)!) {
      if (other !== dag && this.heap.isBefore(rowOfDag(other), row)) position += 1;
    }
    return position;
  }

  /** Whether no DAG is held at all. */
  isEmpty(): boolean {
    return this.roots.size === 0;
  }

  /** A tenant has fewer open DAGs or runnable jobs than before, or other limits. */
  ease(tenant: number): void {
    if (this.roots.has(tenant)) this.eased.add(tenant);
  }

  /** A tenant is at its limits: nothing of it is released before something of it ends or starts, or they change. */
  atLimit(tenant: number): void {
    this.eased.delete(tenant);
  }

  /** Tenants with held DAGs of which some may be released, in the order of their sequence numbers. */
  due(): readonly number[] {
    return this.eased.size === 0 ? NOBODY : [...this.eased].sort((a, b) => a - b);
  }

  /** Whether there are tenants with held DAGs of which some may be released. */
  isDue(): boolean {
    return this.eased.size > 0;
  }

  /** The DAG of the tenant that is released next, 0 when none is held. */
  first(tenant: number): number {
    return (this.roots.get(tenant) ?? 0) * DAG_STRIDE;
  }
}

const NOBODY: readonly number[] = [];
