import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../../catalogue/crc32c.js';
import { masked, varint } from './varint.js';

/**
 * RocksDB's list of its tables, read without RocksDB: it ends the process by an assertion when it opens a store in
 * which some tables are damaged, so they are looked at before. The file is a log of edits, in blocks of 32 KiB; a
 * record in it has a CRC32C, a length and a type (whole, first, middle, last). Known are the edits that RocksDB 6.17
 * writes for a store with one column family. Whatever is not understood is left to RocksDB, which reads it next.
 */

const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;

const WHOLE = 1;
const FIRST = 2;
const LAST = 4;

/** Edits with one number. */
const NUMBERS = new Set([2, 3, 4, 9, 10, 200, 203]);
/** Edits with one text. Those above 8192 may be left out by who doesn't know them, so they all are texts. */
const COMPARATOR = 1;
const IGNORABLE = 8192;
const COMPACT_POINTER = 5;
const DELETED_TABLE = 6;
const NEW_TABLE = 103;
const END_OF_TABLE = 1;

/** A table as the list has it. */
export interface ListedTable {
  readonly number: number;
  readonly bytes: number;
}

/** The tables of the closed store in `dir`, or null if that was not understood. */
export async function listedTables(dir: string): Promise<ListedTable[] | null> {
  try {
    const current = await readFile(join(dir, 'CURRENT'), 'latin1');
    if (!/^MANIFEST-\d+\n$/.test(current)) return null;
    return tablesOf(await readFile(join(dir, current.trim())));
  } catch {
    return null;
  }
}

/** Applies the edits of a list, in their order. */
export function tablesOf(manifest: Buffer): ListedTable[] | null {
  const records = recordsOf(manifest);
  const tables = new Map<number, ListedTable>();
  for (const record of records ?? []) {
    if (!applyEdit(record, tables)) return null;
  }
  return records === null ? null : [...tables.values()];
}

/** Whole records. One that is cut off at the end does not count, as it doesn't for RocksDB; null if one is damaged. */
function recordsOf(log: Buffer): Buffer[] | null {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= log.length; ) {
    const room = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (room < HEADER_BYTES) {
      at += room;
      continue;
    }
    const end = at + HEADER_BYTES + log.readUInt16LE(at + 4);
    const type = log[at + 6]!;
    if (end > log.length) break;
    if (type < WHOLE || type > LAST || log.readUInt32LE(at) !== masked(crc32c(log, at + 6, end))) return null;
    if (type === WHOLE || type === FIRST) parts = [];
    parts.push(log.subarray(at + HEADER_BYTES, end));
    if (type === WHOLE || type === LAST) records.push(Buffer.concat(parts));
    at = end;
  }
  return records;
}

/** Applies one record; false if it has something that is not known. */
function applyEdit(edit: Buffer, tables: Map<number, ListedTable>): boolean {
  const reader = new EditReader(edit);
  while (!reader.done) {
    const tag = reader.number();
    if (tag === COMPARATOR || tag > IGNORABLE) reader.text();
    else if (NUMBERS.has(tag)) reader.number();
    else if (tag === COMPACT_POINTER) {
      reader.number();
      reader.text();
    } else if (tag === DELETED_TABLE) {
      reader.number();
      tables.delete(reader.number());
    } else if (tag === NEW_TABLE) {
      const table = reader.table();
      tables.set(table.number, table);
    } else return false;
  }
  return reader.exact;
}

class EditReader {
  #at = 0;

  constructor(private readonly edit: Buffer) {}

  get done(): boolean {
    return this.#at >= this.edit.length;
  }

  /** Whether everything was read, and nothing beyond. */
  get exact(): boolean {
    return this.#at === this.edit.length;
  }

  number(): number {
    const { value, end } = varint(this.edit, this.#at);
    this.#at = end;
    return value;
  }

  text(): void {
    const length = this.number();
    this.#at += length;
  }

  /** Level, number, size, first and last key, first and last sequence number; then tagged texts up to an end. */
  table(): ListedTable {
    this.number();
    const number = this.number();
    const bytes = this.number();
    this.text();
    this.text();
    this.number();
    this.number();
    while (!this.done && this.number() !== END_OF_TABLE) this.text();
    return { number, bytes };
  }
}
