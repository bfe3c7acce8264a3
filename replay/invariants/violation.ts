import type { AnyRows } from '../../src/kernel/rows/table.js';

/** The invariants of faults.md that a journal alone can show to be broken; law 6 is that of architecture.md. */
export type Invariant = 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'law 6';

/** A row by its table and its key in the journal's numbers. */
export interface RowName {
  readonly table: string;
  readonly key: readonly [number, number];
}

/** An invariant that does not hold at a turn. */
export interface Violation {
  readonly invariant: Invariant;
  /** What is counted or compared, in words. */
  readonly what: string;
  /** The rows that it is about. */
  readonly rows: readonly RowName[];
  /** What the journal comes to. */
  readonly found: number;
  /** What it should come to; for a limit, the limit. */
  readonly expected: number;
}

/** Violations of one turn that are listed: one wrong row may make many others wrong. */
const MOST = 64;

/** Violations of the turn at hand. */
export class Violations {
  readonly list: Violation[] = [];

  add(invariant: Invariant, what: string, rows: readonly RowName[], found: number, expected: number): void {
    if (this.list.length < MOST) this.list.push({ invariant, what, rows, found, expected });
  }
}

/** The name of a row that is in memory. */
export function rowName({ table }: AnyRows, handle: number): RowName {
  return { table: table.name, key: [table.keyA[handle]!, table.keyB[handle]!] };
}
