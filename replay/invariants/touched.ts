import type { State } from '../../src/kernel/rows/state.js';
import type { Changes } from '../../src/kernel/rows/turn-log.js';
import { grown } from '../../src/kernel/structures/grow.js';

/** Handles of rows of a table: the first `size` of `rows`. The memory is used again turn after turn. */
export class RowList {
  rows = new Uint32Array(64);
  size = 0;

  add(row: number): void {
    if (this.size === this.rows.length) this.rows = grown(this.rows, this.size * 2);
    this.rows[this.size++] = row;
  }
}

/** The rows of the tables that a turn has changed, each once. */
export class Touched {
  /** By the number of the table. */
  readonly of: readonly RowList[];
  readonly #stamps: Uint32Array[];
  #stamp = 0;

  constructor(state: State) {
    this.of = Array.from(state.tables, () => new RowList());
    this.#stamps = Array.from(state.tables, () => new Uint32Array(64));
  }

  /** Forgets all of them. */
  clear(): void {
    for (const list of this.of) list.size = 0;
    this.#stamp += 1;
    if (this.#stamp < 2 ** 32) return;
    for (const stamps of this.#stamps) stamps.fill(0);
    this.#stamp = 1;
  }

  add(table: number, handle: number): void {
    let stamps = this.#stamps[table]!;
    if (handle >= stamps.length) {
      stamps = grown(stamps, Math.max(handle + 1, stamps.length * 2));
      this.#stamps[table] = stamps;
    }
    if (stamps[handle] === this.#stamp) return;
    stamps[handle] = this.#stamp;
    this.of[table]!.add(handle);
  }

  /** Adds the rows that a turn has changed. */
  addChanges(changes: Changes): void {
    let lastTable = 0;
    let lastHandle = 0;
    for (let i = 0; i < changes.size; i++) {
      const table = changes.table(i);
      const handle = changes.handle(i);
      // The fields of a row mostly come one after the other.
      if (table === lastTable && handle === lastHandle) continue;
      lastTable = table;
      lastHandle = handle;
      this.add(lastTable, lastHandle);
    }
  }

  /** Adds every row that there is. */
  addAll(state: State): void {
    for (const table of state.tables) {
      table?.eachRow((row) => this.add(table.id, row));
    }
  }
}
