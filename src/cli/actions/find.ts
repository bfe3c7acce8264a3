import type { Hit } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { visible } from '../text/visible.js';

const COLUMNS: readonly ColumnOf<Hit>[] = [
  { title: 'kind', cell: ({ kind }) => kind },
  { title: 'what', cell: whatOf },
  { title: 'tenant', cell: ({ tenant }) => tenant ?? '' },
  { title: 'name', cell: ({ name }) => name ?? '' },
  { title: 'state', cell: ({ state }) => state ?? '' },
];

/** `marie find`: what an id names. */
export async function find(io: Io, id: string, options: RemoteOptions): Promise<void> {
  const hits = await withFabric(options, ({ listings }) => listings.lookUp(id));
  io.emit('hits', { hits }, (shown) => tableOf(io, COLUMNS, shown.hits));
  const dag = hits.find(({ kind, dagId }) => kind === 'dag' && dagId !== null);
  if (hits.length === 0) io.note(`nothing is called ${id}`);
  else if (dag?.dagId)
    suggest(io, { ...options, tenant: dag.tenant ?? options.tenant }, sh`marie get ${dag.dagId}`, 'shows the DAG');
}

function whatOf({ kind, href, dagId, job, name }: Hit): string {
  // A class is called by its group and its name; its address is that of all classes.
  const own = kind === 'class' ? (name ?? '') : visible(decodeURIComponent(href.split('/').at(-1) ?? ''));
  return [dagId, job].filter((part) => part !== null).join('/') || own;
}
