/** A Kafka broker of this machine's own, so that Kafka mode can be tried with one command: no Docker, nothing to install. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import { patiently } from '../../kafka/reading/patience.js';
import { MAX_RECORD_BYTES } from '../../kafka/topics/topic-plan.js';
import { freePort } from '../adapters/port.js';
import { checkConfig } from '../config/config.js';
import { DEFAULT_TOPICS, planInit } from '../kafka/topics.js';
import { kafkaArchives, whyNoKafka } from './archives.js';
import { BrokerProcess, kafkaId } from './broker-process.js';
import { isOpen } from './listening.js';

const HOST = '127.0.0.1';
/** How long the broker may take until it serves, in ms. */
const READY_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** In its folder: the port on which its controller listens, and where it stores its records. */
const CONTROLLER_PORT = 'controller-port';
const RECORDS = 'records';

/** There is no broker, and none can be started. */
export class DevKafkaFailed extends Error {
  override readonly name = 'DevKafkaFailed';
  readonly code = 'dev-kafka-failed' satisfies ErrorCode;
}

export interface DevKafkaOptions {
  /** The cell whose topics are made. */
  readonly cell: string;
  /** Where it keeps what it has; a later start goes on with it. */
  readonly folder: string;
  readonly port: number;
  /** Tells what takes long. */
  readonly tell: (what: string) => void;
}

/** A broker that serves. */
export interface DevKafka {
  readonly broker: string;
  stop(): Promise<void>;
}

/** Starts a broker as `serve` does, and makes the topics of a cell. Throws `DevKafkaFailed` and `KafkaFault`. */
export async function startDevKafka(options: DevKafkaOptions): Promise<DevKafka> {
  const kafka = await serve(options);
  try {
    const { cell, kafka: config } = checkConfig({ cell: options.cell, kafka: { brokers: [kafka.broker] } });
    const wanted = { ...DEFAULT_TOPICS, replicas: 1, isDev: true };
    const plan = await patiently(() => planInit({ cell }, config!, wanted));
    const problems = plan.topics.flatMap(({ wish, problems: own }) => own.map((problem) => `${wish.name}: ${problem}`));
    if (plan.isRefused) throw new DevKafkaFailed(problems.join('; '));
    await plan.carryOut();
    return kafka;
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}

/**
 * Starts a broker, or takes the one that listens on the port already, which is then not ended. The archives are fetched
 * once for all of a user's fabrics.
 */
async function serve({ folder, port, tell }: DevKafkaOptions): Promise<DevKafka> {
  const broker = `${HOST}:${port}`;
  if (await isOpen(HOST, port)) {
    tell(`what listens on ${broker} already is taken for the broker`);
    return { broker, stop: async () => undefined };
  }
  const missing = await whyNoKafka();
  if (missing !== null) throw new DevKafkaFailed(missing);
  tell('starting a Kafka broker …');
  const running = await makeBroker(folder, port);
  running.start();
  // Nor does it outlive a process that ends at once, as at a second Ctrl-C.
  process.once('exit', () => void running.stop());
  try {
    await untilServing(running, port);
  } catch (error) {
    await running.kill();
    throw error;
  }
  return { broker, stop: () => running.stop() };
}

async function makeBroker(folder: string, port: number): Promise<BrokerProcess> {
  mkdirSync(folder, { recursive: true });
  const isNew = !existsSync(join(folder, RECORDS));
  const controllerPort = isNew ? await freePort(HOST) : Number(readFileSync(join(folder, CONTROLLER_PORT), 'utf8'));
  try {
    const archives = await kafkaArchives(cacheFolder());
    const broker = new BrokerProcess({
      folder,
      archives,
      properties: properties(port, controllerPort),
      ownGroup: true,
    });
    if (isNew) {
      writeFileSync(join(folder, CONTROLLER_PORT), String(controllerPort));
      await broker.format(kafkaId(), ['--standalone']);
    }
    return broker;
  } catch (error) {
    throw new DevKafkaFailed(`Kafka could not be fetched or prepared: ${(error as Error).message}`, { cause: error });
  }
}

async function untilServing(broker: BrokerProcess, port: number): Promise<void> {
  for (let waitedMs = 0; !(await isOpen(HOST, port)); waitedMs += LOOK_EVERY_MS) {
    if (!broker.isUp) {
      const why = 'the broker has ended; another one may be using its folder or its ports';
      throw new DevKafkaFailed(`${why}. It said: ${broker.said.trim() || 'nothing'}`);
    }
    if (waitedMs > READY_MS) throw new DevKafkaFailed(`the broker does not listen after ${READY_MS / 1000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'marie');
}

/** One broker that is its own controller, quick to start. */
function properties(port: number, controllerPort: number) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.bootstrap.servers': `${HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${HOST}:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    // In its folder, where it runs: of a path Kafka takes other letters than ASCII for others, and a comma for a second one.
    'log.dirs': RECORDS,
    'auto.create.topics.enable': false,
    'message.max.bytes': MAX_RECORD_BYTES,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
  };
}
