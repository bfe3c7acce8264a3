import { join } from 'node:path';
import type { IndexNews } from '../../../replay/index.js';
import { misuse } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { counted, grouped } from '../text/format.js';
import { openHistory, watching } from './open-history.js';

const NEWS: Readonly<Record<IndexNews, string>> = {
  made: 'made',
  'carried-on': 'carried on',
  current: 'right as it stood',
};

/** `marie replay index`: makes, or brings up to the journal's end, what `why` finds a DAG's turns by. */
export async function replayIndex(io: Io, place: string): Promise<void> {
  const history = await openHistory(place);
  const { folder } = history;
  if (folder === null) {
    const todo = 'Export the journal into a folder first.';
    throw misuse('only a whole journal of files has an index', { where: place, todo });
  }
  const { INDEX_NAME, openDagIndex } = await import('../../../replay/why/index-file.js');
  const { index, news } = await watching(io, 'read', history, ({ onProgress }) =>
    openDagIndex(history, { keep: 'always', onProgress }),
  );
  const found = { file: join(folder, INDEX_NAME), turn: index.upTo.turn, dags: index.dags, news };
  io.emit(
    'replay-index',
    found,
    () => `${counted(found.dags, 'DAG')} up to turn ${grouped(found.turn)}, ${NEWS[news]}: ${found.file}`,
  );
}
