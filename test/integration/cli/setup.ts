import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The command. */
export const MARIE = fileURLToPath(new URL('../../../bin/marie.mjs', import.meta.url));

/** Something that is ended after the test. */
export function atEnd(end: () => Promise<unknown>): void {
  onTestFinished(async () => void (await end()));
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [MARIE, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
}

/** Runs the command to its end. */
export async function marie(
  args: readonly string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const child = start(args, options.env);
  child.stdin?.end(options.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** A command that stays until it is told to end. */
export interface Running {
  /** All that it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal and gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a command, and waits until what it has written to stdout or stderr matches. */
export async function startMarie(args: readonly string[], ready: RegExp): Promise<Running> {
  const child = start(args);
  const written = { stdout: '', stderr: '' };
  let look = (): void => undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => {
      written[stream] += chunk.toString();
      look();
    });
  }
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return (await exit)[0];
  };
  atEnd(() => end('SIGKILL'));
  const matches = new Promise<void>((resolve) => {
    look = () => {
      if (ready.test(written.stdout) || ready.test(written.stderr)) resolve();
    };
    look();
  });
  const early = exit.then(([code]) => Promise.reject(new Error(`ended with ${code}: ${written.stderr}`)));
  await Promise.race([matches, early]);
  early.catch(() => undefined);
  return { stdout: () => written.stdout, stderr: () => written.stderr, end };
}

/**
 * A fabric in this process, for commands that ask one or read what it has left; it goes with the test. `marie up` takes a
 * second of processor time more.
 */
export { startFabric as startFabricHere } from '../gateway/setup.js';

/** Starts `marie up` on any free port. */
export async function startFabric(data: string): Promise<Running & { readonly url: string }> {
  const running = await startMarie(['up', '--data', data, '--port', '0', '--json'], /"url".*\n/);
  const [line] = running.stdout().split('\n');
  return { ...running, url: (JSON.parse(line as string) as { url: string }).url };
}

export { temporaryFolder } from '../../support/fabric/fabric.js';
