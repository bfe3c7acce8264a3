import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { Words } from './words.js';

/** What a command is called with, in a terminal of 80 x 24 unless another size is given. */
export interface PtyOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Columns and rows; both are 0 where nobody has said them. */
  readonly size?: readonly [number, number];
}

/** A command in a real terminal, made by script(1), which every Linux has; keys are typed into it. */
export class Pty {
  readonly #script: ChildProcess;
  readonly #exit: Promise<[number | null]>;
  readonly #words: Words;

  constructor(command: readonly string[], { env = {}, size: [columns, rows] = [80, 24] }: PtyOptions = {}) {
    const quoted = command.map((word) => `'${word}'`).join(' ');
    const line = `stty cols ${columns} rows ${rows}; exec ${quoted}`;
    this.#script = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
      // What CI says of its own output is no matter to the terminal.
      env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#exit = once(this.#script, 'close') as Promise<[number | null]>;
    this.#words = new Words(this.#exit);
    this.#script.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#words.add(text);
    });
    onTestFinished(() => {
      this.#script.kill('SIGKILL');
    });
  }

  /** Everything that came to the screen so far, escape codes and all. */
  get said(): string {
    return this.#words.said;
  }

  /** Resolves when what came to the screen matches. Rejects when the command ends before, or doesn't show it. */
  async showing(pattern: RegExp): Promise<void> {
    await this.#words.until(() => pattern.test(this.said), `${pattern}`);
  }

  /** Types keys. */
  type(keys: string): void {
    this.#script.stdin?.write(keys);
  }

  /** The exit code, once the command has ended. */
  async ended(): Promise<number | null> {
    return (await this.#exit)[0];
  }
}
