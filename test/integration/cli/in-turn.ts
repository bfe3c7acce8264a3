import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';
import { testProgram } from '../../support/fabric/program.js';
import { PATIENT_MS } from '../../support/patience.js';
import type { Ran } from './setup.js';

interface Marie {
  readonly child: ChildProcess;
  readonly closed: Promise<unknown>;
  readonly answers: AsyncIterator<string>;
}

/**
 * One process that runs command lines in turn, for those of which only what they say is of interest: a process for each
 * takes a third of a second of processor time more. After a command that ends it, or does not end, there is another one.
 */
export class InTurn {
  readonly #folder: string;
  #marie: Marie | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs one, when all before it have ended. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    const ran = this.#last.then(() => this.#call(args, env));
    this.#last = ran.catch(() => undefined);
    return ran;
  }

  async #call(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    this.#marie ??= start(this.#folder);
    const { child, answers } = this.#marie;
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENT_MS);
    child.stdin!.write(`${JSON.stringify({ args, env })}\n`);
    const { value, done } = await answers.next();
    clearTimeout(patience);
    if (!done) return JSON.parse(value);
    this.#marie = null;
    throw new Error(`marie ${args.join(' ')} has ended the process, or did not end`);
  }

  /** Ends it, whatever it does. */
  async close(): Promise<void> {
    this.#marie?.child.kill('SIGKILL');
    await this.#marie?.closed;
  }
}

/** One for a file of tests, which goes with it. */
export function marieInTurn(): (args: readonly string[]) => Promise<Ran> {
  const inTurn = new InTurn(process.cwd());
  afterAll(() => inTurn.close());
  return (args) => inTurn.run(args, {});
}

function start(cwd: string): Marie {
  const child = spawn(process.execPath, testProgram('marie-in-turn'), { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  // One that has ended takes nothing more: the answer that does not come tells of it.
  child.stdin.on('error', () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, closed: once(child, 'close'), answers };
}
