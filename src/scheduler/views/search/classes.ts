import type { State } from '../../../kernel/rows/state.js';

/** Numbers of the classes that a query names, by class and group; null where it names none. */
export function classesNamed(
  { classes, cell, cellRow }: State,
  { executorClass, group }: { readonly executorClass: string | null; readonly group: string | null },
): ReadonlySet<number> | null {
  if (executorClass === null && group === null) return null;
  const found = new Set<number>();
  for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
    const row = classes.find(seq);
    if (executorClass !== null && classes.c.name[row] !== executorClass) continue;
    if (group === null || classes.c.group[row] === group) found.add(seq);
  }
  return found;
}

/** Whether a DAG in memory, by its handle, has a job of one of the classes. */
export function hasJobOf({ space, jobs }: State, dag: number, classes: ReadonlySet<number>): boolean {
  let found = false;
  space.eachExtent(dag, (_from, count, base) => {
    for (let i = 0; i < count && !found; i++) found = classes.has(jobs.c.class[base + i]!);
  });
  return found;
}
