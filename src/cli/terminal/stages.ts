import { madeOnce } from '../../catalogue/made-once.js';
import type { Dag, FabricClient, Job } from '../../client/index.js';
import { duration } from '../text/format.js';
import { type Cell, type ColumnOf, tableOf } from '../text/table.js';
import type { Io } from './io.js';

/** Jobs of a page of the listing. */
const PAGE = 1_000;

/** How long jobs of a stage waited (ready until dispatched) and ran (dispatched until ended), in ms. */
export interface Spread {
  readonly meanMs: number | null;
  readonly longestMs: number | null;
}

/** One job of a DAG, or one fan-out with its children taken together. */
export interface Stage {
  readonly job: string;
  readonly executorClass: string;
  readonly state: string;
  /** 1 for a job; how many children for a fan-out. */
  readonly jobs: number;
  /** Attempts beyond the first, of all its jobs. */
  readonly retries: number;
  readonly waited: Spread;
  readonly ran: Spread;
  /** From the first that became ready to the last that ended; null while it runs. */
  readonly tookMs: number | null;
}

/** All jobs of a DAG with the children of its fan-outs, page by page. */
export async function allJobs(client: FabricClient, dagId: string): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (;;) {
    const from = (jobs.at(-1)?.index ?? -1) + 1;
    const page = await client.jobs(dagId, { from, limit: PAGE, children: true });
    jobs.push(...page);
    if (page.length < PAGE) return jobs;
  }
}

/** The stages of a DAG in its own order. */
export function stagesOf(jobs: readonly Job[]): readonly Stage[] {
  const children = new Map<string, Job[]>();
  for (const job of jobs) {
    if (job.parent !== null) madeOnce(children, job.parent, () => []).push(job);
  }
  return jobs.filter(({ parent }) => parent === null).map((job) => stageOf(job, children.get(job.job) ?? [job]));
}

function stageOf(stage: Job, members: readonly Job[]): Stage {
  const began = members.flatMap(({ readyAtMs }) => readyAtMs ?? []);
  const ended = members.flatMap(({ endedAtMs }) => endedAtMs ?? []);
  const isOver = ended.length === members.length && began.length > 0;
  return {
    job: stage.job,
    executorClass: stage.executorClass,
    state: stage.state,
    jobs: members.length,
    retries: members.reduce((sum, { attempt }) => sum + Math.max(0, attempt - 1), 0),
    waited: spreadOf(members, ({ readyAtMs, dispatchedAtMs }) => between(readyAtMs, dispatchedAtMs)),
    ran: spreadOf(members, ({ dispatchedAtMs, endedAtMs }) => between(dispatchedAtMs, endedAtMs)),
    tookMs: isOver ? largest(ended) - smallest(began) : null,
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

function spreadOf(jobs: readonly Job[], measure: (job: Job) => number | null): Spread {
  const values = jobs.flatMap((job) => measure(job) ?? []);
  if (values.length === 0) return { meanMs: null, longestMs: null };
  return {
    meanMs: Math.round(values.reduce((sum, value) => sum + value, 0) / values.length),
    longestMs: largest(values),
  };
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

const COLUMNS: readonly ColumnOf<Stage>[] = [
  { title: 'job', cell: ({ job }) => job },
  { title: 'class', spare: 2, cell: ({ executorClass }) => executorClass || '-' },
  { title: 'state', cell: ({ state }, io) => stateText(io, state) },
  { title: 'jobs', right: true, cell: ({ jobs }) => String(jobs) },
  { title: 'waited', cell: ({ waited, jobs }) => spreadCell(waited, jobs) },
  { title: 'ran', cell: ({ ran, jobs }) => spreadCell(ran, jobs) },
  { title: 'took', right: true, cell: ({ tookMs }) => duration(tookMs) },
  { title: 'retries', right: true, spare: 1, cell: ({ retries }) => (retries === 0 ? '' : String(retries)) },
];

/** The stages as a table: for several jobs the mean, and the longest where there is room. */
export function stageTable(io: Io, stages: readonly Stage[]): string {
  return tableOf(io, COLUMNS, stages);
}

function spreadCell({ meanMs, longestMs }: Spread, jobs: number): Cell {
  const mean = duration(meanMs);
  if (meanMs === null || jobs === 1) return mean;
  return { wide: `${mean} (longest ${duration(longestMs)})`, narrow: mean };
}

/** A state in its colour. */
export function stateText(io: Io, state: string): string {
  if (state === 'succeeded') return io.colors.green(state);
  if (state === 'failed' || state === 'cancelled') return io.colors.red(state);
  return state === 'running' || state === 'dispatched' ? io.colors.cyan(state) : state;
}

/** One line about a DAG. */
export function dagLine(io: Io, dag: Dag): string {
  const { bold, dim } = io.colors;
  const name = dag.name === '' ? '' : ` ${dag.name}`;
  const took = dag.endedAtMs === null ? '' : ` in ${duration(dag.endedAtMs - dag.acceptedAtMs)}`;
  const why = dag.code === null ? '' : ` (${dag.code})`;
  return `${bold(dag.dagId)}${dim(name)} ${stateText(io, dag.state)}${why}${took}`;
}
