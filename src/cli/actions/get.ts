import type { Dag, Job } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { FAILED, failuresOf, failureText } from '../failures.js';
import type { OutputOf } from '../outputs/index.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { allJobs, dagLine, stagesOf, stageTable, stateText } from '../terminal/stages.js';
import { duration, moment } from '../text/format.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { riskText } from './list.js';

export interface GetOptions extends RemoteOptions {
  readonly jobs?: boolean;
}

/** `marie get`: shows a DAG. */
export function get(io: Io, dagId: string, options: GetOptions): Promise<void> {
  return withFabric(options, async (client) => {
    const dag = await client.get(dagId);
    const withChildren = !io.json || options.jobs === true;
    const jobs = withChildren ? await allJobs(client, dagId) : dag.jobs;
    io.emit('dag', { ...dag, jobs, ...(await failuresOf(client, dag)) }, (shown) =>
      [textOf(io, shown, options.jobs ?? false), ...failureLines(io, shown)].join('\n'),
    );
    suggest(io, options, ...nextOf(dag, jobs));
  });
}

/** What people want after they have seen how a DAG is. */
function nextOf({ dagId, state }: Dag, jobs: readonly Job[]): readonly [string, string] {
  const asks = jobs.find((job) => job.state === 'awaiting-signal');
  if (asks !== undefined) return [sh`marie explain ${dagId} ${asks.job}`, 'what it waits for'];
  if (state === 'failed' || state === 'cancelled')
    return [sh`marie retry ${dagId}`, 'runs again what has not succeeded'];
  if (state !== 'succeeded') return [sh`marie wait ${dagId}`, 'shows its progress'];
  const last = jobs.findLast(({ parent, children, state }) => {
    return parent === null && children === null && state === 'succeeded';
  });
  return last === undefined ? ['marie list', 'shows others'] : [sh`marie output ${dagId} ${last.job}`, 'what it gave'];
}

function failureLines(io: Io, { dagId, failures, moreFailures }: OutputOf<'dag'>): readonly string[] {
  if (failures.length === 0) return [];
  const more = moreFailures ? [`… and more: ${sh`marie jobs ${dagId} --state ${FAILED}`} lists them all`] : [];
  return ['', ...failures.map((one) => `${io.colors.red('failed')} ${failureText(one)}`), ...more];
}

function textOf(io: Io, dag: Dag, listed: boolean): string {
  const lines = [dagLine(io, dag)];
  lines.push(`accepted ${moment(dag.acceptedAtMs)}, priority ${dag.priority}, run ${dag.run}; as of turn ${dag.turn}`);
  if (dag.deadlineAtMs !== null) lines.push(`deadline ${moment(dag.deadlineAtMs)}`);
  if (dag.hardDeadlineAtMs !== null) lines.push(`hard deadline ${moment(dag.hardDeadlineAtMs)}`);
  const late = lateText(io, dag);
  if (late !== null) lines.push(late);
  lines.push('', listed ? tableOf(io, COLUMNS, dag.jobs) : stageTable(io, stagesOf(dag.jobs)));
  return lines.join('\n');
}

/** Null where there is nothing to look at, and of a fabric from before it was told. */
function lateText(io: Io, { risk }: Dag): string | null {
  if (risk === 'at-risk') return riskText(io, risk);
  if (risk !== 'missed' && risk !== 'hard-passed') return null;
  // A client does not know where the journal is.
  return `${riskText(io, risk)}: marie replay sla says why, from the journal`;
}

const COLUMNS: readonly ColumnOf<Job>[] = [
  { title: 'job', cell: ({ job }) => job },
  { title: 'class', spare: 1, cell: ({ executorClass }) => executorClass || '-' },
  { title: 'state', cell: ({ state }, io) => stateText(io, state) },
  { title: 'attempt', right: true, spare: 2, cell: ({ attempt }) => String(attempt) },
  { title: 'waited', right: true, cell: (job) => duration(difference(job.readyAtMs, job.dispatchedAtMs)) },
  { title: 'ran', right: true, cell: (job) => duration(difference(job.dispatchedAtMs, job.endedAtMs)) },
  { title: 'reason', cell: ({ reason }) => reason ?? '' },
];

function difference(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}
