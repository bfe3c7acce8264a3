/** `exportTables`: a history as tables for DuckDB, pandas or Spark. */
import { makeWhole } from '../../src/main/backup/whole-folder.js';
import { type FoldProgress, mustBegin, Progress } from '../fold.js';
import type { History } from '../history.js';
import { Extraction } from './extract.js';
import { copyQueries } from './sql-files.js';
import { TABLES, type TableName } from './tables.js';
import { type Format, openTable, type TableWriter } from './writers.js';

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

/**
 * Makes a folder with a file for each table, whole or not at all. Throws `FolderNotEmpty` if there is something in it
 * already, and `Wrong` at a history without its first turn: what its leases and slots are of is told there.
 */
export async function exportTables(
  history: History,
  folder: string,
  { format = 'parquet', onProgress }: ExportOptions = {},
): Promise<ExportReport> {
  mustBegin(history);
  return makeWhole(folder, async (partial) => {
    const { rows, turns } = await writeTables(history, partial, format, new Progress(onProgress));
    const queries = format === 'parquet' ? await copyQueries(partial) : [];
    return { folder, format, turns, rows, queries };
  });
}

async function writeTables(
  history: History,
  folder: string,
  format: Format,
  progress: Progress,
): Promise<Pick<ExportReport, 'rows' | 'turns'>> {
  const names = Object.keys(TABLES) as TableName[];
  const rows = Object.fromEntries(names.map((name) => [name, 0])) as Record<TableName, number>;
  const writers = new Map<TableName, TableWriter>();
  try {
    for (const name of names) writers.set(name, openTable(folder, name, format));
    const extraction = new Extraction((table, row) => {
      rows[table] += 1;
      writers.get(table)!.add(row);
    });
    let turns = 0;
    for await (const { record } of history.read()) {
      extraction.take(record);
      progress.add(record);
      turns += 1;
      for (const writer of writers.values()) await writer.flush();
    }
    extraction.finish();
    for (const writer of writers.values()) await writer.close();
    return { rows, turns };
  } finally {
    for (const writer of writers.values()) writer.abandon();
  }
}
