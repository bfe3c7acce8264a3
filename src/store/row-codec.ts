import type { FieldType } from '../kernel/rows/table.js';
import { StoreCorrupt } from './errors.js';
import { RowReader, RowWriter } from './row-bytes.js';

/**
 * Rows of struct-of-arrays tables as bytes.
 *
 *     row    [fields u32] values …        fields: a bit for each field that differs from 0 or ''; field 0 is bit 0
 *     value  u8 u16 u32: varint · i32 f64: zigzag varint · str: length as varint, UTF-8
 *     block  [rows 2 × u32] row …         rows: a bit for each of 64 rows that has a field
 *
 * Values follow in the order of the fields. A field added at the end with the default 0 leaves old rows readable, and
 * they have its default. A table has at most 32 fields, as the kernel's have.
 */

/** The columns of a table, as the kernel keeps them. */
export type RowColumns = readonly (
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int32Array
  | Float64Array
  | readonly string[]
)[];

/** Rows of a block. */
export const BLOCK_ROWS = 64;

/** Bytes of the two words in front of a block. */
const PRESENCE_BYTES = 8;

const FIELDS_MAX = 32;
const VALUE_BYTES_MAX = 9;

const U8 = 0;
const U16 = 1;
const U32 = 2;
const I32 = 3;
const F64 = 4;
const STR = 5;
const KINDS: Readonly<Record<FieldType, number>> = { u8: U8, u16: U16, u32: U32, i32: I32, f64: F64, str: STR };

/** Packs and unpacks the rows of one table, directly from and into its columns. */
export class RowCodec {
  /** A number for each field's type, so that each column is read where only its type is: that is what makes it fast. */
  readonly #kinds: Uint8Array;
  readonly #count: number;
  readonly #writer: RowWriter;
  readonly #reader: RowReader;

