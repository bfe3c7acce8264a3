import { DAG_STRIDE, rowOfDag } from '../rows/shapes.js';
import type { State } from '../rows/state.js';
import { IntrusiveHeap } from '../structures/heap.js';

/** Held DAGs of each tenant in the order in which they are released: (-priority, dagSeq). An index over rows. */
export class HeldDags {
  private readonly heap = new IntrusiveHeap();
  private readonly roots = new Map<number, number>();
  /** The same DAGs as a set, in no order, for who asks where one stands. */
  private readonly members = new Map<number, Set<number>>();
  /**
   * Rows of tenants that may have come below their limits since they were last found to be at them, by the last release of a
   * DAG, longest ago first: however many have room all the time, each has its turn.
   */
  private readonly eased = new IntrusiveHeap();
  private firstEased = 0;

  constructor(private readonly state: State) {}

  add(dag: number): void {
    const { dags } = this.state;
    const tenant = dags.c.tenant[dag]!;
    const row = rowOfDag(dag);
    this.heap.ensure(row);
    this.roots.set(tenant, this.heap.insert(this.roots.get(tenant) ?? 0, row, -dags.c.priority[dag]!, dags.keyA[dag]!));
    this.ease(tenant);
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
    }
    this.placeEased(tenant);
  }

  /** A tenant that may have come below its limits has no held DAG any more, or one was released just now. */
  private placeEased(tenant: number): void {
    const { tenants } = this.state;
    const row = tenants.find(tenant);
    if (!this.eased.contains(row)) return;
    if (!this.roots.has(tenant)) this.firstEased = this.eased.remove(this.firstEased, row);
    else this.firstEased = this.eased.update(this.firstEased, row, tenants.c.lastRelease[row]!, tenant);
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
    const { tenants } = this.state;
    const row = tenants.find(tenant);
    if (!this.roots.has(tenant) || this.eased.contains(row)) return;
    this.eased.ensure(row);
    this.firstEased = this.eased.insert(this.firstEased, row, tenants.c.lastRelease[row]!, tenant);
  }

  /**
   * Takes the tenant out that comes first of those with held DAGs of which some may be released; 0: there is none. It is
   * back when something of it ends or starts, its limits change, or `ease` is called.
   */
  takeEased(): number {
    const row = this.firstEased;
    if (row === 0) return 0;
    this.firstEased = this.eased.remove(row, row);
    return this.state.tenants.keyA[row]!;
  }

  /** Whether there are tenants with held DAGs of which some may be released. */
  isDue(): boolean {
    return this.firstEased !== 0;
  }

  /** The DAG of the tenant that is released next, 0 when none is held. */
  first(tenant: number): number {
    return (this.roots.get(tenant) ?? 0) * DAG_STRIDE;
  }
}
