import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Words } from '../words.js';

/** What is kept of a program's words for the message of a failed test, in characters. */
const KEPT = 20_000;

/** How a program ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A file of the compiled project. */
export function compiled(path: string): string {
  return fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
}

/** A program of `test/support/programs`, for `Program.start`; `before` names one that is loaded before it. */
export function testProgram(name: string, before?: string): readonly string[] {
  const path = (file: string): string => compiled(`test/support/programs/${file}.js`);
  return [...(before === undefined ? [] : ['--import', path(before)]), path(name)];
}

/** A program in a process of its own that a test may kill; it is gone when the test has finished. */
export class Program {
  readonly exited: Promise<End>;
  readonly #words: Words;
  readonly #lines: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.#words = new Words(this.exited, KEPT);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#words.add(text));
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#words.add(text);
    });
  }

  /** Starts a Node program. */
  static start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    return Program.of(process.execPath, args, env);
  }

  /** Starts any program. */
  static of(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const program = new Program(child);
    onTestFinished(async () => {
      await program.end('SIGKILL');
    });
    return program;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Everything that it said lately, on stdout and stderr. */
  get said(): string {
    return this.#words.said;
  }

  /** Resolves when it has said something, on stdout or stderr. Rejects when it ends before, or doesn't say it. */
  async saying(text: string): Promise<void> {
    await this.#words.until(() => this.said.includes(text), text);
  }

  /** The next line of its stdout. Rejects when it ends before, or says nothing. */
  async line(): Promise<string> {
    await this.#words.until(() => this.#lines.length > 0, 'a line');
    return this.#lines.shift() as string;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<End> {
    this.child.kill(signal);
    return this.exited;
  }
}
