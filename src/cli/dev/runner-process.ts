import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromRunner, ToRunner } from './messages.js';

const RUNNER = fileURLToPath(new URL('./runner.js', import.meta.url));

/** A process that runs one state of the file. */
export class RunnerProcess {
  /** Resolves with the exit code, null after a signal, when all that it said was heard. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(file: string, url: string, hear: (message: FromRunner) => void) {
    // What the executors print is no data of `marie dev`: it goes to stderr.
    this.#child = spawn(process.execPath, [RUNNER, file, url], { stdio: ['ignore', 2, 2, 'ipc'] });
    this.#child.on('message', hear);
    // Not at `exit`: what it has said may still be on its way then.
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  work(): void {
    this.#tell({ kind: 'work' });
  }

  /** Lets it end its jobs; resolves when it has ended. */
  async drain(): Promise<void> {
    this.#tell({ kind: 'drain' });
    await this.ended;
  }

  /** Ends it at once: nothing of it may have been registered. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message);
  }
}
