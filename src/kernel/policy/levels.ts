import { doubled } from '../grow.js';
import { rowOfDag } from '../shapes.js';
import type { State } from '../state.js';
import { JobFlag } from '../tables.js';

/**
 * The level of a job: the length of the longest chain of jobs before it; a child of a fan-out has its parent's. Computed
 * from the edges of a DAG when the first of its jobs is asked for, so that nobody pays for it under another policy.
 */
export class Levels {
  private levels = new Uint32Array(1024);
  /** Sequence number of the DAG for which the levels at a DAG's handle are. */
  private readonly computed: number[] = [];

  constructor(private readonly state: State) {}

  /** Level of a job, by its row. */
  of(job: number): number {
    const { jobs, dags, space } = this.state;
    const dag = space.dagOf[job]!;
    if (this.computed[rowOfDag(dag)] !== dags.keyA[dag]) this.compute(dag);
    if ((jobs.c.flags[job]! & JobFlag.child) === 0) return this.levels[job]!;
    return this.levels[space.handle(dag, jobs.c.parent[job]! - 1)]!;
  }

  /** Levels of a submission's jobs, upstreams first. */
  private compute(dag: number): void {
    const { dags, jobs, space } = this.state;
    const count = dags.c.specJobs[dag]!;
    const waits = new Uint32Array(count);
    this.levels = doubled(this.levels, jobs.table.capacity);
    for (let index = 0; index < count; index++) {
      const job = space.handle(dag, index);
      this.levels[job] = 0;
      for (let n = 0; n < space.degree(job); n++) waits[space.target(job, n)]! += 1;
    }
    const line: number[] = [];
    for (let index = 0; index < count; index++) if (waits[index] === 0) line.push(index);
    for (let next = 0; next < line.length; next++) {
      const job = space.handle(dag, line[next]!);
      for (let n = 0; n < space.degree(job); n++) {
        const target = space.target(job, n);
        const after = space.handle(dag, target);
        this.levels[after] = Math.max(this.levels[after]!, this.levels[job]! + 1);
        waits[target]! -= 1;
        if (waits[target] === 0) line.push(target);
      }
    }
    this.computed[rowOfDag(dag)] = dags.keyA[dag]!;
  }
}
