import { messageOf } from '../../catalogue/thrown.js';
import type { Controlled, FabricClient } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { CliError, Exit, misuse } from '../exit.js';
import { readText } from '../files/text-file.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { parsePriority } from '../text/priority.js';
import { sh } from '../text/shell.js';
import { visible } from '../text/visible.js';
import { parseWhen } from '../text/when.js';

type Send = (client: FabricClient) => Promise<Controlled>;

/** Sends a control, and says what it did in which turn. */
export async function control(io: Io, options: RemoteOptions, done: string, send: Send): Promise<void> {
  const answer = await withFabric(options, send);
  const again = answer.duplicate ? ', as before' : '';
  io.emit('controlled', answer, () => `${visible(done)} in turn ${answer.turn}${again}`);
}

interface ReasonOptions extends RemoteOptions {
  readonly reason?: string;
}

/** `marie cancel`: ends a DAG, or one job. */
export async function cancel(io: Io, dagId: string, job: string | undefined, options: ReasonOptions): Promise<void> {
  const { reason } = options;
  if (job !== undefined) {
    await control(io, options, `${dagId} ${job} cancelled`, ({ controls }) => controls.cancelJob(dagId, job, reason));
    return;
  }
  await control(io, options, `${dagId} cancelled`, ({ controls }) => controls.cancel(dagId, reason));
  suggest(io, options, sh`marie retry ${dagId}`, 'runs what was cancelled');
}

/** `marie pause`: starts no more jobs. */
export async function pause(io: Io, dagId: string, options: RemoteOptions): Promise<void> {
  await control(io, options, `${dagId} paused`, ({ controls }) => controls.pause(dagId));
  suggest(io, options, sh`marie resume ${dagId}`, 'ends the pause');
}

/** `marie resume`: ends a pause. */
export function resume(io: Io, dagId: string, options: RemoteOptions): Promise<void> {
  return control(io, options, `${dagId} resumed`, ({ controls }) => controls.resume(dagId));
}

/** `marie retry`: runs again what failed, or a job and all after it. */
export async function retry(io: Io, dagId: string, job: string | undefined, options: RemoteOptions): Promise<void> {
  const what = job === undefined ? dagId : `${dagId} ${job}`;
  await control(io, options, `${what} runs again, decided`, ({ controls }) =>
    job === undefined ? controls.retry(dagId) : controls.retryJob(dagId, job),
  );
  suggest(io, options, sh`marie wait ${dagId}`, 'shows its progress');
}

/** `marie reprioritize`: changes the priority. */
export async function reprioritize(io: Io, dagId: string, text: string, options: RemoteOptions): Promise<void> {
  const priority = parsePriority(text, '<priority>');
  const done = `${dagId} has the priority ${priority}, decided`;
  await control(io, options, done, ({ controls }) => controls.reprioritize(dagId, priority));
}

interface DeadlineOptions extends RemoteOptions {
  readonly hard?: string;
}

/** `marie set-deadline`: changes the deadlines that are named; the fabric sets both, so the other is read first. */
export async function setDeadline(
  io: Io,
  dagId: string,
  soft: string | undefined,
  options: DeadlineOptions,
): Promise<void> {
  const { hard } = options;
  if (soft === undefined && hard === undefined) {
    const todo = 'Give a time or a span such as +30m, the same with --hard, or the word none.';
    throw misuse('no deadline is named', { where: 'the command line', todo });
  }
  const nowMs = Date.now();
  const softAtMs = soft === undefined ? undefined : parseWhen(soft, '[when]', nowMs);
  const hardAtMs = hard === undefined ? undefined : parseWhen(hard, '--hard', nowMs);
  await control(io, options, `${dagId} has its deadlines`, async (client) => {
    const known = softAtMs === undefined || hardAtMs === undefined ? await client.get(dagId) : null;
    return client.controls.setDeadline(dagId, {
      deadlineAtMs: softAtMs === undefined ? (known?.deadlineAtMs ?? null) : softAtMs,
      hardDeadlineAtMs: hardAtMs === undefined ? (known?.hardDeadlineAtMs ?? null) : hardAtMs,
    });
  });
}

const ANSWER = `Give JSON in quotes of the shell, such as '{"approved": true}' or '"yes"'.`;

/** `marie signal`: answers a signal job. */
export async function signal(
  io: Io,
  dagId: string,
  name: string,
  answer: string | undefined,
  options: RemoteOptions,
): Promise<void> {
  const json = jsonOf(answer === '-' ? await readText('-', ANSWER) : (answer ?? 'null'));
  await control(io, options, `${dagId} ${name} answered`, ({ controls }) => controls.signalText(dagId, name, json));
}

/** The answer, if it is JSON: it is sent as it stands, with all digits of its numbers. */
function jsonOf(answer: string): string {
  try {
    JSON.parse(answer);
    return answer;
  } catch (error) {
    const what = messageOf(error);
    throw new CliError(Exit.Usage, 'invalid-json', what, { where: '[answer]', todo: ANSWER });
  }
}
