import { grown } from './grow.js';
import { NumberList } from './number-list.js';

/** Which fields of which rows a turn has changed, a field once; only the first `size` of each count. */
export type Changes = Readonly<Pick<TurnLog, 'size' | 'table' | 'field' | 'handle'>>;

/**
 * What one turn changed: for each field that it touched, the value before the turn. It serves the state hash (one
 * subtraction and one addition for a field, however often it changed) and the undo of a turn that was not accepted.
 */
export class TurnLog {
  size = 0;
  table = new Uint8Array(1024);
  field = new Uint8Array(1024);
  handle = new Uint32Array(1024);
  old = new Float64Array(1024);
  readonly oldStrings = new Map<number, string>();
  /** Rows that were made and rows that were cleared, in order: triples (table, handle, 1 made or 0 cleared). */
  readonly rows = new NumberList();
  /** Handles of DAGs whose extents were taken in this turn. */
  readonly extents = new NumberList();
  /** The state hash before the turn. */
  readonly hashBefore = new Uint32Array(4);

  add(table: number, field: number, handle: number, old: number): void {
    const at = this.size++;
    if (at === this.table.length) this.grow();
    this.table[at] = table;
    this.field[at] = field;
    this.handle[at] = handle;
    this.old[at] = old;
  }

  /** Notes that a row was made or cleared. */
  addRow(table: number, handle: number, fate: number): void {
    this.rows.push(table);
    this.rows.push(handle);
    this.rows.push(fate);
  }

  addText(table: number, field: number, handle: number, old: string): void {
    this.oldStrings.set(this.size, old);
    this.add(table, field, handle, 0);
  }

  /** Empties it for another turn; its arrays stay. */
  reset(): void {
    this.size = 0;
    this.oldStrings.clear();
    this.rows.clear();
    this.extents.clear();
  }

  private grow(): void {
    const capacity = this.table.length * 2;
    this.table = grown(this.table, capacity);
    this.field = grown(this.field, capacity);
    this.handle = grown(this.handle, capacity);
    this.old = grown(this.old, capacity);
  }
}
