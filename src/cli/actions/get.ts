import { FabricClient, type Job } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { duration, moment } from '../format.js';
import { type Io, openIo } from '../io.js';
import { allJobs, dagLine, stagesOf, stageTable, stateText } from '../stages.js';
import { type Column, tableText } from '../table.js';
import { CLI_PATIENCE } from './submit.js';

export interface GetOptions extends RemoteOptions {
  readonly jobs?: boolean;
}

/** `marie get`: shows a DAG. */
export async function get(dagId: string, options: GetOptions): Promise<void> {
  const io = openIo(options);
  const client = new FabricClient({ url: options.url, tenant: options.tenant, patience: CLI_PATIENCE });
  try {
    const dag = await client.get(dagId);
    if (io.json) {
      const jobs = options.jobs ? await allJobs(client, dagId, true) : dag.jobs;
      io.out(JSON.stringify({ ...dag, jobs }));
      return;
    }
    const jobs = await allJobs(client, dagId, true);
    io.out(dagLine(io, dag));
    io.out(`accepted ${moment(dag.acceptedAtMs)}, priority ${dag.priority}, run ${dag.run}, turn ${dag.turn}`);
    if (dag.deadlineAtMs !== null) io.out(`deadline ${moment(dag.deadlineAtMs)}`);
    if (dag.hardDeadlineAtMs !== null) io.out(`hard deadline ${moment(dag.hardDeadlineAtMs)}`);
    io.out('');
    io.out(options.jobs ? jobTable(io, jobs) : stageTable(io, stagesOf(jobs)));
  } finally {
    await client.close();
  }
}

const COLUMNS: readonly Column[] = [
  { title: 'job' },
  { title: 'class' },
  { title: 'state' },
  { title: 'attempt', right: true },
  { title: 'waited', right: true },
  { title: 'ran', right: true },
  { title: 'reason' },
];

function jobTable(io: Io, jobs: readonly Job[]): string {
  const rows = jobs.map((job) => [
    job.job,
    job.executorClass || '-',
    stateText(io, job.state),
    String(job.attempt),
    duration(difference(job.readyAtMs, job.dispatchedAtMs)),
    duration(difference(job.dispatchedAtMs, job.endedAtMs)),
    job.reason ?? '',
  ]);
  return tableText(io, COLUMNS, rows);
}

function difference(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}
