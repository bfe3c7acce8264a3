/** `exportTables`: a history as tables for DuckDB, pandas or Spark. */
import { mkdir } from 'node:fs/promises';
import { type FoldProgress, Progress } from '../fold.js';
import type { History } from '../history.js';
import { Extraction } from './extract.js';
import { copyQueries } from './sql-files.js';
import { TABLES, type TableName } from './tables.js';
import { type Format, openTable } from './writers.js';

export interface ExportOptions {
  readonly format?: Format;
  readonly onProgress?: (done: FoldProgress) => void;
}

/** What was written. */
export interface ExportReport {
  readonly folder: string;
  readonly format: Format;
  readonly turns: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<TableName, number>>;
  /** The ready queries beside them, in the folder `sql`: they read Parquet. */
  readonly queries: readonly string[];
}

/** Writes a file for each table into a folder, which is made if it isn't there. Files that are there are replaced. */
export async function exportTables(
  history: History,
  folder: string,
  { format = 'parquet', onProgress }: ExportOptions = {},
): Promise<ExportReport> {
  await mkdir(folder, { recursive: true });
  const names = Object.keys(TABLES) as TableName[];
  const rows = Object.fromEntries(names.map((name) => [name, 0])) as Record<TableName, number>;
  const writers = new Map(names.map((name) => [name, openTable(folder, name, format)]));
  const extraction = new Extraction((table, row) => {
    rows[table] += 1;
    writers.get(table)!.add(row);
  });
  const progress = new Progress(onProgress);
  let turns = 0;
  for await (const { record } of history.read()) {
    extraction.take(record);
    progress.add(record);
    turns += 1;
    for (const writer of writers.values()) await writer.flush();
  }
  extraction.finish();
  for (const writer of writers.values()) await writer.close();
  const queries = format === 'parquet' ? await copyQueries(folder) : [];
  return { folder, format, turns, rows, queries };
}
