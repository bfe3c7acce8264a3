import { Exit } from './exit.js';

const SHOW_CURSOR = '\u001b[?25h';

/** Ends what a command has begun, the first time that the process is asked to end. */
type Ending = (signal: 'SIGINT' | 'SIGTERM') => void;

const endings: Ending[] = [];
let asked = false;

/** Ctrl-C and SIGTERM end the process with the code that says so, its terminal as it was; a second one at once. */
export function listenForSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const ending = endings.at(-1);
      if (ending !== undefined && !asked) {
        asked = true;
        ending(signal);
        return;
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${SHOW_CURSOR}\n`);
      process.exit(signal === 'SIGINT' ? Exit.Interrupted : Exit.Terminated);
    });
  }
}

/** Runs something that ends by itself when the signal is aborted: at Ctrl-C, or SIGTERM. */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const ending: Ending = () => interrupted.abort();
  endings.push(ending);
  try {
    return await run(interrupted.signal);
  } finally {
    endings.splice(endings.indexOf(ending), 1);
  }
}
