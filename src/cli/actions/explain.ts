import { type Explanation, type FabricClient, FabricError } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { suggest, withFabric } from '../remote.js';
import { take } from '../take.js';
import type { Io } from '../terminal/io.js';
import { stateText } from '../terminal/stages.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { remedy, whyText } from '../text/why.js';

/** Jobs of a DAG that are explained at once; each is a call. */
const MOST = 20;
const OPEN = 'waiting,ready,dispatched,running,backoff,fanned-out,awaiting-signal';

/** `marie explain`: why a job isn't running now. */
export async function explain(io: Io, dag: string, job: string | undefined, options: RemoteOptions): Promise<void> {
  const { dagId, name, state, explained, more } = await withFabric(options, (client) => {
    return job === undefined ? ofPlace(client, dag, options.tenant) : ofJob(client, dag, job);
  });
  io.emit('explained', { explained, more }, (shown) => tableOf(io, COLUMNS, shown.explained));
  if (explained.length === 0) {
    io.note(`${dagId} has no open jobs: its state is ${state}`);
    suggest(io, options, sh`marie get ${dagId}`, 'what became of it');
  }
  if (more) io.note(`the first ${MOST} of its open jobs; name another one to have it explained`);
  const [first] = explained;
  const next = explained.length === 1 && first?.why ? remedy(first.why, dagId) : null;
  if (next !== null) suggest(io, options, ...next);
  else if (name !== undefined && first?.why === null)
    suggest(io, options, sh`marie get ${dagId} --jobs`, 'what became of it');
}

/** Explanations of a DAG, or of a job of it, and whether the DAG has more open jobs than those. */
interface Explained {
  readonly dagId: string;
  readonly name?: string;
  /** Of the DAG. */
  readonly state?: string;
  readonly explained: readonly Explanation[];
  readonly more: boolean;
}

/** What DAG or DAG/JOB means: the id of a DAG may have slashes itself, that of a job has none. */
async function ofPlace(client: FabricClient, place: string, tenant: string): Promise<Explained> {
  const slash = place.lastIndexOf('/');
  try {
    return await ofDag(client, place, tenant);
  } catch (error) {
    const isOfJob = slash > 0 && error instanceof FabricError && error.code === 'unknown-dag';
    if (!isOfJob) throw error;
    return ofJob(client, place.slice(0, slash), place.slice(slash + 1));
  }
}

async function ofJob(client: FabricClient, dagId: string, name: string): Promise<Explained> {
  return { dagId, name, explained: [await client.explain(dagId, name)], more: false };
}

async function ofDag(client: FabricClient, dagId: string, tenant: string): Promise<Explained> {
  const dag = await client.get(dagId);
  const jobs = client.listings.jobs({ dag: dag.dagId, tenant, state: OPEN, order: 'oldest', limit: MOST });
  const { found, more } = await take(jobs, MOST);
  return {
    dagId,
    state: dag.state,
    explained: await Promise.all(found.map(({ job }) => client.explain(dagId, job))),
    more,
  };
}

const COLUMNS: readonly ColumnOf<Explanation>[] = [
  { title: 'job', cell: ({ job }) => job },
  { title: 'state', cell: ({ state }, io) => stateText(io, state) },
  { title: 'why', wraps: true, cell: ({ why, atMs }) => (why === null ? 'it has ended' : whyText(why, atMs)) },
];
