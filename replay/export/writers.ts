/** Files of an export: Parquet by row groups, or a JSON object a line. Only a row group is ever in memory. */

import { once } from 'node:events';
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { fileWriter } from 'hyparquet-writer/src/node.js';
import { type ColumnSpec, type Row, TABLES, type TableName } from './tables.js';

/** The kinds of files. */
export type Format = 'parquet' | 'ndjson';

/** Rows of a row group: some MB. */
const ROWS_PER_GROUP = 50_000;

/** Writes the rows of one table. */
export interface TableWriter {
  add(row: Row): void;
  /** Lets what is buffered go to the file, so that memory stays bounded. */
  flush(): Promise<void>;
  close(): Promise<void>;
  /** Lets go of the file as it is; nothing, once it is closed. */
  abandon(): void;
}

/** Opens the file of a table in a folder. */
export function openTable(folder: string, table: TableName, format: Format): TableWriter {
  const file = `${folder}/${table}.${format}`;
  return format === 'parquet' ? new ParquetTable(file, TABLES[table]) : new NdjsonTable(file, TABLES[table]);
}

class ParquetTable implements TableWriter {
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];

  constructor(
    file: string,
    private readonly columns: readonly ColumnSpec[],
  ) {
    const columnData = columns.map(({ name, type }) => ({ name, type, data: [], nullable: true }));
    this.#writer = new ParquetWriter({ writer: fileWriter(file), schema: schemaFromColumnData({ columnData }) });
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length >= ROWS_PER_GROUP) this.#write();
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#rows.length > 0) this.#write();
    await this.#writer.finish();
  }

  /** The file is open only while something is written. */
  abandon(): void {}

  #write(): void {
    const rows = this.#rows;
    this.#rows = [];
    const columnData = this.columns.map(({ name, type }) => ({
      name,
      type,
      data: rows.map((row) => parquetValue(type, row[name] ?? null)),
    }));
    void this.#writer.write({ columnData, rowGroupSize: rows.length });
  }
}

function parquetValue(type: ColumnSpec['type'], value: Row[string] | null): unknown {
  if (value === null) return null;
  if (type === 'INT64') return BigInt(value as number);
  return type === 'TIMESTAMP' ? new Date(value as number) : value;
}

class NdjsonTable implements TableWriter {
  readonly #stream: WriteStream;
  #failure: Error | null = null;
  #lines: string[] = [];

  constructor(
    file: string,
    private readonly columns: readonly ColumnSpec[],
  ) {
    this.#stream = createWriteStream(file, { fd: openSync(file, 'w') });
    // Whoever writes next meets it.
    this.#stream.on('error', (error) => {
      this.#failure = error;
    });
  }

  add(row: Row): void {
    const values = this.columns.map(({ name, type }) => {
      const value = row[name] ?? null;
      return [name, type === 'TIMESTAMP' && value !== null ? new Date(value as number).toISOString() : value];
    });
    this.#lines.push(`${JSON.stringify(Object.fromEntries(values))}\n`);
  }

  async flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const text = this.#lines.join('');
    this.#lines = [];
    if (text !== '' && !this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    await this.flush();
    this.#stream.end();
    await once(this.#stream, 'finish');
  }

  abandon(): void {
    this.#stream.destroy();
  }
}
