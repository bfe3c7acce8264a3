import { pino } from 'pino';
import { Http, type HttpCalls } from '../client/adapters/http.js';
import { stderrLines } from '../client/adapters/stderr.js';
import { systemMachine } from '../client/adapters/system.js';
import { noGateway } from '../client/no-gateway.js';
import type { Machine } from '../client/ports.js';
import { drainOnSignals } from './adapters/signals.js';
import type { Attempt } from './attempt.js';
import type { ExecutorDefinition, JobInput, Log } from './define.js';
import { Executor, type OpenLink } from './executor.js';
import type { Substitute } from './heartbeats.js';
import { ExecutorLink } from './link.js';
import { StandIn } from './stand-in/stand-in.js';
import { onUncaught } from './uncaught.js';

/** How long a session lives without a heartbeat; after it the fabric gives the jobs to others. */
const SESSION_MS = 10_000;
/** How long running jobs may take when the process is asked to end. */
const DRAIN_MS = 20_000;

/** Which executors run where, and how. */
export interface RunOptions {
  /** Address of the fabric, `http://host:port`; a path before the API's own is kept. Needed unless `topics` are given. */
  readonly url?: string;
  /**
   * The cell's topics, as `connectTopics` gives them: registrations, dispatches and callbacks go over them, and `url` is
   * used for blobs and collections alone. Whoever connected them closes them.
   */
  readonly topics?: { readonly openLink: OpenLink };
  /** One for each class that this process serves, as `defineExecutor` gives them. */
  // biome-ignore lint/suspicious/noExplicitAny: executors of all inputs and outputs stand in one list
  readonly executors: readonly ExecutorDefinition<any, any>[];
  /**
   * Names this process in the cell; host and process id unless given, and the number of a later thread. A name that
   * outlives restarts lets the fabric end the leases of a crashed process as soon as it is back. Two processes may not
   * have the same one.
   */
  readonly id?: string;
  /** Of all executors here, at most 64; a definition's own come on top. Operators see them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** How long the fabric waits for a sign of life before others get the jobs: 1 s to 10 min, 10 s unless given. */
  readonly sessionMs?: number;
  /** How long running jobs may take when the process is asked to end, 20 s unless given; `Infinity`: as long as they do. */
  readonly drainMs?: number;
  /** pino or anything like it; by default JSON lines on stderr, level by MARIE_LOG_LEVEL (info). */
  readonly log?: Log;
  /** Called whenever an executor's `state` has become another; what it throws, or rejects with, is logged. */
  readonly onState?: (executor: Executor) => void;
  /**
   * Whether SIGTERM and SIGINT drain and then end the process; and whether an error of a job that nobody caught (a promise
   * that nobody awaits) fails that job, and gives back all others, before it ends the process, unless anything else listens
   * for `uncaughtException`. True unless told otherwise.
   */
  readonly handleSignals?: boolean;
  /** Clock, timers and chance, for tests. */
  readonly machine?: Machine;
}

/** Executors at work. */
export interface RunningExecutors {
  readonly executors: readonly Executor[];
  /** Resolves when all have closed; rejects with the first error of one that the fabric won't have. */
  readonly closed: Promise<void>;
  /** Drains all of them, and ends the connections. */
  close(drainMs?: number): Promise<void>;
}

/**
 * Registers executors with a fabric and runs their jobs until `close()` or a signal. Resolves when all are registered
 * (a fabric that isn't there yet is waited for), rejects with a FabricError when it refuses one of them, and with a
 * TypeError for no executors, two of one id, or neither url nor topics.
 */
export async function runExecutors(options: RunOptions): Promise<RunningExecutors> {
  const machine = options.machine ?? systemMachine;
  const { http, sessions, openLink } = waysOf(options, machine);
  const log = options.log ?? defaultLog();
  const ids = executorIds(options, machine);
  const standIn = options.url === undefined ? null : new StandIn(options.url, log);
  const executors = options.executors.map(
    (definition, index) =>
      new Executor({
        id: ids[index] as string,
        definition,
        labels: options.labels ?? {},
        sessionMs: options.sessionMs ?? SESSION_MS,
        drainMs: options.drainMs ?? DRAIN_MS,
        http,
        openLink,
        substitute: standIn ?? NOBODY,
        machine,
        onState: options.onState ?? (() => undefined),
        log: log.child({ executor: ids[index], class: definition.class }),
      }),
  );
  let removeHandlers = (): void => undefined;
  const close = async (drainMs?: number): Promise<void> => {
    await Promise.all(executors.map((executor) => executor.close(drainMs)));
    await Promise.all([http.close(), sessions.close(), standIn?.close()]);
    removeHandlers();
  };
  const leave = async (error: unknown, attempt: Attempt | null): Promise<void> => {
    log.error({ err: error }, 'an error that nobody caught ends the process');
    // Given back without knowing whose it is, the work would end the next process, too, and so without end.
    if (attempt === null) return;
    for (const executor of executors) executor.blame(attempt, error);
    await close(0);
  };
  if (options.handleSignals !== false) {
    const [hearNoSignals, hearNoErrors] = [drainOnSignals(close), onUncaught(leave)];
    removeHandlers = () => {
      hearNoSignals();
      hearNoErrors();
    };
  }
  try {
    await Promise.all(executors.map((executor) => executor.ready));
  } catch (error) {
    await close(0);
    throw error;
  }
  const closed = Promise.all(executors.map((executor) => executor.closed)).then(() => undefined);
  closed.catch(() => undefined);
  return { executors, closed, close };
}

/** Without a gateway nobody stands in: who computes for longer than the session is taken for lost. */
const NOBODY: Substitute = { alive: () => undefined };

/** How the executors speak with the fabric, and where they find blobs. */
function waysOf({ url, topics }: RunOptions, machine: Machine) {
  if (url === undefined && topics === undefined)
    throw new TypeError('where is the fabric? give its url, or its topics');
  const connect = (): HttpCalls => (url === undefined ? noGateway : new Http(url));
  // Apart from each other: a sign of life waits for no connection over which jobs read their files.
  const [http, sessions] = [connect(), connect()];
  const overHttp: OpenLink = (id, incarnation) => new ExecutorLink(sessions, id, incarnation, () => machine.uuid());
  return { http, sessions, openLink: topics === undefined ? overHttp : topics.openLink };
}

/** The given id for a single executor; with the class behind it when there are several, or when it was made here. */
function executorIds(options: RunOptions, machine: Machine): readonly string[] {
  const { id, executors } = options;
  const base = id ?? machine.processName();
  const bare = id !== undefined && executors.length === 1;
  const ids = executors.map((definition: ExecutorDefinition<JobInput>) => {
    return definition.id ?? (bare ? base : `${base}-${definition.class}`);
  });
  const repeated = ids.find((name, index) => ids.indexOf(name) !== index);
  if (repeated !== undefined) throw new TypeError(`two executors have the id ${repeated}: give one an id of its own`);
  if (ids.length === 0) throw new TypeError('no executors to run');
  return ids;
}

function defaultLog(): Log {
  return pino(
    { level: process.env['MARIE_LOG_LEVEL'] ?? 'info', base: null },
    stderrLines({ sync: false }),
  ) as unknown as Log;
}
