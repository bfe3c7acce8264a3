import { DagState } from '../../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { graphOf, isGraph } from '../../../src/kernel/graph.js';
import { IdKind, idOf } from '../../../src/kernel/rows/ids.js';
import type { State } from '../../../src/kernel/rows/state.js';
import type { AnyRows } from '../../../src/kernel/rows/table.js';
import { rowsOf } from './invariants.js';

type Values = readonly (number | string)[];

interface Evicted {
  readonly dag: Values;
  readonly jobs: readonly (readonly [number, Values])[];
  readonly fans: readonly (readonly [number, Values])[];
}

/**
 * Takes terminal DAGs out of a state's memory and brings them back, as a store does. Where a row is must never change a
 * decision: a kernel that has only those in memory that `needs` names decides as one that has all.
 */
export class Eviction {
  private readonly evicted = new Map<number, Evicted>();

  constructor(
    private readonly state: State,
    private readonly specs: ReadonlyMap<number, SubmitDag>,
  ) {}

  /** Takes all terminal DAGs out. */
  evict(): void {
    const { dags } = this.state;
    for (const dag of rowsOf(dags)) if (dags.c.state[dag]! >= DagState.succeeded) this.take(dag);
  }

  private take(dag: number): void {
    const { dags, fans, jobs, space } = this.state;
    const seq = dags.keyA[dag]!;
    const own = rowsOf(fans).filter((fan) => fans.keyA[fan] === seq);
    const handles: number[] = [];
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count; i++) handles.push(base + i);
    });
    this.evicted.set(seq, {
      dag: valuesOf(dags, dag),
      jobs: handles.map((job) => [jobs.keyB[job]!, valuesOf(jobs, job)] as const),
      fans: own.map((fan) => [fans.keyB[fan]!, valuesOf(fans, fan)] as const),
    });
    for (const fan of own) fans.table.evict(fan);
    for (const job of handles) jobs.table.wipe(job);
    space.shrink(dag, 0, false);
    dags.table.evict(dag);
  }

  /** Brings those of the DAGs back that were taken out. */
  load(dags: Iterable<number>): void {
    for (const seq of dags) {
      const rows = this.evicted.get(seq);
      if (rows !== undefined) this.bringBack(seq, rows);
      this.evicted.delete(seq);
    }
  }

  private bringBack(seq: number, rows: Evicted): void {
    const { dags, fans, jobs, space } = this.state;
    const dag = install(dags, seq, 0, rows.dag);
    for (const [index, values] of rows.jobs) {
      space.extend(dag, index, 1);
      write(jobs, space.handle(dag, index), values);
    }
    for (const [job, values] of rows.fans) install(fans, seq, job, values);
    const spec = this.specs.get(seq)!;
    const { tenant, dagId, idempotencyKey } = spec;
    const id = idOf(this.state, IdKind.dag, tenant, dagId);
    this.state.names.set(dag, id, idOf(this.state, IdKind.idempotency, tenant, idempotencyKey));
    const graph = graphOf(spec.jobs);
    if (isGraph(graph)) space.setEdges(dag, graph.degrees, graph.targets);
  }
}

function valuesOf({ table }: AnyRows, handle: number): Values {
  return table.names.map((_, field) => (table.isText(field) ? table.text(field, handle) : table.number(field, handle)));
}

function write({ table }: AnyRows, handle: number, values: Values): void {
  for (const [field, value] of values.entries()) table.write(field, handle, value);
}

function install({ table }: AnyRows, keyA: number, keyB: number, values: Values): number {
  const handle = table.allocate(keyA, keyB);
  write({ table }, handle, values);
  table.index.add(keyA, keyB, handle);
  return handle;
}
