import { type Dag, type FabricClient, FabricError } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { Exit } from '../exit.js';
import type { OutputOf } from '../outputs/index.js';
import { suggest, withFabric } from '../remote.js';
import { exitInterrupted, interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';
import { openProgress } from '../terminal/progress.js';
import { allJobs, dagLine, type Stage, stagesOf, stageTable } from '../terminal/stages.js';
import { laidOut, withField } from '../text/json-layout.js';
import { sh } from '../text/shell.js';
import { visible, visibleIn } from '../text/visible.js';

export interface WaitOptions extends RemoteOptions {
  readonly output?: string;
}

/** `marie wait`: waits for the end of a DAG. */
export function waitForDag(io: Io, dagId: string, options: WaitOptions): Promise<void> {
  return withFabric(options, async (client) => {
    if (options.output !== undefined) await checkJob(client, dagId, parentOf(options.output));
    await follow(io, client, dagId, options);
  });
}

/** Whoever waits for an output that no job can have is told before the waiting. Children come later. */
async function checkJob(client: FabricClient, dagId: string, job: string): Promise<void> {
  try {
    await client.job(dagId, job);
  } catch (error) {
    // The waiting has more patience with a fabric that is away, and tells what else is wrong.
    if (!(error instanceof FabricError) || error.code === 'not-found') throw error;
  }
}

/** The job that a name is of: its own, or that of the fan-out whose child it names. */
export function parentOf(job: string): string {
  return job.replace(/\[\d+\]$/, '');
}

/** Shows how a DAG comes on until it ends, then what became of it; Ctrl-C ends only this. */
export async function follow(io: Io, client: FabricClient, dagId: string, options: WaitOptions): Promise<void> {
  const dag = await interruptible((signal) => untilEnded(io, client, dagId, signal));
  if (dag === null) return;
  if (dag.state !== 'succeeded') process.exitCode = Exit.Failed;
  await summarize(io, client, dag, options);
}

/** The DAG at its end; null when the person didn't wait for it. */
async function untilEnded(io: Io, client: FabricClient, dagId: string, signal: AbortSignal): Promise<Dag | null> {
  const progress = openProgress(io);
  try {
    if (!io.json) io.note(`DAG ${visible(dagId)}`);
    return await client.wait(dagId, { signal, onProgress: (state) => progress.update(state) });
  } catch (error) {
    if (!signal.aborted) throw error;
    exitInterrupted(signal);
    progress.end();
    io.note(`\nno longer waiting; the DAG goes on: ${sh`marie get ${dagId}`}`);
    return null;
  } finally {
    progress.end();
  }
}

/** Data goes to stdout; the table does only if no output was asked for. */
async function summarize(io: Io, client: FabricClient, dag: Dag, options: WaitOptions): Promise<void> {
  const { output } = options;
  const stages = stagesOf(await allJobs(client, dag.dagId));
  const wanted = output !== undefined && dag.state === 'succeeded';
  const result = wanted ? await client.outputText(dag.dagId, output) : undefined;
  const text = `${stageTable(io, visibleIn(stages))}\n${dagLine(io, visibleIn(dag))}`;
  if (!io.json && output !== undefined) {
    io.note(text);
    if (result !== undefined) io.out(laidOut(result, '  '));
  } else {
    const summary = summaryOf(dag, stages);
    if (result === undefined) io.emit('ended', summary, () => text);
    else {
      const value = { ...summary, output: JSON.parse(result) as unknown };
      io.emit(
        'ended',
        value,
        () => text,
        () => withField(summary, 'output', result),
      );
    }
  }
  if (dag.state !== 'succeeded') suggest(io, options, sh`marie get ${dag.dagId}`, 'which jobs failed, and why');
}

function summaryOf(dag: Dag, stages: readonly Stage[]): OutputOf<'ended'> {
  const { dagId, state, code, acceptedAtMs, endedAtMs, turn } = dag;
  return { dagId, state, code, acceptedAtMs, endedAtMs, turn, stages };
}
