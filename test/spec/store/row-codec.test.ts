import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldType, Table } from '../../../src/kernel/rows/table.js';
import { StoreCorrupt } from '../../../src/store/errors.js';
import { BLOCK_ROWS, RowCodec, rowsOfBlock } from '../../../src/store/row-codec.js';

type Row = readonly (number | string)[];

const TYPES = ['u8', 'u16', 'u32', 'i32', 'f64', 'str', 'u8', 'f64'] as const satisfies readonly FieldType[];

const VALUES: Record<FieldType, fc.Arbitrary<number | string>> = {
  u8: fc.integer({ min: 0, max: 255 }),
  u16: fc.integer({ min: 0, max: 65_535 }),
  u32: fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.constantFrom(127, 128, 0x0fff_ffff, 0x1000_0000, 0xffff_ffff),
  ),
  i32: fc.oneof(fc.integer(), fc.constantFrom(-1, -64, -65, 63, 64, -0x8000_0000, 0x7fff_ffff)),
  f64: fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -70_000, max: 70_000 }),
    fc.constantFrom(2 ** 31, 2 ** 37 - 1, 2 ** 37, 1.7e12, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  ),
  str: fc.oneof(fc.constantFrom('', 'ocr', 'Übergröße', '文書🗎'), fc.string({ unit: 'grapheme', maxLength: 300 })),
};

/** Half of the fields at their default, as most fields of real rows are. */
const rowOf = (types: readonly FieldType[]): fc.Arbitrary<Row> =>
  fc.tuple(...types.map((type) => fc.oneof(fc.constant(type === 'str' ? '' : 0), VALUES[type])));

/** A table of the kernel with these fields; rows are set by their handle. */
function tableOf(types: readonly FieldType[], capacity = 256): Table {
  return new Table(1, 'rows', Object.fromEntries(types.map((type, i) => [`field${i}`, type])), { capacity });
}

function setRow(table: Table, handle: number, row: Row): void {
  row.forEach((value, field) => {
    (table.columns[field] as (number | string)[])[handle] = value;
  });
}

function getRow(table: Table, handle: number): Row {
  return table.types.map((type, field) => table.columns[field]![handle] ?? (type === 'str' ? '' : 0));
}

describe('row codec', () => {
  it('writes the fields that are set, and nothing else', () => {
    const table = tableOf(TYPES);
    setRow(table, 5, [0, 300, 0, -1, 0, 'é', 0, 0]);
    const codec = new RowCodec(table.types);
    const bytes = codec.packRow(table.columns, 5);
    // Fields 1, 3 and 5; 300 as a varint; -1 as zigzag; two bytes of text.
    expect(Buffer.from(bytes).toString('hex')).toBe('2a000000' + 'ac02' + '01' + '02c3a9');
    expect(Buffer.from(codec.packRow(table.columns, 6)).toString('hex')).toBe('00000000');
  });

  it('gives back every row, whatever its fields are', () => {
    fc.assert(
      fc.property(rowOf(TYPES), (row) => {
        const table = tableOf(TYPES);
        setRow(table, 3, row);
        const codec = new RowCodec(TYPES);
        const bytes = codec.packRow(table.columns, 3).slice();
        const other = tableOf(TYPES);
        codec.unpackRow(bytes, other.columns, 9);
        expect(getRow(other, 9)).toEqual(row);
      }),
    );
  });

  it('takes 32 fields, texts that need a larger buffer, and no 33rd field', () => {
    const types = Array.from({ length: 32 }, (_, i): FieldType => (i % 2 === 0 ? 'str' : 'f64'));
    const row = types.map((type, i) => (type === 'str' ? 'x'.repeat(i * 5000) : -Number.MAX_SAFE_INTEGER + i));
    const table = tableOf(types);
    setRow(table, 1, row);
    const codec = new RowCodec(types);
    const bytes = codec.packRow(table.columns, 1).slice();
    const other = tableOf(types);
    codec.unpackRow(bytes, other.columns, 1);
    expect(getRow(other, 1)).toEqual(row);
    expect(() => new RowCodec([...types, 'u8'])).toThrow('assertion failed');
  });

  it('reads rows that were written before a field was added', () => {
    fc.assert(
      fc.property(rowOf(TYPES), (row) => {
        const before = tableOf(TYPES);
        setRow(before, 1, row);
        const bytes = new RowCodec(TYPES).packRow(before.columns, 1).slice();
        const types = [...TYPES, 'u32', 'str'] as const;
        const after = tableOf(types);
        new RowCodec(types).unpackRow(bytes, after.columns, 1);
        expect(getRow(after, 1)).toEqual([...row, 0, '']);
      }),
    );
  });

  it('refuses bytes that are cut off, too long, or of fields that are not there', () => {
    const table = tableOf(TYPES);
    setRow(table, 1, [1, 300, 70_000, -500, 1.7e12, 'text', 2, -1]);
    const codec = new RowCodec(TYPES);
    const bytes = codec.packRow(table.columns, 1).slice();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => codec.unpackRow(bytes.subarray(0, length), tableOf(TYPES).columns, 1)).toThrow(StoreCorrupt);
    }
    expect(() => codec.unpackRow(Uint8Array.of(...bytes, 0), tableOf(TYPES).columns, 1)).toThrow(StoreCorrupt);
    const unknown = Uint8Array.of(0, 1, 0, 0, 5);
    expect(() => codec.unpackRow(unknown, tableOf(TYPES).columns, 1)).toThrow(StoreCorrupt);
  });
});

