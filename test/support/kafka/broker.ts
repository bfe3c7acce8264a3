import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Guarded, guardedNames, guardedProperties } from './guarded.js';

/** What a broker is started from; it keeps its folder and ports when it is started again. */
export interface BrokerSpec {
  readonly id: number;
  readonly folder: string;
  /** The address on which it listens. */
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  /** A listener of its own for clients that come through a proxy, and the proxy's port that it tells them. */
  readonly proxied: { readonly port: number; readonly tells: number };
  /** A listener of its own for clients that must prove who they are. */
  readonly guarded: Guarded;
  /** Every controller, as `host:port`. */
  readonly controllers: readonly string[];
  /** Folder of Kafka's archives. */
  readonly archives: string;
}

/** In its folder, where it stores its records. */
const DATA = 'data';
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** One Kafka broker, a process of its own, which is its own controller, too. */
export class Broker {
  #child: ChildProcess | null = null;

  constructor(readonly spec: BrokerSpec) {
    writeFileSync(this.#file, properties(spec));
  }

  /** Where clients find it. */
  get address(): string {
    return `${this.spec.host}:${this.spec.port}`;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`broker ${this.spec.id} does not run`);
    return this.#child.pid;
  }

  get #file(): string {
    return join(this.spec.folder, 'server.properties');
  }

  /** Makes its folder that of a cluster, once. */
  async format(cluster: string, options: readonly string[]): Promise<void> {
    const child = this.#java('64m', ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', this.#file, ...options]);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the folder of broker ${this.spec.id} could not be formatted: ${said}`);
  }

  start(): void {
    const child = this.#java('256m', ['kafka.Kafka', this.#file]);
    this.#child = child;
    child.stderr?.resume();
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
  }

  /** Whether it runs. */
  get isUp(): boolean {
    return this.#child !== null;
  }

  /** Where it stores its records. */
  get data(): string {
    return join(this.spec.folder, DATA);
  }

  /** Ends it at once, as a fault does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it hand over its partitions first. */
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
    const { archives, folder } = this.spec;
    const options = [`-Xms${heap}`, `-Xmx${heap}`, ...JVM, '-cp', join(archives, '*')];
    return spawn('java', [...options, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

/** A broker of a test: quick to start, to notice that another is gone, and to come back. */
function properties({ id, folder, host, port, controllerPort, controllers, proxied, guarded }: BrokerSpec): string {
  const copies = Math.min(3, controllers.length);
  const inSync = copies === 3 ? 2 : 1;
  const { listener, protocol } = guardedNames(host, guarded);
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.bootstrap.servers': controllers.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://${host}:${port},PROXIED://${host}:${proxied.port},CONTROLLER://${host}:${controllerPort},${listener}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port},PROXIED://${host}:${proxied.tells},${listener}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,${protocol}`,
    'log.dirs': join(folder, DATA),
    'auto.create.topics.enable': false,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'message.max.bytes': 12 * 1024 * 1024,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 300,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'replica.fetch.max.bytes': 12 * 1024 * 1024,
    ...guardedProperties(guarded),
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
