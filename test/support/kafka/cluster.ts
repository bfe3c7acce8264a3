import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaId } from '../../../src/main/dev-kafka/broker-process.js';
import { isOpen } from '../../../src/main/dev-kafka/listening.js';
import { AT_ONCE_ON_KAFKA } from '../at-once.js';
import { PATIENT_MS } from '../patience.js';
import { freePorts } from '../ports.js';
import { kafkaArchives } from './artifacts.js';
import { Broker } from './broker.js';
import { keyPair } from './guarded.js';

/** One broker, or several that replicate to one another. */
export interface KafkaCluster {
  readonly brokers: readonly Broker[];
  /** Addresses for clients. */
  readonly addresses: readonly string[];
  /** Resolves when all brokers serve. */
  ready(): Promise<void>;
  /** Ends all brokers and removes what they stored. */
  remove(): Promise<void>;
}

/**
 * Starts a cluster of so many brokers on an address of this machine; each is a controller, too. `prepare` sees each broker
 * before anything is in its folder.
 */
export async function startCluster(
  count: 1 | 3,
  host = '127.0.0.1',
  prepare: (broker: Broker) => Promise<void> = async () => undefined,
): Promise<KafkaCluster> {
  const archives = await kafkaArchives();
  const keys = await keyPair('broker');
  const folder = mkdtempSync(join(tmpdir(), 'marie-kafka-'));
  const ports = await freePorts((3 + 2 * AT_ONCE_ON_KAFKA) * count, host);
  const controllerPorts = ports.splice(0, count);
  const controllers = controllerPorts.map((port) => `${host}:${port}`);
  const brokers = controllerPorts.map((controllerPort, index) => {
    const own = join(folder, String(index + 1));
    mkdirSync(own);
    const [port = 0, guardedPort = 0] = ports.splice(0, 2);
    const proxied = Array.from({ length: AT_ONCE_ON_KAFKA }, () => {
      const [through = 0, tells = 0] = ports.splice(0, 2);
      return { port: through, tells };
    });
    const guarded = { port: guardedPort, keys };
    const at = { id: index + 1, folder: own, host, port, controllerPort };
    return new Broker({ ...at, controllers, archives, proxied, guarded });
  });
  for (const broker of brokers) await prepare(broker);
  const cluster = kafkaId();
  const voters = controllers.map((controller, index) => `${index + 1}@${controller}:${kafkaId()}`).join(',');
  const options = count === 1 ? ['--standalone'] : ['--initial-controllers', voters];
  await Promise.all(brokers.map((broker) => broker.format(cluster, options)));
  for (const broker of brokers) broker.start();
  const addresses = brokers.map(({ address }) => address);
  const started: KafkaCluster = {
    brokers,
    addresses,
    ready: () => untilReady(addresses),
    remove: async () => {
      await Promise.all(brokers.map((broker) => broker.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await started.ready();
    return started;
  } catch (error) {
    await started.remove();
    throw error;
  }
}

async function untilReady(addresses: readonly string[]): Promise<void> {
  const end = Date.now() + PATIENT_MS;
  await Promise.all(addresses.map((address) => untilOpen(address, end)));
  const kafka = new Kafka({ brokers: [...addresses], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      if (brokers.length === addresses.length) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    } finally {
      await admin.disconnect();
    }
    if (Date.now() > end) throw new Error(`the brokers ${addresses.join(', ')} do not know one another`);
    await sleep(50);
  }
}

/** Resolves when something listens; the port alone, since a client that is refused waits longer than a broker takes. */
async function untilOpen(address: string, end: number): Promise<void> {
  const [host = '', port] = address.split(':');
  while (!(await isOpen(host, Number(port)))) {
    if (Date.now() > end) throw new Error(`no broker listens on ${address}`);
    await sleep(30);
  }
}
