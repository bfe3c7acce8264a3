import { Extraction } from '../../../replay/export/extract.js';
import type { Row, TableName } from '../../../replay/export/tables.js';
import type { Stage } from './stage.js';

/** Whatever has turns to tell. */
type Scene = Pick<Stage, 'turns'>;

/** The rows that a scene is exported as, of one table: all of it, or up to a moment. */
export function rowsOf(stage: Scene, wanted: TableName, untilMs?: number): Row[] {
  const rows: Row[] = [];
  const extraction = new Extraction((table, row) => {
    if (table === wanted) rows.push(row);
  });
  for (const turn of stage.turns(untilMs)) extraction.take(turn);
  extraction.finish();
  return rows;
}
