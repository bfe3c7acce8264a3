import type { State } from '../rows/state.js';

/**
 * The classes in which a DAG may have ready or running jobs, in the order of their numbers: those of its jobs, or all that
 * there are where these are fewer.
 */
export function classesOfDag({ dags, jobs, space, cell, cellRow }: State, dag: number): readonly number[] {
  const last = cell.c.nextClass[cellRow]!;
  const total = dags.c.jobsTotal[dag]!;
  if (total >= last) return Array.from({ length: last }, (_, i) => i + 1);
  const found = new Set<number>();
  for (let index = 0; index < total; index++) {
    const job = space.handle(dag, index);
    if (job !== 0 && jobs.c.class[job] !== 0) found.add(jobs.c.class[job]!);
  }
  return [...found].sort((a, b) => a - b);
}
