import { join } from 'node:path';
import type { ConfigInput, FabricConfig } from '../../main/config/config.js';
import { loadConfig } from '../../main/config/config-file.js';
import { DEV_KAFKA_PORT } from '../../main/config/defaults.js';
import type { DevKafka } from '../../main/dev-kafka/dev-kafka.js';
import { brokersOf } from '../brokers.js';
import { CliError, Exit } from '../exit.js';
import { given } from '../given.js';
import { type Interrupted, interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';

type LogLevel = NonNullable<NonNullable<ConfigInput['log']>['level']>;

export interface UpOptions {
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
  readonly cell?: string;
  readonly kafka?: string;
  /** True without a port. */
  readonly devKafka?: number | true;
  readonly sync?: string;
  readonly policy?: string;
  readonly acceptClock?: boolean;
  readonly acceptCut?: boolean;
  readonly logLevel?: string;
}

/** What is connected after the fabric's end, as to a collector that never ends its answer, holds the process no longer. */
const LINGER_MS = 5_000;

/** `marie up`: runs a fabric until a signal. */
export async function up(io: Io, options: UpOptions): Promise<void> {
  const config = loadConfig(options.config ?? null, settingsOf(options));
  // Listens for the signal before anybody learns that the fabric is up: who has read the address may end it at once.
  await interruptible(async (signal) => {
    const asked = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
    const [composition, { openLog }] = await Promise.all([
      import('../../main/up.js'),
      import('../../main/telemetry.js'),
    ]);
    const { data, cell, log } = config;
    const logger = openLog(log.level, cell);
    // With --json whatever is on stderr is lines of JSON, for whoever gathers logs.
    const tell = (what: string): void => (io.json ? logger.info({}, what) : io.note(what));
    const ownKafka = await devKafka(tell, options, config);
    try {
      const { acceptClock = false, acceptCut = false } = options;
      const starting = composition.up({ ...config, acceptClock, acceptCut, logger });
      const fabric = await Promise.race([starting, asked]);
      if (fabric === null) return endEarly(signal, ownKafka);
      if (io.json) io.emit('up', { url: fabric.url, data, cell, pid: process.pid }, () => '');
      else greet(io, fabric.url, data, cell);
      const failure = await Promise.race([asked, fabric.failed]);
      if (failure === null) tell('ending …');
      // A disk that takes nothing more fails the close, too, which is not what somebody has to know.
      await fabric.close().catch((error: unknown) => {
        throw failure ?? error;
      });
      if (failure !== null) throw failure;
    } finally {
      await ownKafka?.stop();
      setTimeout(() => process.exit(), LINGER_MS).unref();
    }
  });
}

/**
 * Ends a fabric that hasn't started: it may wait a minute for brokers. What it has begun is given up with the process, as
 * any loss of it: the journal and the store are made for that.
 */
async function endEarly({ reason }: AbortSignal, ownKafka: DevKafka | null): Promise<never> {
  await ownKafka?.stop();
  process.exit((reason as Interrupted).exitCode);
}

/** The broker that this process has started for itself, if it was told to. */
async function devKafka(
  tell: (what: string) => void,
  { devKafka: asked }: UpOptions,
  { data, cell }: FabricConfig,
): Promise<DevKafka | null> {
  if (asked === undefined) return null;
  const { startDevKafka } = await import('../../main/dev-kafka/dev-kafka.js');
  return startDevKafka({ cell, folder: join(data, 'kafka'), port: portOf(asked), tell });
}

function portOf(asked: number | true): number {
  return asked === true ? DEV_KAFKA_PORT : asked;
}

function settingsOf(options: UpOptions): ConfigInput {
  const { data, host, port, cell, policy, devKafka: asked, logLevel, sync } = options;
  const kafka = asked === undefined ? options.kafka : `127.0.0.1:${portOf(asked)}`;
  return given({
    ...{ data, host, port, cell, policy },
    kafka: kafka === undefined ? undefined : brokersOf(kafka),
    log: logLevel === undefined ? undefined : { level: logLevel as LogLevel },
    journal: sync === undefined ? undefined : { sync: syncOf(sync) },
  });
}

function syncOf(text: string): 'every-turn' | 'off' | { everyMs: number } {
  if (text === 'every-turn' || text === 'off') return text;
  const digits = /^(\d{1,5})\s*ms$/.exec(text)?.[1];
  if (digits !== undefined) return { everyMs: Number(digits) };
  const todo = 'Give every-turn, off, or an interval such as 5ms.';
  throw new CliError(Exit.Usage, 'invalid-sync', `${text} is no sync policy`, { where: '--sync', todo });
}

function greet(io: Io, url: string, data: string, cell: string): void {
  const { bold, cyan, dim } = io.errColors;
  io.note(`${bold('marie')} cell ${cell} is up at ${cyan(url)}`);
  io.note(`${dim('API page')}  ${url}/docs`);
  io.note(`${dim('data')}      ${data}`);
  io.note(dim('Ctrl-C ends it.'));
}
