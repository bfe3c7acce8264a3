import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { FabricClient } from '../../src/client/index.js';
import type { ConfigInput } from '../../src/main/config/config.js';
import { projectFolder } from '../../test/support/kafka/artifacts.js';

/** Every scheduler has an address of its own. */
const PORT = 8_400;
const KEPT = 5_000;
const ASK_MS = 1_000;
/** How long it may take to write down what it holds open, in ms. */
const REPORT_MS = 5_000;
const LOOK_MS = 100;

/** A part of Node's diagnostic report. */
interface Report {
  readonly libuv: readonly {
    readonly type: string;
    readonly is_active?: boolean;
    readonly is_referenced?: boolean;
    readonly remoteEndpoint?: { readonly host: string; readonly port: number } | null;
  }[];
}

/** One `marie up --kafka` on a host of its own, on a data folder that it keeps over all its deaths. */
export class Scheduler {
  readonly url: string;
  readonly client: FabricClient;
  readonly #command: readonly [string, ...string[]];
  readonly #report: string;
  #child: ChildProcess | null = null;
  #said = '';

  constructor(
    readonly host: number,
    enter: readonly [string, ...string[]],
    address: string,
    folder: string,
    settings: ConfigInput,
  ) {
    this.url = `http://${address}:${PORT}`;
    this.client = new FabricClient({ url: this.url, patience: { attempts: 1 } });
    const config = join(folder, `scheduler-${host}.json`);
    const data = join(folder, `data-${host}`);
    writeFileSync(config, JSON.stringify({ ...settings, data, host: address, port: PORT }));
    const program = join(projectFolder(), 'dist/src/cli/main.js');
    this.#report = join(folder, `report-${host}.json`);
    const reporting = ['--report-on-signal', `--report-directory=${folder}`, `--report-filename=report-${host}.json`];
    this.#command = [...enter, process.execPath, ...reporting, program, 'up', '--config', config, '--json'];
  }

  /** Starts it; resolves when it serves. */
  async start(): Promise<void> {
    const [command, ...args] = this.#command;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.on('data', (chunk) => {
      this.#said = (this.#said + String(chunk)).slice(-KEPT);
    });
    const line = once(createInterface({ input: child.stdout }), 'line');
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`scheduler ${this.host} ended (${code ?? signal}) and said:\n${this.#said}`);
    });
    ended.catch(() => undefined);
    await Promise.race([line, ended]);
  }

  /** The last of what its lives said. */
  get said(): string {
    return this.#said;
  }

  /** The exit code of its last life; null while it runs, and after a signal that it did not survive. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit');
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    await this.ended();
  }

  /** What keeps it from ending: handles that are open, as Node tells of them. */
  async openHandles(): Promise<string> {
    rmSync(this.#report, { force: true });
    this.signal('SIGUSR2');
    for (let waitedMs = 0; waitedMs < REPORT_MS; waitedMs += LOOK_MS) {
      await sleep(LOOK_MS);
      try {
        const { libuv } = JSON.parse(readFileSync(this.#report, 'utf8')) as Report;
        const open = libuv.filter((handle) => handle.is_active === true && handle.is_referenced === true);
        return open.map(({ type, remoteEndpoint: to }) => (to ? `${type} to ${to.host}:${to.port}` : type)).join(', ');
      } catch {
        // It is not there yet, or not whole.
      }
    }
    return 'nothing that it says: it does not answer';
  }

  /** What it says that it is; null while it can't be asked. */
  async role(): Promise<string | null> {
    try {
      const answer = await fetch(`${this.url}/v1/process`, { signal: AbortSignal.timeout(ASK_MS) });
      return ((await answer.json()) as { readonly role: string }).role;
    } catch {
      return null;
    }
  }
}
