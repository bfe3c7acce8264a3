import { Extraction } from '../../../replay/export/extract.js';
import type { Row, TableName } from '../../../replay/export/tables.js';
import type { Stage } from './stage.js';

/** The rows that a scene is exported as, of one table. */
export function rowsOf(stage: Stage, wanted: TableName): Row[] {
  const rows: Row[] = [];
  const extraction = new Extraction((table, row) => {
    if (table === wanted) rows.push(row);
  });
  for (const turn of stage.turns()) extraction.take(turn);
  extraction.finish();
  return rows;
}
