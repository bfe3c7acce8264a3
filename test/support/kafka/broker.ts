import { join } from 'node:path';
import { BrokerProcess } from '../../../src/main/dev-kafka/broker-process.js';
import { type Guarded, guardedNames, guardedProperties } from './guarded.js';

/** A listener for clients that come through a proxy, and the proxy's port that it tells them. */
export interface Proxied {
  readonly port: number;
  readonly tells: number;
}

/** What a broker is started from; it keeps its folder and ports when it is started again. */
export interface BrokerSpec {
  readonly id: number;
  readonly folder: string;
  /** The address on which it listens. */
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Listeners of its own for clients that come through a proxy. */
  readonly proxied: readonly Proxied[];
  /** A listener of its own for clients that must prove who they are. */
  readonly guarded: Guarded;
  /** Every controller, as `host:port`. */
  readonly controllers: readonly string[];
  /** Folder of Kafka's archives. */
  readonly archives: string;
}

/** In its folder, where it stores its records. */
const DATA = 'data';

/** One Kafka broker, a process of its own, which is its own controller, too. */
export class Broker extends BrokerProcess {
  constructor(readonly spec: BrokerSpec) {
    super({ ...spec, properties: properties(spec) });
  }

  /** Where clients find it. */
  get address(): string {
    return `${this.spec.host}:${this.spec.port}`;
  }

  /** Where it stores its records. */
  get data(): string {
    return join(this.spec.folder, DATA);
  }
}

/** A broker of a test: quick to start, to notice that another is gone, and to come back. */
function properties({
  id,
  folder,
  host,
  port,
  controllerPort,
  controllers,
  proxied,
  guarded,
}: BrokerSpec): Record<string, string | number | boolean> {
  const copies = Math.min(3, controllers.length);
  const inSync = copies === 3 ? 2 : 1;
  const { listener, protocol } = guardedNames(host, guarded);
  const listeners = proxied.map(({ port }, i) => `PROXIED${i}://${host}:${port}`);
  const advertised = proxied.map(({ tells }, i) => `PROXIED${i}://${host}:${tells}`);
  const protocols = proxied.map((_, i) => `PROXIED${i}:PLAINTEXT`);
  const own = `PLAINTEXT://${host}:${port}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.bootstrap.servers': controllers.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: [own, ...listeners, `CONTROLLER://${host}:${controllerPort}`, listener].join(','),
    'advertised.listeners': [own, ...advertised, listener].join(','),
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', ...protocols, 'CONTROLLER:PLAINTEXT', protocol].join(','),
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
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 500,
    'controller.quorum.fetch.timeout.ms': 5000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'replica.fetch.max.bytes': 12 * 1024 * 1024,
    ...guardedProperties(guarded),
  };
}
