import { grown } from '../structures/grow.js';
import { NumberList } from '../structures/number-list.js';

/** Which fields of which rows a turn has changed, a field once; there are `size` of them, from 0. */
export type Changes = Readonly<Pick<TurnLog, 'size' | 'table' | 'field' | 'handle'>>;

/** A change has four words: the row's handle, table and field in one, and what the field was as a double. */
const SHIFT = 2;
const HANDLE = 0;
const PLACE = 1;
/** The same memory as doubles. */
const DOUBLES = SHIFT - 1;
const OLD = 1;
/** A table has at most 32 fields. */
const FIELD_BITS = 5;
const FIRST_CAPACITY = 1024;

/** What becomes of a row. */
export const MADE = 1;
export const CLEARED = 0;

/** A table's number and a field's in one. */
export function placeOf(table: number, field: number): number {
  return (table << FIELD_BITS) | field;
}

/**
 * What one turn changed: for each field that it touched, the value before the turn. It serves the state hash (one
 * subtraction and one addition for a field, however often it changed) and the undo of a turn that was not accepted. A
 * job's decisions change some tens of fields: all of a change lies in one place of memory. Of a row that the turn made
 * the fields that are not zero are noted when it ends; one that it made and cleared again has changed nothing.
 */
export class TurnLog {
  size = 0;
  private capacity = FIRST_CAPACITY;
  private words = new Int32Array(FIRST_CAPACITY << SHIFT);
  private doubles = new Float64Array(this.words.buffer);
  readonly oldStrings = new Map<number, string>();
  /** Rows that were made and rows that were cleared, in order: triples (table, handle, 1 made or 0 cleared). */
  readonly rows = new NumberList();
  /** Handles of DAGs whose extents were taken in this turn. */
  readonly extents = new NumberList();
  /** The state hash before the turn. */
  readonly hashBefore = new Uint32Array(4);

  /** Whether nothing is noted: no change, and no row that was made or cleared. */
  get isEmpty(): boolean {
    return this.size === 0 && this.rows.length === 0;
  }

  /** Notes what a field was; `place` is the table's number and the field's (placeOf). */
  add(place: number, handle: number, old: number): void {
    const at = this.size++;
    if (at === this.capacity) this.grow();
    this.words[(at << SHIFT) | HANDLE] = handle;
    this.words[(at << SHIFT) | PLACE] = place;
    this.doubles[(at << DOUBLES) | OLD] = old;
  }

  /** Notes that a row was made or cleared. */
  addRow(table: number, handle: number, fate: number): void {
    this.rows.push(table);
    this.rows.push(handle);
    this.rows.push(fate);
  }

  addText(place: number, handle: number, old: string): void {
    this.oldStrings.set(this.size, old);
    this.add(place, handle, 0);
  }

  /** Number of the table of a change. */
  table(at: number): number {
    return this.words[(at << SHIFT) | PLACE]! >>> FIELD_BITS;
  }

  /** Number of the field. */
  field(at: number): number {
    return this.words[(at << SHIFT) | PLACE]! & ((1 << FIELD_BITS) - 1);
  }

  /** The row. */
  handle(at: number): number {
    return this.words[(at << SHIFT) | HANDLE]!;
  }

  /** What a numeric field was before. */
  old(at: number): number {
    return this.doubles[(at << DOUBLES) | OLD]!;
  }

  /** Empties it for another turn; its arrays stay. */
  reset(): void {
    this.size = 0;
    this.oldStrings.clear();
    this.rows.clear();
    this.extents.clear();
  }

  private grow(): void {
    this.capacity *= 2;
    this.words = grown(this.words, this.capacity << SHIFT);
    this.doubles = new Float64Array(this.words.buffer);
  }
}
