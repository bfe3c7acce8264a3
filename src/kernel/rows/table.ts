import { beginRow } from '../../catalogue/murmur.js';
import { KeyIndex } from '../structures/key-index.js';
import { NumberList } from '../structures/number-list.js';
import { Records } from '../structures/records.js';
import { SequenceIndex } from '../structures/sequence-index.js';
import { type StateHash, stringValue } from './hash.js';
import { CLEARED, MADE, placeOf, TurnLog } from './turn-log.js';

/** How a field is kept: integers of so many bits, safe integers (f64), or a string in a table of few rows. */
export type FieldType = 'u8' | 'u16' | 'u32' | 'i32' | 'f64' | 'str';

/** The fields of a table, in the order that numbers them from 0; the order is part of the layout and of the hash. */
export type Fields = Readonly<Record<string, FieldType>>;

interface ColumnOf {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  readonly str: string[];
}

/** Columns by name. The arrays are replaced when the table grows, so nobody keeps one across a change. */
export type Columns<F extends Fields> = { [K in keyof F]: ColumnOf[F[K]] };

/** What sets fields: a method for each, named as the field is. */
export type Setters<F extends Fields> = {
  readonly [K in keyof F]: (row: number, value: F[K] extends 'str' ? string : number) => void;
} & {
  /** Sets all fields of a row to zero; where it has an index it is found all the same. */
  readonly empty: (row: number) => void;
};

/** What adds to fields: a method for each that holds numbers; it gives the new value. */
export type Adders<F extends Fields> = {
  readonly [K in keyof F as F[K] extends 'str' ? never : K]: (row: number, amount: number) => number;
};

type NumericColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/**
 * Numbers of field types, so that each column is read where only its type is: that is what makes it fast. Most changes are
 * of f64, then of u32: they are asked for first.
 */
const Kind = { u8: 0, u16: 1, u32: 2, i32: 3, f64: 4, str: 5 } as const;

/** That of a table which no state has. */
const NO_LOG = new TurnLog();

/** Rows of some table: an object of one of the classes of generated/rows.ts. */
export interface AnyRows {
  readonly table: Table;
}

const DIRTY = 1;
const STORED = 2;
const LIVE = 4;

/** All fields of a row that the open turn has made: each was zero before, and that needs no note. */
const ALL_TOUCHED = 0xffff_ffff;

/** A row that is gone, by its key: the materializer deletes it from the store. */
export interface RowKey {
  readonly table: number;
  readonly keyA: number;
  readonly keyB: number;
}

/** How the rows of a table lie in memory; nothing depends on it but how long it takes to read them. */
export interface TableShape<F extends Fields> {
  /** Room for handles at first. */
  readonly capacity?: number;
  /** Numbers of a record (records.ts), a power of two. */
  readonly stride?: number;
  /** Fields that are read together most, in the first record of their size. */
  readonly together?: readonly (keyof F)[];
}

/**
 * One table of the state: rows in recycled columns. A row is named inside by its *handle*, a multiple of the table's
 * stride (records.ts) that is an accident of the process, and outside by its key (keyA, keyB), which comes from the
 * journal. A row whose fields are all zero equals no row.
 *
 * This is what all tables have in common, with their fields by number: what the store, the hash and the undo work with. The
 * kernel's rules work with the classes of generated/rows.ts, one for each table, which have the fields by name;
 * only their setters change a field.
 */
export class Table<F extends Fields = Fields> {
  readonly columns: (NumericColumn | string[])[];
  readonly types: readonly FieldType[];
  private readonly kinds: Uint8Array;
  readonly names: readonly string[];
  keyA: Float64Array = new Float64Array(0);
  keyB: Uint32Array = new Uint32Array(0);
  /** For each row a bit for each field that the open turn has changed; all of them for a row that it has made. */
  touched: Uint32Array = new Uint32Array(0);
  /** Dirty since the last drain, stored by an earlier drain, live. */
  private flags: Uint8Array = new Uint8Array(0);
  private readonly records: Records;
  /** Handles are multiples of this. */
  readonly stride: number;
  private readonly free: number[] = [];
  /** Handles below this one have been used; 0 is never a row. */
  high: number;
  live = 0;
  capacity: number;
  readonly dirtyRows = new NumberList();
  readonly goneRows: RowKey[] = [];
  readonly index: KeyIndex | SequenceIndex;
  /** Where changes are noted: the log of the open turn. */
  log = NO_LOG;