  /** `types` are those of the table's fields in their order. Codecs may share a writer, and a reader. */
  constructor(types: readonly FieldType[], writer = new RowWriter(), reader = new RowReader()) {
    if (types.length > FIELDS_MAX) throw new Error(`assertion failed: ${types.length} fields are too many for a row`);
    this.#kinds = Uint8Array.from(types, (type) => KINDS[type]);
    this.#count = types.length;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** The bytes of a row, valid until the next use of the writer; a row without a field is four zero bytes. */
  packRow(columns: RowColumns, row: number): Uint8Array {
    this.#writer.reset();
    this.#pack(columns, row);
    return this.#writer.view();
  }

  /** Writes a row behind what the writer holds; false if it has no field. A row says itself where it ends. */
  appendRow(columns: RowColumns, row: number): boolean {
    return this.#pack(columns, row) !== 0;
  }

  /** Sets the fields that are in `bytes`; the row must have had no field before. Throws `StoreCorrupt`. */
  unpackRow(bytes: Uint8Array, columns: RowColumns, row: number): void {
    this.#reader.reset(bytes);
    this.#unpack(columns, row);
    this.#reader.finish();
  }

  /** Sets the fields of the row that comes next in what the reader was given; whoever reads on ends with `finish`. */
  nextRow(columns: RowColumns, row: number): void {
    this.#unpack(columns, row);
  }

  /**
   * The bytes of the rows `first` to `first + count - 1` (at most 64), valid until the next use of the writer. Null if
   * no row has a field: such a block is no block.
   */
  packBlock(columns: RowColumns, first: number, count: number): Uint8Array | null {
    this.#writer.reset();
    return this.appendBlock(columns, first, count) ? this.#writer.view() : null;
  }

  /** Writes a block behind what the writer holds; false if no row has a field. */
  appendBlock(columns: RowColumns, first: number, count: number): boolean {
    if (count > BLOCK_ROWS) throw new Error('assertion failed: not a block');
    const writer = this.#writer;
    const start = writer.length;
    writer.word(0);
    writer.word(0);
    let low = 0;
    let high = 0;
    for (let i = 0; i < count; i++) {
      const at = writer.length;
      if (this.#pack(columns, first + i) === 0) writer.cut(at);
      else if (i < 32) low |= 1 << i;
      else high |= 1 << (i - 32);
    }
    writer.patch(start, low);
    writer.patch(start + 4, high);
    return (low | high) !== 0;
  }

  /**
   * Unpacks a block into the rows from `first` on, which must have had no field before, and tells which rows it has:
   * a bit for each, in two words. Throws `StoreCorrupt`.
   */
  unpackBlock(bytes: Uint8Array, columns: RowColumns, first: number, rows: Uint32Array): void {
    if (bytes.length < PRESENCE_BYTES) throw new StoreCorrupt(`a block has ${bytes.length} bytes`);
    this.#reader.reset(bytes);
    this.nextBlock(columns, first, rows);
    this.#reader.finish();
  }

  /** The same for the block that comes next in what the reader was given; whoever reads on ends with `finish`. */
  nextBlock(columns: RowColumns, first: number, rows: Uint32Array): void {
    const reader = this.#reader;
    for (let half = 0; half < 2; half++) {
      rows[half] = reader.word();
    }
    for (let half = 0; half < 2; half++) {
      for (let bits = rows[half]!; bits !== 0; bits &= bits - 1) {
        this.#unpack(columns, first + 32 * half + 31 - Math.clz32(bits & -bits));
      }
    }
  }

  /** Writes a row; returns the bits of its fields. */
  #pack(columns: RowColumns, row: number): number {
    const writer = this.#writer;
    const kinds = this.#kinds;
    writer.reserve(4 + FIELDS_MAX * VALUE_BYTES_MAX);
    const at = writer.length;
    writer.word(0);
    let fields = 0;
    for (let field = 0; field < this.#count; field++) {
      const column = columns[field]!;
      let value = 0;
      switch (kinds[field]) {
        case U8:
          value = (column as Uint8Array)[row]!;
          break;
        case U16:
          value = (column as Uint16Array)[row]!;
          break;
        case U32:
          value = (column as Uint32Array)[row]!;
          break;
        case I32:
          value = (column as Int32Array)[row]!;
          if (value === 0) continue;
          fields |= 1 << field;
          writer.signedUnchecked(value);
          continue;
        case F64:
          value = (column as Float64Array)[row]!;
          if (value === 0) continue;
          fields |= 1 << field;
          writer.signedUnchecked(value);
          continue;
        default: {
          const text = (column as readonly string[])[row];
          if (text === undefined || text === '') continue;
          fields |= 1 << field;
          writer.text(text);
          // A text takes what was reserved for the fields behind it.
          writer.reserve(FIELDS_MAX * VALUE_BYTES_MAX);
          continue;
        }
      }
      if (value === 0) continue;
      fields |= 1 << field;
      writer.unsignedUnchecked(value);
    }
    writer.patch(at, fields);
    return fields;
  }

  #unpack(columns: RowColumns, row: number): void {
    const reader = this.#reader;
    const kinds = this.#kinds;
    for (let fields = reader.word(); fields !== 0; fields &= fields - 1) {
      const field = 31 - Math.clz32(fields & -fields);
      const column = columns[field];
      switch (kinds[field]) {
        case U8:
          (column as Uint8Array)[row] = reader.unsigned();
          break;
        case U16:
          (column as Uint16Array)[row] = reader.unsigned();
          break;
        case U32:
          (column as Uint32Array)[row] = reader.unsigned();
          break;
        case I32:
          (column as Int32Array)[row] = reader.signed();
          break;
        case F64:
          (column as Float64Array)[row] = reader.signed();
          break;
        case STR:
          (column as string[])[row] = reader.text();
          break;
        default:
          throw new StoreCorrupt(`a row has field ${field}, which its table has not`);
      }
    }
  }
}

/** How many rows of a block there are, and the place behind the last of them. Throws `StoreCorrupt`. */
export function rowsOfBlock(block: Uint8Array): { readonly rows: number; readonly end: number } {
  if (block.length < PRESENCE_BYTES) throw new StoreCorrupt(`a block has ${block.length} bytes`);
  const view = new DataView(block.buffer, block.byteOffset);
  let rows = 0;
  let end = 0;
  for (let half = 0; half < 2; half++) {
    const bits = view.getUint32(4 * half, true);
    if (bits !== 0) end = 32 * half + 32 - Math.clz32(bits);
    for (let left = bits; left !== 0; left &= left - 1) rows += 1;
  }
  return { rows, end };
}
