import type { DagSummary, FoundJob } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { given } from '../given.js';
import { suggest, withFabric } from '../remote.js';
import { take } from '../take.js';
import type { Io } from '../terminal/io.js';
import { stateText } from '../terminal/stages.js';
import { duration, grouped, moment } from '../text/format.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { parseSince } from '../text/when.js';

interface ListOptions extends RemoteOptions {
  readonly state?: string;
  readonly class?: string;
  readonly allTenants?: boolean;
  readonly oldest?: boolean;
  readonly limit: number;
}

export interface ListDagsOptions extends ListOptions {
  readonly paused?: boolean;
  readonly risk?: string;
  readonly label: readonly string[];
  readonly since?: string;
}

/** Jobs in these states may make people ask why. */
const WAITING: ReadonlySet<string> = new Set(['waiting', 'ready', 'backoff', 'awaiting-signal']);

/** The fabric's largest page. */
const PAGE = 1_000;

/** `marie list`: DAGs, page by page until there are enough. */
export async function listDags(io: Io, text: string | undefined, options: ListDagsOptions): Promise<void> {
  const { paused, risk, label, since } = options;
  const query = {
    ...queryOf(options),
    ...given({
      q: text,
      paused: paused === true ? true : undefined,
      risk,
      label: label.length > 0 ? label : undefined,
      acceptedFrom: since === undefined ? undefined : parseSince(since, '--since', Date.now()),
    }),
  };
  const { found, more } = await withFabric(options, ({ listings }) => take(listings.dags(query), options.limit));
  const columns = options.allTenants ? [TENANT, ...DAG_COLUMNS] : DAG_COLUMNS;
  io.emit('dags', { dags: found, more }, ({ dags }) => tableOf(io, columns, dags));
  tellMore(io, found.length, more);
  const [first] = found;
  if (first !== undefined) suggest(io, { ...options, tenant: first.tenant }, sh`marie get ${first.dagId}`, 'shows it');
}

/** `marie jobs`: jobs of a DAG, or of all. */
export async function listJobs(io: Io, dagId: string | undefined, options: ListOptions): Promise<void> {
  const query = { ...queryOf(options), ...given({ dag: dagId }) };
  const { found, more } = await withFabric(options, ({ listings }) => take(listings.jobs(query), options.limit));
  io.emit('jobs', { jobs: found, more }, ({ jobs }) => tableOf(io, JOB_COLUMNS, jobs));
  tellMore(io, found.length, more);
  const waits = found.find(({ state }) => WAITING.has(state));
  if (waits === undefined) return;
  const { tenant, dagId: of, job } = waits;
  suggest(io, { ...options, tenant }, sh`marie explain ${of} ${job}`, 'why it is not running');
}

function queryOf({ tenant, allTenants, state, class: executorClass, oldest, limit }: ListOptions) {
  const order = oldest ? ('oldest' as const) : undefined;
  return {
    ...given({ tenant: allTenants ? undefined : tenant, state, class: executorClass, order }),
    limit: Math.min(PAGE, limit + 1),
  };
}

function tellMore(io: Io, shown: number, more: boolean): void {
  if (shown === 0) io.note('none');
  if (more) io.note(`the first ${grouped(shown)}; --limit shows more`);
}

const TENANT: ColumnOf<DagSummary> = { title: 'tenant', cell: ({ tenant }) => tenant };
const DAG_COLUMNS: readonly ColumnOf<DagSummary>[] = [
  { title: 'dag', cell: ({ dagId }) => dagId },
  { title: 'name', spare: 2, cell: ({ name }) => name },
  { title: 'state', cell: ({ paused, state }, io) => (paused ? io.colors.yellow('paused') : stateText(io, state)) },
  { title: 'priority', right: true, spare: 1, cell: ({ priority }) => String(priority) },
  { title: 'jobs left', right: true, cell: ({ jobsLeft, jobsTotal }) => `${grouped(jobsLeft)}/${grouped(jobsTotal)}` },
  {
    title: 'failed/cancelled',
    right: true,
    spare: 5,
    cell: ({ jobsFailedOrCancelled: jobs }, io) => (jobs === 0 ? '' : io.colors.red(grouped(jobs))),
  },
  { title: 'risk', spare: 4, cell: ({ risk }, io) => riskText(io, risk) },
  {
    title: 'accepted (UTC)',
    cell: ({ acceptedAtMs }) => {
      const accepted = moment(acceptedAtMs);
      return { wide: accepted.slice(0, 19), narrow: accepted.slice(5, 16) };
    },
  },
  {
    title: 'took',
    right: true,
    spare: 3,
    cell: ({ acceptedAtMs, endedAtMs }) => (endedAtMs === null ? '' : duration(endedAtMs - acceptedAtMs)),
  },
];

/** Where a DAG stands with its deadlines, in its colour. */
export function riskText(io: Io, risk: string): string {
  if (risk === 'none') return '';
  if (risk === 'safe') return risk;
  return risk === 'at-risk' ? io.colors.yellow(risk) : io.colors.red(risk);
}

const JOB_COLUMNS: readonly ColumnOf<FoundJob>[] = [
  { title: 'dag', cell: ({ dagId }) => dagId },
  { title: 'job', cell: ({ job }) => job },
  { title: 'class', spare: 2, cell: ({ executorClass }) => executorClass || '-' },
  { title: 'state', cell: ({ state }, io) => stateText(io, state) },
  { title: 'attempt', right: true, spare: 3, cell: ({ attempt }) => String(attempt) },
  {
    title: 'done',
    right: true,
    spare: 1,
    cell: ({ permille }) => (permille > 0 ? `${Math.floor(permille / 10)} %` : ''),
  },
  { title: 'reason', cell: ({ reason }) => reason ?? '' },
];
