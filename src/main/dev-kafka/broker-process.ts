import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIGHT_JAVA } from './archives.js';

/** Characters of what a broker says that are kept. */
const KEPT = 4000;

/** 16 random bytes as Kafka writes ids; one that begins with a dash would be taken for an option. */
export function kafkaId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? kafkaId() : id;
}

/** What a broker is started from. */
export interface BrokerFiles {
  /** Its own folder. */
  readonly folder: string;
  /** The folder of Kafka's archives. */
  readonly archives: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  /** In a process group of its own, Ctrl-C in a terminal is for who started it alone. */
  readonly ownGroup?: boolean;
}

/** One Kafka broker, a process of its own. It may be started again on its folder. */
export class BrokerProcess {
  #child: ChildProcess | null = null;
  #said = '';

  constructor(private readonly files: BrokerFiles) {
    const lines = Object.entries(files.properties).map(([name, value]) => `${name}=${value}`);
    writeFileSync(this.#file, `${lines.join('\n')}\n`);
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`the broker of ${this.files.folder} does not run`);
    return this.#child.pid;
  }

  /** Whether it runs. */
  get isUp(): boolean {
    return this.#child !== null;
  }

  /** The last of what it said, over all its starts: errors, unless it was told to say more. */
  get said(): string {
    return this.#said;
  }

  get #file(): string {
    return join(this.files.folder, 'server.properties');
  }

  /** Makes its folder that of a cluster, once. */
  async format(cluster: string, options: readonly string[]): Promise<void> {
    const child = this.#java('64m', ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', this.#file, ...options]);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${this.files.folder} could not be formatted: ${this.said}`);
  }

  start(): void {
    const child = this.#java('256m', ['kafka.Kafka', this.#file]);
    this.#child = child;
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
  }

  /** Ends it at once, as a fault does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it hand over its partitions and close its files first. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #java(heap: string, args: readonly string[]): ChildProcess {
    const { archives, folder, ownGroup = false } = this.files;
    const options = [`-Xms${heap}`, `-Xmx${heap}`, ...LIGHT_JAVA, '-cp', join(archives, '*')];
    const child = spawn('java', [...options, ...args], {
      cwd: folder,
      // Where no language is named, as in a service, Java takes other letters than ASCII for others, also in paths.
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        this.#said = (this.#said + String(chunk)).slice(-KEPT);
      });
    }
    return child;
  }
}
