import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FabricClient } from '../../src/client/index.js';
import type { ConfigInput } from '../../src/main/config.js';
import { projectFolder } from '../../test/support/kafka/artifacts.js';

/** Every scheduler has an address of its own. */
const PORT = 8_400;
const KEPT = 5_000;
const ASK_MS = 1_000;

/** One `marie up --kafka` on a host of its own, on a data folder that it keeps over all its deaths. */
export class Scheduler {
  readonly url: string;
  readonly client: FabricClient;
  readonly #command: readonly [string, ...string[]];
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
    this.#command = [...enter, process.execPath, program, 'up', '--config', config, '--json'];
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
