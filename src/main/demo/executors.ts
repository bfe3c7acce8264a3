import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program that runs all executors of the document example. */
const PROGRAM = fileURLToPath(new URL('../../../examples/documents/main.js', import.meta.url));
/** How long executors may take to give back what they hold before they are ended. */
const DRAIN_MS = 25_000;

/** The executors went away while the fabric needed them. */
export class ExecutorsEnded extends Error {
  override readonly name = 'ExecutorsEnded';
  readonly code = 'executors-ended';
  constructor(how: string, logFile: string) {
    super(`the executors ended by themselves (${how}); ${logFile} says why`);
  }
}

/** Executors in a process of their own. */
export interface ExecutorsProcess {
  /** Resolves with what to say when the process ends by itself; pending when it was closed. */
  readonly ended: Promise<Error>;
  /** Lets it drain: nothing new starts, what runs ends or is given back. */
  close(): Promise<void>;
}

/**
 * Starts the document executors; they try to reach the fabric until it is there. What they log goes to a file. The
 * process is outside this one's group, so that Ctrl-C reaches the demo alone, which then ends one after the other; the
 * channel between the two ends it if this process goes without a word.
 */
export function startExecutors(url: string, logFile: string): ExecutorsProcess {
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [PROGRAM, url], {
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  let isClosing = false;
  const exit = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const ended = new Promise<Error>((resolve) => {
    void exit.then((how) => {
      if (!isClosing) resolve(new ExecutorsEnded(how, logFile));
    });
  });
  const close = async (): Promise<void> => {
    isClosing = true;
    await end(child, exit);
  };
  return { ended, close };
}

async function end(child: ChildProcess, exit: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), DRAIN_MS);
  await exit;
  clearTimeout(late);
}
