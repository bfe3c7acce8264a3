import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT_MS } from '../patience.js';

/** What the shell writes behind a command's last word, around its exit code: in the same pipe, so nothing overtakes it. */
const END = /␞(\d+)␞/;

/** How a command ended. */
export interface Ended {
  readonly code: number;
}

/** A shell that a person types into: what one command sets, the next one finds. */
export class Terminal {
  readonly #shell: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'marie-terminal-'));
  readonly #exit: Promise<unknown>;
  #said = '';
  #calls = 0;
  #ended: Ended | null = { code: 0 };
  #hear: () => void = () => undefined;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    // A group of its own, so that Ctrl-C reaches what runs in it, as it would from a keyboard.
    this.#shell = spawn('bash', ['--noprofile', '--norc'], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#exit = new Promise((resolve) => this.#shell.once('close', resolve));
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    }
    // A shell that was killed takes nothing more: its end is told by `close`.
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.stdin?.write('shopt -s expand_aliases\ntrap : INT\nexec 2>&1\n');
  }

  #read(text: string): void {
    this.#said += text;
    const end = END.exec(this.#said);
    if (end !== null) {
      this.#said = this.#said.replace(END, '');
      this.#ended = { code: Number(end[1]) };
    }
    this.#hear();
  }

  /** What the last command has said so far. */
  get said(): readonly string[] {
    return this.#said.split('\n');
  }

  /** Whether the last command has ended, and how. */
  get ended(): Ended | null {
    return this.#ended;
  }

  /** Types a command; it reads nothing from the keyboard. */
  type(command: string): void {
    if (this.#ended === null) throw new Error(`a command is still running there:\n${this.#said}`);
    this.#ended = null;
    this.#said = '';
    this.#calls += 1;
    const file = join(this.#folder, `${this.#calls}.sh`);
    writeFileSync(file, `${command}\n`);
    this.#shell.stdin?.write(`. '${file}' </dev/null; printf '␞%d␞' $?\n`);
  }

  /** Resolves when the last command has ended, what it has said is enough, or after so long. */
  async until(isEnough: () => boolean, limitMs: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#hear();
    }, limitMs);
    try {
      await this.#until(() => isLate || isEnough());
    } finally {
      clearTimeout(timer);
    }
  }

  async #until(isEnough: () => boolean): Promise<void> {
    let isGone = false;
    const gone = this.#exit.then(() => {
      isGone = true;
    });
    while (this.#ended === null && !isEnough()) {
      if (isGone) throw new Error(`the shell has ended, and said:\n${this.#said}`);
      const heard = new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
      await Promise.race([heard, gone]);
    }
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#said = '';
    if (this.#shell.pid !== undefined) process.kill(-this.#shell.pid, 'SIGINT');
  }

  /** Ends what runs in it as a person would, and the shell. False if it had to be killed. */
  async close(): Promise<boolean> {
    if (this.#ended === null) this.interrupt();
    const timer = setTimeout(() => this.kill(), PATIENT_MS);
    try {
      await this.#until(() => false).catch(() => undefined);
      this.#shell.stdin?.end('exit 0\n');
      await this.#exit;
    } finally {
      clearTimeout(timer);
      rmSync(this.#folder, { recursive: true, force: true });
    }
    return this.#shell.signalCode === null;
  }

  /** Ends everything in it at once. */
  kill(): void {
    if (this.#shell.pid !== undefined && this.#shell.exitCode === null) process.kill(-this.#shell.pid, 'SIGKILL');
  }
}
