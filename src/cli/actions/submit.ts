import { type Dag, FabricClient, type Submitted } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { Exit } from '../exit.js';
import { type Io, openIo } from '../io.js';
import { openProgress } from '../progress.js';
import { allJobs, dagLine, type Stage, stagesOf, stageTable } from '../stages.js';
import { checkInputs, fillIn, parseInputs, readSubmission } from '../submission-file.js';

export interface SubmitOptions extends RemoteOptions {
  readonly input: readonly string[];
  readonly id?: string;
  readonly key?: string;
  readonly wait?: boolean;
  readonly output?: string;
}

/** A person who types a command wants to know soon that nobody answers. */
export const CLI_PATIENCE = { attempts: 3 };

/** `marie submit`: uploads the inputs, submits, and waits if it is asked to. */
export async function submit(file: string, options: SubmitOptions): Promise<void> {
  const io = openIo(options);
  const inputs = parseInputs(options.input);
  const read = await readSubmission(file);
  checkInputs(file, read, inputs);
  const client = new FabricClient({ url: options.url, tenant: options.tenant, patience: CLI_PATIENCE });
  try {
    const uris = await upload(client, inputs);
    const id = options.id === undefined ? {} : { id: options.id };
    const key = options.key === undefined ? {} : { idempotencyKey: options.key };
    const submitted = await client.submit({ ...fillIn(read, uris), ...id, ...key });
    if (options.wait || options.output !== undefined) await follow(io, client, submitted, options);
    else sayAccepted(io, submitted);
  } finally {
    await client.close();
  }
}

async function upload(client: FabricClient, inputs: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const uris = new Map<string, string>();
  for (const [name, path] of inputs) uris.set(name, (await client.blobs.putFile(path)).uri);
  return uris;
}

function sayAccepted(io: Io, submitted: Submitted): void {
  if (io.json) {
    io.out(JSON.stringify(submitted));
    return;
  }
  const { dagId, turn, duplicate } = submitted;
  io.note(duplicate ? `submitted before, in turn ${turn}` : `accepted in turn ${turn}`);
  io.out(dagId);
}

async function follow(io: Io, client: FabricClient, { dagId }: Submitted, options: SubmitOptions): Promise<void> {
  const interrupted = new AbortController();
  const onSignal = (): void => interrupted.abort();
  process.once('SIGINT', onSignal);
  const progress = openProgress(io);
  let dag: Dag;
  try {
    if (!io.json) io.note(`DAG ${dagId}`);
    dag = await client.wait(dagId, { signal: interrupted.signal, onProgress: (state) => progress.update(state) });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    progress.end();
    io.note(`\nno longer waiting; the DAG goes on: marie get ${dagId}`);
    process.exitCode = Exit.Interrupted;
    return;
  } finally {
    process.off('SIGINT', onSignal);
    progress.end();
  }
  if (dag.state !== 'succeeded') process.exitCode = Exit.Failed;
  await summarize(io, client, dag, options.output);
}

/** Data goes to stdout; the table does only if no output was asked for. */
async function summarize(io: Io, client: FabricClient, dag: Dag, output: string | undefined): Promise<void> {
  const stages = stagesOf(await allJobs(client, dag.dagId, true));
  const wanted = output !== undefined && dag.state === 'succeeded';
  const result = wanted ? await client.output(dag.dagId, output) : undefined;
  if (io.json) {
    io.out(jsonSummary(dag, stages, result));
    return;
  }
  const text = `${stageTable(io, stages)}\n${dagLine(io, dag)}`;
  if (output === undefined) io.out(text);
  else io.note(text);
  if (wanted) io.out(JSON.stringify(result, null, 2));
}

function jsonSummary(dag: Dag, stages: readonly Stage[], output: unknown): string {
  const { dagId, state, code, acceptedAtMs, endedAtMs, turn } = dag;
  const extra = output === undefined ? {} : { output };
  return JSON.stringify({ dagId, state, code, acceptedAtMs, endedAtMs, turn, stages, ...extra });
}
