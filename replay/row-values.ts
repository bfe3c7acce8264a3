import type { Table } from '../src/kernel/rows/table.js';

/** What a row says, in the order of its table's fields. */
export type Values = readonly (number | string)[];

export function valuesOf(table: Table, row: number): Values {
  return table.names.map((_, field) => (table.isText(field) ? table.text(field, row) : table.number(field, row)));
}
