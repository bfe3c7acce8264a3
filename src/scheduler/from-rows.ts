/**
 * What indexes have at hand, by a look at rows: for who asks a fold that doesn't move its indexes, and for what is
 * cheap.
 */
import type { State } from '../kernel/state.js';

/** Jobs that are ready, of all classes. */
export function readyJobs({ classes, cell, cellRow }: State): number {
  let ready = 0;
  for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) ready += classes.c.ready[classes.find(seq)]!;
  return ready;
}

/** Tokens of an executor's leases, in order. */
export function tokensOf({ leases }: State, executor: number): readonly number[] {
  const tokens: number[] = [];
  for (let row = 1; row < leases.table.high; row++) {
    const isHeld = leases.table.isLive(row) && leases.c.state[row] !== 0;
    if (isHeld && leases.c.executor[row] === executor) tokens.push(leases.keyA[row]!);
  }
  return tokens.sort((a, b) => a - b);
}
