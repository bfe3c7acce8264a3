import { grown } from '../../src/kernel/grow.js';
import type { State } from '../../src/kernel/state.js';
import type { Changes } from '../../src/kernel/turn-log.js';

/** The rows of the tables that a turn has changed, each once. */
export class Touched {
  /** Handles by the number of the table. */
  readonly of: readonly number[][];
  readonly #stamps: Uint32Array[];
  #stamp = 0;

  constructor(state: State) {
    this.of = Array.from(state.tables, () => []);
    this.#stamps = Array.from(state.tables, () => new Uint32Array(64));
  }

  /** Forgets all of them. */
  clear(): void {
    for (const handles of this.of) handles.length = 0;
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
    this.of[table]!.push(handle);
  }

  /** Adds the rows that a turn has changed. */
  addChanges({ size, table, handle }: Changes): void {
    let lastTable = 0;
    let lastHandle = 0;
    for (let i = 0; i < size; i++) {
      // The fields of a row mostly come one after the other.
      if (table[i] === lastTable && handle[i] === lastHandle) continue;
      lastTable = table[i]!;
      lastHandle = handle[i]!;
      this.add(lastTable, lastHandle);
    }
  }

  /** Adds every row that there is. */
  addAll(state: State): void {
    for (const table of state.tables) {
      if (table === undefined) continue;
      for (let handle = 1; handle < table.high; handle++) if (table.isLive(handle)) this.add(table.id, handle);
    }
  }
}
