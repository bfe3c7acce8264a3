import { Exit } from '../exit.js';

const SHOW_CURSOR = '\u001b[?25h';

/** Ends what a command has begun, the first time that the process is asked to end. */
type Ending = (signal: keyof typeof CODES) => void;

const CODES = { SIGHUP: Exit.HungUp, SIGINT: Exit.Interrupted, SIGTERM: Exit.Terminated } as const;

const endings: Ending[] = [];
let asked = false;

/**
 * Ctrl-C, SIGTERM and the closing of its terminal end the process with the code that says so, the terminal as it was; a
 * second one at once.
 */
export function listenForSignals(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const ending = endings.at(-1);
      if (ending !== undefined && !asked) {
        asked = true;
        ending(signal);
        return;
      }
      // A terminal that is closed may be told of twice, by the system and by its shell: nobody is impatient.
      if (signal === 'SIGHUP' && asked) return;
      if (process.stderr.isTTY) process.stderr.write(`\r${SHOW_CURSOR}\n`);
      process.exit(CODES[signal]);
    });
  }
}

/** What work ends with that is given up at a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

/** The process ends with the code that says what a command was interrupted by. */
export function exitInterrupted({ reason }: AbortSignal): void {
  process.exitCode = (reason as Interrupted).exitCode;
}

/** Runs something that ends by itself when the signal is aborted, with `Interrupted`: at a signal. */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const ending: Ending = (signal) => interrupted.abort(new Interrupted(CODES[signal]));
  endings.push(ending);
  try {
    return await run(interrupted.signal);
  } finally {
    endings.splice(endings.indexOf(ending), 1);
  }
}
