import type { ExportReport } from '../../../replay/index.js';
import type { Io } from '../terminal/io.js';
import { grouped } from '../text/format.js';
import { tableText } from '../text/table.js';
import { openHistory, watching } from './open-history.js';

export interface ReplayExportOptions {
  readonly out: string;
  readonly format: 'parquet' | 'ndjson';
}

/** `marie replay export`: writes a history as tables. */
export async function replayExport(io: Io, place: string, { out, format }: ReplayExportOptions): Promise<void> {
  const history = await openHistory(place);
  const { exportTables } = await import('../../../replay/export/export.js');
  const report = await watching(
    io,
    'written',
    history,
    ({ onProgress }) => exportTables(history, out, { format, onProgress }),
    { takesBack: true },
  );
  io.emit('replay-export', report, (shown) => textOf(io, shown));
}

function textOf(io: Io, { folder, format, rows, queries }: ExportReport): string {
  const files = Object.entries(rows).map(([name, count]) => [`${folder}/${name}.${format}`, grouped(count)]);
  const table = tableText(io, [{ title: 'file' }, { title: 'rows', right: true }], files);
  return queries.length === 0 ? table : `${table}\n${queries.length} queries in ${folder}/sql`;
}
