import type { FabricClient, Submitted } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { checkInputs, checkOutput, fillIn, parseInputs, readSubmission } from '../files/submission-file.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { type Far, showing } from '../terminal/work.js';
import { parsePriority } from '../text/priority.js';
import { sh } from '../text/shell.js';
import { parseMoment } from '../text/when.js';
import { follow, parentOf } from './wait.js';

export interface SubmitOptions extends RemoteOptions {
  readonly input: readonly string[];
  readonly id?: string;
  readonly key?: string;
  readonly priority?: string;
  readonly deadline?: string;
  readonly hardDeadline?: string;
  readonly wait?: boolean;
  readonly output?: string;
}

/** `marie submit`: uploads the inputs, submits, and waits if it is asked to. */
export async function submit(io: Io, file: string, options: SubmitOptions): Promise<void> {
  const inputs = parseInputs(options.input);
  const fields = fieldsOf(options);
  const read = await readSubmission(file);
  checkInputs(file, read, inputs);
  if (options.output !== undefined) checkOutput(file, read, parentOf(options.output));
  await withFabric(options, async (client) => {
    const uris = await showing(io, (show) => upload(client, inputs, show));
    const submitted = await client.submitText(fillIn(read, uris, fields));
    if (options.wait || options.output !== undefined) await follow(io, client, submitted.dagId, options);
    else sayAccepted(io, options, submitted);
  });
}

/** What is set in place of what the file says. */
function fieldsOf({ id, key, priority, deadline, hardDeadline }: SubmitOptions) {
  const nowMs = Date.now();
  return {
    id,
    idempotencyKey: key,
    priority: priority === undefined ? undefined : parsePriority(priority, '--priority'),
    deadlineAtMs: deadline === undefined ? undefined : parseMoment(deadline, '--deadline', nowMs),
    hardDeadlineAtMs: hardDeadline === undefined ? undefined : parseMoment(hardDeadline, '--hard-deadline', nowMs),
  };
}

async function upload(
  client: FabricClient,
  inputs: ReadonlyMap<string, string>,
  show: (far: Far) => void,
): Promise<ReadonlyMap<string, string>> {
  const uris = new Map<string, string>();
  for (const [name, path] of inputs) {
    const onSent = (done: number, total: number) => show({ phase: `sent ${name}`, done, total, unit: 'bytes' });
    uris.set(name, (await client.blobs.putFile(path, undefined, onSent)).uri);
  }
  return uris;
}

function sayAccepted(io: Io, options: RemoteOptions, submitted: Submitted): void {
  const { dagId, turn, duplicate } = submitted;
  if (!io.json) io.note(duplicate ? `submitted before, in turn ${turn}` : `accepted in turn ${turn}`);
  io.emit('submit', submitted, (shown) => shown.dagId);
  suggest(io, options, sh`marie get ${dagId}`, 'how far it is');
}