  constructor(
    readonly id: number,
    readonly name: string,
    fields: F,
    { capacity = 64, stride = 1, together = [] }: TableShape<F> = {},
    private readonly c: Columns<F> | null = null,
    bySequence = false,
  ) {
    this.index = bySequence ? new SequenceIndex(this) : new KeyIndex();
    this.names = Object.keys(fields);
    if (this.names.length > 32) throw new Error(`assertion failed: table ${name} has more than 32 fields`);
    this.types = this.names.map((field) => fields[field]!);
    this.kinds = Uint8Array.from(this.types, (type) => Kind[type]);
    this.capacity = capacity;
    this.stride = stride;
    this.high = stride;
    this.columns = this.types.map(() => []);
    this.records = new Records(stride, capacity);
    for (const field of together) this.addColumn(this.names.indexOf(field as string));
    this.records.add('f64', (view) => {
      this.keyA = view as Float64Array;
    });
    this.records.add('u32', (view) => {
      this.keyB = view as Uint32Array;
    });
    this.records.add('u32', (view) => {
      this.touched = view as Uint32Array;
    });
    this.records.add('u8', (view) => {
      this.flags = view as Uint8Array;
    });
    this.names.forEach((name, field) => {
      if (!together.includes(name)) this.addColumn(field);
    });
  }

