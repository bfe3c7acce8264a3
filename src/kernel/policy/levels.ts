import { JobFlag } from '../rows/flags.js';
import { rowOfDag } from '../rows/shapes.js';
import type { State } from '../rows/state.js';

/** Levels of a submission's jobs, by their indexes. */
interface LevelsOfDag {
  readonly dagSeq: number;
  readonly levels: Uint32Array;
}

/**
 * The level of a job: the length of the longest chain of jobs before it; a child of a fan-out has its parent's. Computed
 * from the edges of a DAG when the first of its jobs is asked for, so that nobody pays for it under another policy. Kept
 * by a DAG's row, and in it by indexes: the rows of jobs are others when the DAG has left memory and is back.
 */
export class Levels {
  private readonly known: (LevelsOfDag | undefined)[] = [];

  constructor(private readonly state: State) {}

  /** Level of a job, by its row. */
  of(job: number): number {
    const { jobs, dags, space } = this.state;
    const { flags, parent } = jobs.c;
    const dag = space.dagOf[job]!;
    const dagSeq = dags.keyA[dag]!;
    let found = this.known[rowOfDag(dag)];
    if (found?.dagSeq !== dagSeq) {
      found = { dagSeq, levels: this.compute(dag) };
      this.known[rowOfDag(dag)] = found;
    }
    return found.levels[(flags[job]! & JobFlag.child) === 0 ? jobs.keyB[job]! : parent[job]! - 1]!;
  }

  /** Levels of a submission's jobs, upstreams first. */
  private compute(dag: number): Uint32Array {
    const { dags, space } = this.state;
    const count = dags.c.specJobs[dag]!;
    const levels = new Uint32Array(count);
    const waits = new Uint32Array(count);
    for (let index = 0; index < count; index++) {
      const job = space.handle(dag, index);
      for (let n = 0; n < space.degree(job); n++) waits[space.target(job, n)]! += 1;
    }
    const line: number[] = [];
    for (let index = 0; index < count; index++) if (waits[index] === 0) line.push(index);
    for (let next = 0; next < line.length; next++) {
      const index = line[next]!;
      const job = space.handle(dag, index);
      for (let n = 0; n < space.degree(job); n++) {
        const target = space.target(job, n);
        levels[target] = Math.max(levels[target]!, levels[index]! + 1);
        waits[target]! -= 1;
        if (waits[target] === 0) line.push(target);
      }
    }
    return levels;
  }
}
