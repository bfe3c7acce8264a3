import { TOPICS } from '../../catalogue/told-topics.js';
import { type Dag, type FabricClient, hasEnded, type LifecycleEvent } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { CliError, Exit } from '../exit.js';
import { withFabric } from '../remote.js';
import { exitInterrupted, interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';
import { dagLine } from '../terminal/stages.js';
import { sh } from '../text/shell.js';
import { summary } from '../text/summary.js';
import { visibleIn } from '../text/visible.js';

export interface WatchOptions extends RemoteOptions {
  readonly topic: readonly string[];
  readonly after?: string;
  readonly events?: number;
}

const HINT = 'Ctrl-C ends the watching.';

/** `marie watch`: prints events, of one DAG until it ends. */
export async function watch(io: Io, dagId: string | undefined, options: WatchOptions): Promise<void> {
  checkTopics(options.topic);
  return interruptible((signal) =>
    withFabric(options, (client) =>
      dagId === undefined ? all(io, client, options, signal) : one(io, client, dagId, options, signal),
    ),
  );
}

/** Of a DAG that has ended nobody would be asked. */
function checkTopics(topics: readonly string[]): void {
  const unknown = topics.find((name) => !TOPICS.some((topic) => topic === name));
  if (unknown === undefined) return;
  const todo = `Name one of ${TOPICS.join(', ')}.`;
  throw new CliError(Exit.Usage, 'invalid-value', `there is no topic ${unknown}`, { where: '--topic', todo });
}

async function all(io: Io, client: FabricClient, options: WatchOptions, signal: AbortSignal): Promise<void> {
  io.note(HINT);
  const events = client.lifecycle({ ...asked(options), signal });
  await print(io, io.json || options.topic.length > 0 ? events : told(events), options.events, () => false);
  if (!signal.aborted) return;
  exitInterrupted(signal);
  io.note('\nno longer watching');
}

/** Each executor's session is extended every few seconds: a person would see nothing else. */
async function* told(events: AsyncIterable<LifecycleEvent>): AsyncIterable<LifecycleEvent> {
  for await (const event of events) if (event.type !== 'SessionExtended') yield event;
}

/** What is read of a DAG stands for a turn; the stream goes on after that one, so nothing is missed. */
async function one(
  io: Io,
  client: FabricClient,
  dagId: string,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const dag = await client.get(dagId, signal);
  if (options.after === undefined && hasEnded(dag)) return sayEnded(io, dag);
  io.note(HINT);
  const from = options.after === undefined ? { afterTurn: dag.turn } : {};
  const events = client.lifecycle({ ...asked(options), ...from, dag: dagId, signal });
  const isOver = await print(io, events, options.events, ({ type }) => LAST.has(type), namesOf(dag));
  if (signal.aborted) {
    exitInterrupted(signal);
    io.note(`\nno longer watching; the DAG goes on: ${sh`marie get ${dagId}`}`);
  } else if (isOver) sayEnded(io, await client.get(dagId));
}

function asked({ topic, after }: WatchOptions) {
  const topics = topic.length === 0 ? {} : { topics: topic };
  return after === undefined ? topics : { ...topics, lastEventId: after };
}

/** Events know jobs by their index. */
function namesOf(dag: Dag): ReadonlyMap<unknown, string> {
  return new Map(visibleIn(dag.jobs).map(({ index, job }) => [index, job]));
}

function sayEnded(io: Io, dag: Dag): void {
  io.note(dagLine(io, visibleIn(dag)));
  if (dag.state !== 'succeeded') process.exitCode = Exit.Failed;
}

const LAST: ReadonlySet<string> = new Set(['DagSucceeded', 'DagFailed', 'DagCancelled']);

/** Prints events, at most so many; true when the last one was reached. */
async function print(
  io: Io,
  events: AsyncIterable<LifecycleEvent>,
  atMost = Number.POSITIVE_INFINITY,
  isLast: (event: LifecycleEvent) => boolean,
  names: ReadonlyMap<unknown, string> = new Map(),
): Promise<boolean> {
  let printed = 0;
  for await (const event of events) {
    io.emit('event', event, (shown) => textOf(io, shown, names));
    if (isLast(event)) return true;
    printed += 1;
    if (printed >= atMost) return false;
  }
  return false;
}

function textOf(io: Io, { atMs, type, dagId, data }: LifecycleEvent, names: ReadonlyMap<unknown, string>): string {
  const { bold, dim } = io.colors;
  const time = new Date(atMs).toISOString().slice(11, 23);
  const { dag: _dag, ...rest } = data;
  const named = 'job' in rest ? { ...rest, job: names.get(rest['job']) ?? rest['job'] } : rest;
  return `${dim(time)} ${bold(type)}${dagId === undefined ? '' : ` ${dagId}`} ${summary(named)}`.trimEnd();
}
