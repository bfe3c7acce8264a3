import { jobView } from '../src/scheduler/views/jobs.js';
import { readDag } from '../src/scheduler/views/read-dag.js';
import { className } from '../src/simulate/class-name.js';
import type { ScratchFold } from './scratch-fold.js';

/** A job by the names that people know. */
export interface JobName {
  readonly tenant: string;
  readonly dag: string;
  readonly job: string;
}

/** Reads names from a fold: those of DAGs that are forgotten by then are numbers. */
export class Names {
  constructor(private readonly fold: ScratchFold) {}

  /** Name of a job by its DAG's sequence number and its index. */
  async job(dag: number, job: number): Promise<JobName> {
    const found = await this.#read(dag, (spec, row) => ({
      tenant: spec.tenant,
      dag: spec.dagId,
      job: jobView(this.fold.state, row, job, spec)?.job ?? `#${job}`,
    }));
    return found ?? { tenant: '', dag: `dag ${dag}`, job: `#${job}` };
  }

  /** Tenant and id of a DAG. */
  async dag(dag: number): Promise<{ readonly tenant: string; readonly dag: string }> {
    const found = await this.#read(dag, ({ tenant, dagId }) => ({ tenant, dag: dagId }));
    return found ?? { tenant: '', dag: `dag ${dag}` };
  }

  /** Id of an executor. */
  executor(seq: number): string {
    const { executors } = this.fold.state;
    return executors.c.id[executors.find(seq)] || `executor ${seq}`;
  }

  /** Name of a class. */
  class(seq: number): string {
    const { classes } = this.fold.state;
    const row = classes.find(seq);
    return className(classes.c.group[row] ?? '', classes.c.name[row] ?? '');
  }

  /** Names of all classes that the cell knows, in the order in which it came to know them. */
  classes(): readonly string[] {
    const { cell, cellRow } = this.fold.state;
    return Array.from({ length: cell.c.nextClass[cellRow]! }, (_, at) => this.class(at + 1));
  }

  /** Name of a tenant. */
  tenant(seq: number): string {
    const { tenants } = this.fold.state;
    return tenants.c.name[tenants.find(seq)] || `tenant ${seq}`;
  }

  #read<T>(dag: number, read: Parameters<typeof readDag<T>>[2]): Promise<T | null> {
    const { parts, state } = this.fold;
    return parts === null ? Promise.resolve(null) : readDag({ state, ...parts }, dag, read);
  }
}