  /** Gives a field its place in memory. */
  private addColumn(field: number): void {
    const c = this.c as Record<string, unknown> | null;
    const type = this.types[field]!;
    const publish = (column: NumericColumn | string[]): void => {
      this.columns[field] = column;
      if (c !== null) c[this.names[field]!] = column;
    };
    if (type === 'str') publish([]);
    else this.records.add(type, publish);
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** Makes a row with a key that is not there. */
  make(keyA: number, keyB: number): number {
    const handle = this.allocate(keyA, keyB);
    this.index.add(keyA, keyB, handle);
    this.touched[handle] = ALL_TOUCHED;
    this.log.addRow(this.id, handle, MADE);
    return handle;
  }

  /** Notes the fields that a row, which the turn that ends has made, has got. */
  noteMade(handle: number): void {
    this.touched[handle] = 0;
    for (let field = 0; field < this.columns.length; field++) {
      if (this.isText(field)) {
        if (this.text(field, handle) !== '') this.log.addText(placeOf(this.id, field), handle, '');
      } else if (this.number(field, handle) !== 0) this.log.add(placeOf(this.id, field), handle, 0);
    }
  }

  /** The row, which has been emptied, is found no longer; its handle stays taken. */
  remove(handle: number): void {
    this.index.delete(this.keyA[handle]!, this.keyB[handle]!);
    this.log.addRow(this.id, handle, CLEARED);
  }

  /** Notes what a field is before its first change in the turn. */
  note(handle: number, touched: number, place: number, old: number): void {
    this.touched[handle] = touched;
    this.log.add(place, handle, old);
  }

  /** The same of a text. */
  noteText(handle: number, touched: number, place: number, old: string): void {
    this.touched[handle] = touched;
    this.log.addText(place, handle, old);
  }

  /** A count would fall below zero. */
  refuse(field: string, value: number): never {
    throw new Error(`assertion failed: ${this.name}.${field} would become ${value}`);
  }

  /** Takes a handle for a new row with this key; all its fields are zero. */
  allocate(keyA: number, keyB: number): number {
    const isNew = this.free.length === 0;
    const handle = isNew ? this.high : this.free.pop()!;
    if (isNew) this.high += this.stride;
    if (handle >= this.capacity) this.grow(handle + 1);
    this.occupy(handle, keyA, keyB);
    return handle;
  }

  /** Takes the handles `at` to `at + count - 1`, which the caller manages itself (extents of jobs). */
  occupy(handle: number, keyA: number, keyB: number): void {
    this.keyA[handle] = keyA;
    this.keyB[handle] = keyB;
    this.flags[handle] = LIVE;
    this.live += 1;
  }

  /** Room for handles below `capacity`; doubles, so that untouched pages cost nothing until they are used. */
  grow(capacity: number): void {
    if (capacity <= this.capacity) return;
    let next = this.capacity;
    while (next < capacity) next *= 2;
    this.records.grow(next);
    this.capacity = next;
  }

  /**
   * Gives the handle back. The row is gone from the state already: all its fields are zero. If that was drained, the
   * store knows, and another row may have its key by now.
   */
  release(handle: number): void {
    this.vacate(handle, this.isDirty(handle));
    this.reuse(handle);
  }

  /** The handle of a row that is gone may be used again. */
  reuse(handle: number): void {
    this.free.push(handle);
  }

  /** Forgets a row of memory; `gone` tells the store too, otherwise the row lives on there (eviction). */
  vacate(handle: number, gone: boolean): void {
    const flags = this.flags[handle]!;
    if (gone && (flags & STORED) !== 0) {
      this.goneRows.push({ table: this.id, keyA: this.keyA[handle]!, keyB: this.keyB[handle]! });
    }
    this.flags[handle] = 0;
    this.touched[handle] = 0;
    this.live -= 1;
  }

  /** Calls back with each row, by its handle; one that is gone is there until its turn is accepted. */
  eachRow(each: (row: number) => void): void {
    for (let row = this.stride; row < this.high; row += this.stride) if (this.isLive(row)) each(row);
  }

  /** Whether a number is the handle of a row, of those that `eachRow` calls back with. */
  isLive(handle: number): boolean {
    return handle % this.stride === 0 && (this.flags[handle]! & LIVE) !== 0;
  }

  /** Notes that the store's copy of the row is behind. */
  markDirty(handle: number): void {
    const flags = this.flags[handle]!;
    if ((flags & DIRTY) !== 0) return;
    this.flags[handle] = flags | DIRTY;
    this.dirtyRows.push(handle);
  }

  /** True once for each dirty row: the caller stores it now. */
  takeDirty(handle: number): boolean {
    const flags = this.flags[handle]!;
    if ((flags & DIRTY) === 0) return false;
    this.flags[handle] = (flags & ~DIRTY) | STORED;
    return true;
  }

  /** The same for a row that the store keeps as a part of another: it is not there under its own key. */
  takeDirtyPart(handle: number): boolean {
    const flags = this.flags[handle]!;
    this.flags[handle] = flags & ~DIRTY;
    return (flags & DIRTY) !== 0;
  }

  /** Notes that the store gets the row under its own key. */
  noteStored(handle: number): void {
    this.flags[handle]! |= STORED;
  }

  /** Whether the store may have the row under its own key. */
  isStored(handle: number): boolean {
    return (this.flags[handle]! & STORED) !== 0;
  }

  /** Notes that a row was read from the store just now: it is there, and not behind. */
  markStored(handle: number): void {
    this.flags[handle] = (this.flags[handle]! & ~DIRTY) | STORED;
  }

  isDirty(handle: number): boolean {
    return (this.flags[handle]! & DIRTY) !== 0;
  }

  /** Whether all fields are at their default: such a row equals no row. */
  isBlank(handle: number): boolean {
    for (let field = 0; field < this.columns.length; field++) {
      if (this.isText(field) ? this.text(field, handle) !== '' : this.number(field, handle) !== 0) return false;
    }
    return true;
  }

  /** Whether a field holds strings. */
  isText(field: number): boolean {
    return this.kinds[field] === Kind.str;
  }

  /** The value of a numeric field. */
  number(field: number, handle: number): number {
    const column = this.columns[field]!;
    switch (this.kinds[field]) {
      case Kind.f64:
        return (column as Float64Array)[handle]!;
      case Kind.u32:
        return (column as Uint32Array)[handle]!;
      case Kind.u8:
        return (column as Uint8Array)[handle]!;
      case Kind.u16:
        return (column as Uint16Array)[handle]!;
      default:
        return (column as Int32Array)[handle]!;
    }
  }

  /** The value of a text field. */
  text(field: number, handle: number): string {
    return (this.columns[field] as string[])[handle] ?? '';
  }

  /** Writes a field; only the state does. */
  write(field: number, handle: number, value: number | string): void {
    const column = this.columns[field]!;
    switch (this.kinds[field]) {
      case Kind.f64:
        (column as Float64Array)[handle] = value as number;
        return;
      case Kind.u32:
        (column as Uint32Array)[handle] = value as number;
        return;
      case Kind.u8:
        (column as Uint8Array)[handle] = value as number;
        return;
      case Kind.u16:
        (column as Uint16Array)[handle] = value as number;
        return;
      case Kind.i32:
        (column as Int32Array)[handle] = value as number;
        return;
      default:
        (column as string[])[handle] = value as string;
    }
  }

  /** A field's value for the hash: a string enters as a digest of 53 bits. */
  hashValue(field: number, handle: number): number {
    return this.isText(field) ? stringValue(this.text(field, handle)) : this.number(field, handle);
  }

  /** Adds all fields of a row to a state hash that is counted afresh. */
  addRowTo(hash: StateHash, handle: number): void {
    beginRow(this.id, this.keyA[handle]!, this.keyB[handle]!);
    for (let field = 0; field < this.columns.length; field++) {
      const value = this.hashValue(field, handle);
      if (value !== 0) hash.add(field, value);
    }
  }

  /** Takes a row out of memory that lives on in the store. */
  evict(handle: number): void {
    this.index.delete(this.keyA[handle]!, this.keyB[handle]!);
    this.wipe(handle);
    this.vacate(handle, false);
    this.reuse(handle);
  }

  /** Empties a row's place in memory; the row itself lives on in the store. */
  wipe(handle: number): void {
    for (let field = 0; field < this.columns.length; field++) this.write(field, handle, this.isText(field) ? '' : 0);
  }
}
