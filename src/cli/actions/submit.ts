import type { Dag, FabricClient, Submitted } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { Exit } from '../exit.js';
import { interruptible } from '../interrupt.js';
import type { Io } from '../io.js';
import type { OutputOf } from '../outputs/index.js';
import { openProgress } from '../progress.js';
import { withFabric } from '../remote.js';
import { allJobs, dagLine, type Stage, stagesOf, stageTable } from '../stages.js';
import { checkInputs, fillIn, parseInputs, readSubmission } from '../submission-file.js';

export interface SubmitOptions extends RemoteOptions {
  readonly input: readonly string[];
  readonly id?: string;
  readonly key?: string;
  readonly wait?: boolean;
  readonly output?: string;
}

/** `marie submit`: uploads the inputs, submits, and waits if it is asked to. */
export async function submit(io: Io, file: string, options: SubmitOptions): Promise<void> {
  const inputs = parseInputs(options.input);
  const read = await readSubmission(file);
  checkInputs(file, read, inputs);
  await withFabric(options, async (client) => {
    const uris = await upload(client, inputs);
    const id = options.id === undefined ? {} : { id: options.id };
    const key = options.key === undefined ? {} : { idempotencyKey: options.key };
    const submitted = await client.submit({ ...fillIn(read, uris), ...id, ...key });
    if (options.wait || options.output !== undefined) await follow(io, client, submitted, options);
    else sayAccepted(io, submitted);
  });
}

async function upload(client: FabricClient, inputs: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const uris = new Map<string, string>();
  for (const [name, path] of inputs) uris.set(name, (await client.blobs.putFile(path)).uri);
  return uris;
}

function sayAccepted(io: Io, submitted: Submitted): void {
  const { dagId, turn, duplicate } = submitted;
  if (!io.json) io.note(duplicate ? `submitted before, in turn ${turn}` : `accepted in turn ${turn}`);
  io.emit('submit', submitted, () => dagId);
  io.next(`marie get ${dagId}`, 'how far it is');
}

async function follow(io: Io, client: FabricClient, { dagId }: Submitted, options: SubmitOptions): Promise<void> {
  const dag = await interruptible((signal) => wait(io, client, dagId, signal));
  if (dag === null) {
    process.exitCode = Exit.Interrupted;
    return;
  }
  if (dag.state !== 'succeeded') process.exitCode = Exit.Failed;
  await summarize(io, client, dag, options.output);
}

/** Waits for the end; null when the person didn't. */
async function wait(io: Io, client: FabricClient, dagId: string, signal: AbortSignal): Promise<Dag | null> {
  const progress = openProgress(io);
  try {
    if (!io.json) io.note(`DAG ${dagId}`);
    return await client.wait(dagId, { signal, onProgress: (state) => progress.update(state) });
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.end();
    io.note(`\nno longer waiting; the DAG goes on: marie get ${dagId}`);
    return null;
  } finally {
    progress.end();
  }
}

/** Data goes to stdout; the table does only if no output was asked for. */
async function summarize(io: Io, client: FabricClient, dag: Dag, output: string | undefined): Promise<void> {
  const stages = stagesOf(await allJobs(client, dag.dagId, true));
  const wanted = output !== undefined && dag.state === 'succeeded';
  const result = wanted ? await client.output(dag.dagId, output) : undefined;
  const text = `${stageTable(io, stages)}\n${dagLine(io, dag)}`;
  if (!io.json && output !== undefined) {
    io.note(text);
    if (wanted) io.out(JSON.stringify(result, null, 2));
  } else io.emit('submit', summaryOf(dag, stages, result), () => text);
  if (dag.state !== 'succeeded') io.next(`marie get ${dag.dagId} --jobs`, 'which jobs failed, and why');
}

function summaryOf(dag: Dag, stages: readonly Stage[], output: unknown): OutputOf<'submit'> {
  const { dagId, state, code, acceptedAtMs, endedAtMs, turn } = dag;
  const extra = output === undefined ? {} : { output };
  return { dagId, state, code, acceptedAtMs, endedAtMs, turn, stages, ...extra };
}