describe('block codec', () => {
  const types = ['u8', 'u32', 'f64', 'str'] as const;
  const blank: Row = [0, 0, 0, ''];

  it('gives back all rows, and which of them are there', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(blank), rowOf(types)), { maxLength: BLOCK_ROWS }), (rows) => {
        const table = tableOf(types);
        rows.forEach((row, i) => {
          setRow(table, 10 + i, row);
        });
        const codec = new RowCodec(types);
        const block = codec.packBlock(table.columns, 10, rows.length)?.slice();
        const there = rows.map((row) => row.some((value) => value !== 0 && value !== ''));
        if (!there.includes(true)) {
          expect(block).toBe(undefined);
          return;
        }
        const other = tableOf(types);
        const bits = new Uint32Array(2);
        codec.unpackBlock(block!, other.columns, 70, bits);
        expect(rows.map((_, i) => getRow(other, 70 + i))).toEqual(rows);
        expect(rows.map((_, i) => ((bits[i >> 5]! >>> (i & 31)) & 1) === 1)).toEqual(there);
        expect(rowsOfBlock(block!)).toEqual({ rows: there.filter(Boolean).length, end: there.lastIndexOf(true) + 1 });
      }),
    );
  });

  it('takes a whole block and refuses more rows', () => {
    const table = tableOf(types);
    for (let i = 0; i < BLOCK_ROWS; i++) setRow(table, 1 + i, [i, 0xffff_ffff - i, i * 1e12, `job ${i}`]);
    const codec = new RowCodec(types);
    const block = codec.packBlock(table.columns, 1, BLOCK_ROWS)!.slice();
    const bits = new Uint32Array(2);
    const other = tableOf(types);
    codec.unpackBlock(block, other.columns, 1, bits);
    expect([...bits]).toEqual([0xffff_ffff, 0xffff_ffff]);
    expect(getRow(other, BLOCK_ROWS)).toEqual([63, 0xffff_ffff - 63, 63e12, 'job 63']);
    expect(() => codec.packBlock(table.columns, 1, BLOCK_ROWS + 1)).toThrow('assertion failed');
  });

  it('refuses bytes that are cut off or too long', () => {
    const table = tableOf(types);
    for (let i = 0; i < 40; i++) setRow(table, 1 + i, [i, 0, i * 1e12, `job ${i}`]);
    const codec = new RowCodec(types);
    const block = codec.packBlock(table.columns, 1, 40)!.slice();
    const bits = new Uint32Array(2);
    for (const length of [0, 7, 8, 14, 200, block.length - 1]) {
      expect(() => codec.unpackBlock(block.subarray(0, length), tableOf(types).columns, 1, bits)).toThrow(StoreCorrupt);
    }
    expect(() => codec.unpackBlock(Uint8Array.of(...block, 0), tableOf(types).columns, 1, bits)).toThrow(StoreCorrupt);
  });
});
