import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { testProgram } from '../../support/fabric/program.js';
import type { Ran } from './setup.js';

/**
 * One process that runs command lines in turn, for those of which only what they say is of interest: a process for each
 * takes a third of a second of processor time more.
 */
export class InTurn {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(folder: string) {
    this.#child = spawn(process.execPath, testProgram('marie-in-turn'), {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // One that has ended takes nothing more: the answer that does not come tells of it.
    this.#child.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Runs one, when all before it have ended. */
  async run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    this.#child.stdin!.write(`${JSON.stringify({ args, env })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`marie ${args.join(' ')} has ended the process`);
    return JSON.parse(value);
  }

  /** Ends it, and says with which code. */
  async close(): Promise<number | null> {
    const closed = once(this.#child, 'close');
    this.#child.stdin!.end();
    return (await closed)[0];
  }
}
