import { logLevel } from 'kafkajs';
import Cluster, { type Broker } from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import { CONNECT_TIMEOUT_MS, type KafkaConnection, Sockets, saslOf } from './connection.js';
import { asKafkaFault, KafkaFault } from './fault.js';

export interface LinkOptions {
  /** How long an answer may take, in ms. */
  readonly requestTimeoutMs: number;
  /** Read only what committed transactions wrote. */
  readonly committedOnly?: boolean;
}

/** The client says nothing by itself: whoever asked gets the error. */
const SILENT = loggers.createLogger({ level: logLevel.NOTHING, logCreator: () => () => undefined });

/** Which broker the next link asks first. */
let turnOfSeeds = 0;

/**
 * One use of a cluster's brokers, until something fails: then it is dropped as a whole, and the next one begins with
 * fresh connections and fresh knowledge of who leads what. It retries nothing.
 */
export class Link {
  readonly #cluster: Cluster;
  readonly #sockets = new Sockets();
  readonly #ready = new Map<string, Promise<void>>();
  readonly #seeds: number;
  #isDropped = false;

  constructor({ brokers, clientId, tls, credentials }: KafkaConnection, options: LinkOptions) {
    const first = turnOfSeeds++ % brokers.length;
    this.#seeds = brokers.length;
    this.#cluster = new Cluster({
      logger: SILENT,
      socketFactory: this.#sockets.factory,
      brokers: [...brokers.slice(first), ...brokers.slice(0, first)],
      ssl: tls === undefined ? undefined : { ...tls },
      sasl: saslOf(credentials),
      clientId,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      authenticationTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs,
      enforceRequestTimeout: true,
      metadataMaxAge: Number.MAX_SAFE_INTEGER,
      retry: { retries: 0 },
      allowAutoTopicCreation: false,
      maxInFlightRequests: null,
      isolationLevel: options.committedOnly === true ? 1 : 0,
    });
  }

  /** The broker that leads a partition. Throws `KafkaFault`. */
  async leader(topic: string, partition: number): Promise<Broker> {
    try {
      await this.#know(topic);
      const found = this.#cluster.findTopicPartitionMetadata(topic).find((one) => one.partitionId === partition);
      if (found === undefined) {
        throw new KafkaFault('kafka-topic-missing', `${topic} has no partition ${partition}`, false);
      }
      return await this.#cluster.findBroker({ nodeId: found.leader });
    } catch (error) {
      throw asKafkaFault(error, `the leader of ${topic}/${partition} can't be asked`, false);
    }
  }

  /** How many partitions a topic has. Throws `KafkaFault`. */
  async partitions(topic: string): Promise<number> {
    try {
      await this.#know(topic);
      return this.#cluster.findTopicPartitionMetadata(topic).length;
    } catch (error) {
      throw asKafkaFault(error, `nothing is known of ${topic}`, false);
    }
  }

  /** The first position that is still there, and the one after the last. Throws `KafkaFault`. */
  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    try {
      await this.#know(topic);
      return { start: await this.#bound(topic, partition, true), end: await this.#bound(topic, partition, false) };
    } catch (error) {
      throw asKafkaFault(error, `the bounds of ${topic}/${partition} can't be asked`, false);
    }
  }

  /** Cuts all connections at once. */
  drop(): void {
    this.#isDropped = true;
    this.#sockets.cut();
  }

  async #bound(topic: string, partition: number, fromBeginning: boolean): Promise<number> {
    const asked = { topic, partitions: [{ partition }], fromBeginning };
    const [answer] = await this.#cluster.fetchTopicsOffset([asked]);
    const offset = answer?.partitions[0]?.offset;
    if (offset === undefined) throw new Error(`no offset of ${topic}/${partition} was given`);
    return Number(offset);
  }

  #know(topic: string): Promise<void> {
    if (this.#isDropped) throw new KafkaFault('kafka-unavailable', 'the link was dropped', false);
    let known = this.#ready.get(topic);
    if (known === undefined) {
      known = this.#connect().then(() => this.#cluster.addTargetTopic(topic));
      this.#ready.set(topic, known);
    }
    return known;
  }

  /** Asks the brokers one after the other until one answers: some may be away. */
  async #connect(): Promise<void> {
    for (let left = this.#seeds - 1; ; left--) {
      try {
        return await this.#cluster.connect();
      } catch (error) {
        // The client turns to the next one when it is asked again.
        if (left <= 0 || this.#isDropped || !asKafkaFault(error, 'no broker answers', false).isPassing) throw error;
      }
    }
  }
}
