/**
 * What indexes have at hand, by a look at rows: for who asks a fold that doesn't move its indexes, and for what is cheap.
 */
import { allowed } from '../../kernel/evolve/capacity.js';
import { Placement } from '../../kernel/indexes/placement.js';
import type { State } from '../../kernel/rows/state.js';

/** Jobs that are ready, of all classes. */
export function readyJobs({ classes, cell, cellRow }: State): number {
  let ready = 0;
  for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) ready += classes.c.ready[classes.find(seq)]!;
  return ready;
}

/** Tokens of an executor's leases, in order. */
export function tokensOf({ leases }: State, executor: number): readonly number[] {
  const tokens: number[] = [];
  leases.table.eachRow((row) => {
    if (leases.c.state[row] !== 0 && leases.c.executor[row] === executor) tokens.push(leases.keyA[row]!);
  });
  return tokens.sort((a, b) => a - b);
}

/**
 * Free slots of each class that has any, by its number, as the placement counts them: the limit of the class included,
 * apart from those of the executor that is reserved. By a look at all executors: they are few, and indexes that are made
 * afresh for it take seconds with a million jobs, in which the process does nothing else.
 */
export function freeSlots(state: State): ReadonlyMap<number, number> {
  const { executors, classes } = state;
  const found = new Map<number, number>();
  executors.table.eachRow((row) => {
    const offered = Placement.offered(state, row);
    const classSeq = executors.c.class[row]!;
    if (offered === 0 || classes.c.reservedExecutor[classes.find(classSeq)] === executors.keyA[row]) return;
    found.set(classSeq, (found.get(classSeq) ?? 0) + offered);
  });
  for (const [classSeq, free] of found) found.set(classSeq, Math.min(free, allowed(state, classes.find(classSeq))));
  return found;
}
