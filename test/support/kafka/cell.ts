/** A cell: topics of its own, and fabrics and executors in processes of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import type { KafkaConnection } from '../../../src/kafka/links/connection.js';
import { makeTopics } from '../../../src/kafka/topics/admin.js';
import { wishesOf } from '../../../src/kafka/topics/topic-plan.js';
import { temporaryFolder } from '../fabric/fabric.js';
import { compiled, type End, Program, testProgram } from '../fabric/program.js';
import { PATIENT_MS } from '../patience.js';
import { freePort } from '../ports.js';
import { freshName, sharedKafka } from './shared.js';

const DAY_MS = 24 * 3_600_000;
/** Partitions of the topics of a test's cell that have more than one. */
export const PARTITIONS = 2;
/**
 * Sessions of a cell's executors. On a busy machine one of 2 s runs out again and again though its executor is there, and
 * a job is poison that is lost three times.
 */
export const SESSION_MS = 10_000;
const HOST = '127.0.0.1';
const PATIENCE = { attempts: 200, baseMs: 50, maxMs: 500 };

/** `marie up --kafka` in a process of its own. */
export class CellProcess {
  constructor(
    readonly name: string,
    readonly url: string,
    readonly data: string,
    readonly program: Program,
  ) {}

  /** A client that sits out changes of the leader; it closes when the test has finished. */
  client(tenant = 'default'): FabricClient {
    const client = new FabricClient({ url: this.url, tenant, patience: PATIENCE });
    onTestFinished(() => client.close());
    return client;
  }

  /** Kills it if it has not ended within so long, which is then an error. */
  async #endsOrderly(): Promise<End> {
    const late = AbortSignal.timeout(PATIENT_MS);
    const kill = (): void => void this.program.end('SIGKILL');
    late.addEventListener('abort', kill);
    const end = await this.program.end('SIGTERM');
    late.removeEventListener('abort', kill);
    if (late.aborted)
      throw new Error(`the process ${this.name} did not end within ${PATIENT_MS} ms: ${this.program.said}`);
    return end;
  }

  kill(): Promise<End> {
    return this.program.end('SIGKILL');
  }

  stop(): Promise<End> {
    return this.#endsOrderly();
  }
}

/** A cell of its own. */
export class Cell {
  #count = 0;
  readonly folder = temporaryFolder();

  constructor(
    readonly name: string,
    private readonly connection: KafkaConnection,
    private readonly settings: object,
  ) {}

  /** Starts one more process and waits until it serves. */
  async start(
    data = join(this.folder, `data-${this.#next()}`),
    own: object = {},
    args: readonly string[] = [],
  ): Promise<CellProcess> {
    const { port, program } = await this.launch(data, own, args);
    const { url } = JSON.parse(await program.line()) as { url: string };
    return new CellProcess(`at ${port}`, url, data, program);
  }

  /** Starts a process that may not come up; `own` are its own settings of Kafka, `args` more arguments. */
  async launch(
    data: string,
    own: object = {},
    args: readonly string[] = [],
  ): Promise<{ readonly port: number; readonly program: Program }> {
    const port = await freePort(HOST);
    const config = join(this.folder, `config-${port}.json`);
    const { brokers } = this.connection;
    const kafka = { brokers, silenceMs: 800, idleMs: 150, ...this.settings, ...own };
    writeFileSync(config, JSON.stringify({ cell: this.name, data, blobs: join(this.folder, 'blobs'), port, kafka }));
    return { port, program: Program.start([compiled('src/cli/main.js'), 'up', '--config', config, '--json', ...args]) };
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** A program of executors of these classes that answer at once, attached to one process. */
  runExecutors({ url }: CellProcess, classes: readonly string[]): Program {
    return Program.start([
      ...testProgram('noop-executor'),
      url,
      freshName('executor'),
      classes.join(','),
      '8',
      '0',
      String(SESSION_MS),
    ]);
  }
}

/** Makes the topics of a new cell on the shared broker. */
export function startCell(settings: object = {}): Promise<Cell> {
  return startCellOn(sharedKafka(), 1, settings);
}

/** Makes the topics of a new cell, with so many copies of each. */
export async function startCellOn(connection: KafkaConnection, replicas: number, settings: object = {}): Promise<Cell> {
  const name = freshName('c');
  await makeCellTopics(connection, name, replicas);
  return new Cell(name, connection, settings);
}

/** Makes the topics of a cell, with so many copies of each. */
export async function makeCellTopics(connection: KafkaConnection, cell: string, replicas = 1): Promise<void> {
  const isDev = replicas === 1;
  await makeTopics(connection, wishesOf({ cell, partitions: PARTITIONS, replicas, retentionMs: DAY_MS, isDev }));
}
