import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { State } from '../../../src/kernel/rows/state.js';
import { type AnyRows, Table } from '../../../src/kernel/rows/table.js';
import { TableId } from '../../../src/kernel/rows/tables.js';

const FIELDS = {
  a: 'f64',
  b: 'u8',
  c: 'u32',
  d: 'i32',
  e: 'f64',
  f: 'f64',
  g: 'u16',
  h: 'f64',
  i: 'str',
  j: 'f64',
} as const;

it.each([1, 2, 4, 8])('keeps what each row has in each field, with records of %d', (stride) => {
  const rows = new Table(1, 'rows', FIELDS, { capacity: 8, stride, together: ['h', 'd'] });
  const made = Array.from({ length: 300 }, (_, i) => rows.allocate(1_000 + i, i));
  expect(made).toEqual(made.map((_, i) => (i + 1) * stride));
  const valueFor = (row: number, field: number): number =>
    field === 1 ? row % 256 : row * 16 + field - (field === 3 ? 900 : 0);
  for (const row of made) {
    FIELDS_OF_NUMBERS.forEach((field) => {
      rows.write(field, row, valueFor(row, field));
    });
    rows.write(8, row, `row ${row}`);
  }
  made.forEach((row, i) => {
    expect([rows.keyA[row], rows.keyB[row], rows.text(8, row)]).toEqual([1_000 + i, i, `row ${row}`]);
    for (const field of FIELDS_OF_NUMBERS) expect(rows.number(field, row)).toBe(valueFor(row, field));
  });
  const found = Array.from({ length: rows.high }, (_, handle) => handle).filter((handle) => rows.isLive(handle));
  expect(found).toEqual(made);
});

const FIELDS_OF_NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 9];

it('takes handles again', () => {
  const rows = new Table(1, 'rows', FIELDS, { stride: 4 });
  const row = rows.allocate(1, 0);
  rows.release(row);
  expect(rows.isLive(row)).toBe(false);
  expect(rows.allocate(2, 0)).toBe(row);
});

it('has columns by name as fast properties, in every table', () => {
  setFlagsFromString('--allow-natives-syntax');
  const isFast = new Function('value', 'return %HasFastProperties(value)') as (value: object) => boolean;
  const all = Object.values(new State()).filter((value) => (value as Partial<AnyRows>).table instanceof Table);
  expect(all).toHaveLength(Object.keys(TableId).length);
  for (const { c, table } of all as (AnyRows & { c: object })[])
    expect([table.name, isFast(c)]).toEqual([table.name, true]);
});
