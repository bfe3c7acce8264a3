import type { StoreOperation, StorePosition } from '../../src/store/port.js';

/**
 * A history of batches that follows from its number alone, so that whoever opens a store at a turn knows what has to be
 * in it: rows are put, put again and deleted, with values of very different sizes.
 */

export const IDENTITY = { cell: 'main', layout: 1 } as const;

export const ROWS = 600;

/** Rows that a batch touches. */
const TOUCHED = 40;

export function historyPosition(turn: number): StorePosition {
  return { ...IDENTITY, turn, hash: new Uint8Array(32).fill(turn), stateHash: new Uint8Array(16).fill(turn) };
}

export function historyKey(row: number): Uint8Array {
  return Buffer.from(`row-${String(row).padStart(4, '0')}`);
}

/** What turn `turn` does: rows and their new values, null for none; the same row may be touched twice. */
function changes(turn: number): [number, string | null][] {
  const random = randomNumbers(turn);
  return Array.from({ length: TOUCHED }, () => {
    const row = random(ROWS);
    return [row, random(5) === 0 ? null : `turn ${turn} row ${row} ${'abcdefgh'.repeat(random(40))}`];
  });
}

export function historyBatch(turn: number): StoreOperation[] {
  return changes(turn).map(([row, value]) => ({
    key: historyKey(row),
    value: value === null ? null : Buffer.from(value),
  }));
}

/** The rows after turn 0, 1, 2, …, `turns`. */
export function historyStates(turns: number): ReadonlyMap<number, string>[] {
  const states = [new Map<number, string>()];
  for (let turn = 1; turn <= turns; turn++) {
    const state = new Map(states[turn - 1]);
    for (const [row, value] of changes(turn)) {
      if (value === null) state.delete(row);
      else state.set(row, value);
    }
    states.push(state);
  }
  return states;
}

/** Numbers below a bound, the same for the same seed. */
export function randomNumbers(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % bound;
  };
}
