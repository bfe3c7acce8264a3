/**
 * The process in which `marie dev` runs a file's executors: `runner.js FILE URL`. It loads the file, says what it found,
 * and waits for a word before it registers: until then it can be ended at once, if the file has changed again.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';
import { systemMachine } from '../../client/adapters/system.js';
import { type Executor, type ExecutorDefinition, FabricError, type Log, runExecutors } from '../../executor/index.js';
import { outliveTerminal } from '../terminal/outlive.js';
import { definitionsOf } from './definitions.js';
import type { FromRunner, JobPlace, Level, ToRunner } from './messages.js';

/** How long jobs may take to end after the file has changed; then they are given back. */
const DRAIN_MS = 60_000;

/** What the SDK says of a job that failed. */
const FAILED = 'attempt failed';
/** And with which it says that no fabric answers. */
const AWAY = 'not connected, trying again';
/** Where this package is, as it stands in stacks. */
const OWN = new URL('../../..', import.meta.url).href;

const [file = '', url = ''] = process.argv.slice(2);
const loaded = new Set<string>([file]);

/** All executors have registered; and whether one of them has lost the fabric since. */
let isOpen = false;
let isAway = false;
/** Those that have registered at least once. */
const seen = new Set<Executor>();
/** Those of them that somebody drained before all had registered. */
const drainedEarly = new Set<Executor>();
/** `marie dev` has asked for the end: the fabric, which is told of it, asks for the same then. */
let isLeaving = false;

/** Resolves when it is told that they are registered; the first job may begin a moment before. */
let open = (): void => undefined;
const opened = new Promise<void>((resolve) => {
  open = resolve;
});

await main();

async function main(): Promise<void> {
  // Ctrl-C, and the closing of the terminal, reach this process too; `marie dev` says when to end.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  outliveTerminal();
  process.on('disconnect', () => process.exit(0));
  process.setSourceMapsEnabled(true);
  const executors = await load();
  if (executors === null) return end(1);
  await heard('work');
  try {
    const asked = heard('drain').then(() => {
      isLeaving = true;
      return null;
    });
    const options = { url, executors: executors.map(observed), handleSignals: false, log: logOf(null), onState };
    const running = await Promise.race([runExecutors(options), asked]);
    if (running === null) {
      await leaveEarly();
      return end(0);
    }
    await tell({ kind: 'ready' });
    isOpen = true;
    for (const executor of drainedEarly) await tell({ kind: 'drained', executorClass: executor.class });
    open();
    await Promise.race([asked, running.closed]);
    await running.close(DRAIN_MS);
    end(0);
  } catch (error) {
    const code = error instanceof FabricError ? error.code : 'unexpected';
    await tell({ kind: 'refused', code, what: textOf(error) });
    end(1);
  }
}

/** Ends before all have registered; those that have may have jobs. */
async function leaveEarly(): Promise<void> {
  open();
  for (const executor of seen) void executor.close(DRAIN_MS);
  // One that registers meanwhile is among them before this ends.
  for (const executor of seen) await executor.close(DRAIN_MS);
}

/** Loads the file; null, after saying so, if it can't be used. */
async function load(): Promise<readonly ExecutorDefinition[] | null> {
  register({ onImport: (at) => void (at.startsWith('file:') && loaded.add(at)) });
  registerCommonJs();
  try {
    const executors = definitionsOf((await import(pathToFileURL(file).href)) as object);
    if (executors.length === 0) {
      await tell({
        kind: 'broken',
        what: 'it exports no executor: `export default defineExecutor({ … })`',
        files: files(),
      });
      return null;
    }
    const offered = executors.map(({ class: executorClass, group = 'default', slots }) => ({
      executorClass,
      group,
      slots,
    }));
    await tell({ kind: 'loaded', executors: offered, files: files() });
    return executors;
  } catch (error) {
    await tell({ kind: 'broken', what: textOf(error), files: files() });
    return null;
  }
}

/** What has been loaded so far, imported or required. */
function files(): readonly string[] {
  return [...loaded, ...Object.keys(createRequire(import.meta.url).cache)];
}

/** The same executor, whose jobs are told of, with an id that the process before and after this one don't have. */
function observed(definition: ExecutorDefinition): ExecutorDefinition {
  const { id } = definition;
  return {
    ...definition,
    ...(id === undefined ? {} : { id: `${id}-${systemMachine.processName()}` }),
    async run(context, input) {
      const { dagId, job, attempt } = context.job;
      const place: JobPlace = { executorClass: definition.class, dagId, job, attempt };
      const startedMs = performance.now();
      const ranMs = (): number => Math.round(performance.now() - startedMs);
      tellInTurn({ kind: 'job-started', place });
      try {
        const output = await definition.run(context, input);
        tellInTurn({ kind: 'job-succeeded', place, ranMs: ranMs() });
        return output;
      } catch (error) {
        tellInTurn({ kind: 'job-failed', place, ranMs: ranMs(), what: textOf(error) });
        throw error;
      }
    },
  };
}

/** A log whose lines go to the person who develops: those of jobs whole, of the SDK only what is wrong. */
function logOf(job: string | null): Log {
  const at =
    (level: Level) =>
    (given: object | string, message?: string): void => {
      const [fields, text] = typeof given === 'string' ? [{}, given] : [given, message ?? ''];
      const isSaid = text === FAILED; // a job that failed is told of as such
      if (isSaid || (job === null && (level === 'debug' || level === 'info'))) return;
      const more =
        job !== null ? Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`) : [];
      const said = text === AWAY ? `${text}: ${url}` : text;
      const line = { kind: 'log', level, text: [...(job === null ? [] : [job]), said, ...more].join(' ') } as const;
      if (job === null) void tell(line);
      else tellInTurn(line);
    };
  const child = ({ dag, job: name }: Record<string, unknown>): Log =>
    logOf(name === undefined ? job : `${dag}/${name}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child };
}

/** How an executor stands with the fabric, where that is news to the person who develops. */
function onState(executor: Executor): void {
  const { state } = executor;
  if (state === 'registered') seen.add(executor);
  if (isLeaving) {
    if (state === 'registered') void executor.close(DRAIN_MS);
  } else if (state === 'draining') {
    // Before that it may also be where another one of the file was refused: then nothing is told of it.
    if (isOpen) void tell({ kind: 'drained', executorClass: executor.class });
    else drainedEarly.add(executor);
  } else if (state === 'connecting') isAway = isOpen;
  else if (state === 'registered' && isAway) {
    isAway = false;
    void tell({ kind: 'ready' });
  }
}

/** An error with where it comes from, as far as that is the code of the person who develops. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForeign = (line: string): boolean => /^\s+at /.test(line) && /node:|node_modules|\(<anonymous>\)/.test(line);
  const lines = (error.stack ?? error.message).split('\n');
  return lines.filter((line) => !isForeign(line) && !line.includes(OWN)).join('\n');
}

function tellInTurn(message: FromRunner): void {
  void opened.then(() => tell(message));
}

function tell(message: FromRunner): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

function heard(kind: ToRunner['kind']): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message: ToRunner) => {
      if (message.kind === kind) resolve();
    });
  });
}

function end(code: number): never {
  process.exit(code);
}
