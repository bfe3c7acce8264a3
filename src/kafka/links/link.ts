import type Cluster from 'kafkajs/src/cluster/index.js';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { asKafkaFault, KafkaFault } from '../fault.js';
import { type ClusterOptions, clusterOf } from './cluster.js';
import { CONNECT_TIMEOUT_MS, type KafkaConnection, Sockets } from './connection.js';
import { brokersToAsk, brokersTold } from './known-brokers.js';

export type LinkOptions = Omit<ClusterOptions, 'retries'>;

/** How long an answer may take of which more and more comes, in ms. */
export const LONGEST_ANSWER_MS = 60_000;
/** Bytes in a ms that the slowest line takes with which a fabric gets on. */
const SLOWEST_LINE = 512;

/** How long so many bytes may be under way to a broker, in ms. */
export function sendingMs(bytes: number): number {
  return Math.ceil(bytes / SLOWEST_LINE);
}

/** How long a broker may take to take a connection, say which requests it knows, and let the client in, in ms. */
const WELCOME_MS = 2 * CONNECT_TIMEOUT_MS;

/**
 * One use of a cluster's brokers, until something fails: then it is dropped as a whole, and the next one begins with
 * fresh connections and fresh knowledge of who leads what. It retries nothing.
 *
 * Whatever is awaited here ends by a timer of our own, or when the link is dropped. The client's time-outs don't cover
 * all: they go by the wall clock, which may be set back, and there is none while a client proves who it is.
 */
export class Link {
  readonly #connection: KafkaConnection;
  readonly #options: LinkOptions;
  readonly #sockets = new Sockets();
  readonly #seeds: readonly string[];
  readonly #knowing = new Map<string, Promise<Cluster>>();
  readonly #leaders = new Map<string, Promise<Broker>>();
  /** How what is awaited now is made to fail. */
  readonly #awaited = new Set<(error: Error) => void>();
  #connecting: Promise<Cluster> | null = null;
  /** Until when a broker said that it does not hear this client, by the monotonic clock, in ms. */
  #throttledUntilMs = 0;
  #isDropped = false;

  constructor(connection: KafkaConnection, options: LinkOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#seeds = brokersToAsk(connection);
  }

  /** The broker that leads a partition. Throws `KafkaFault`. */
  leader(topic: string, partition: number): Promise<Broker> {
    return madeOnce(this.#leaders, `${topic}/${partition}`, () => this.#findLeader(topic, partition));
  }

  /** How many partitions a topic has. Throws `KafkaFault`. */
  async partitions(topic: string): Promise<number> {
    try {
      return (await this.#know(topic)).findTopicPartitionMetadata(topic).length;
    } catch (error) {
      throw asKafkaFault(error, `nothing is known of ${topic}`, false);
    }
  }

  /** The first position that is still there, and the one after the last. Throws `KafkaFault`. */
  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    try {
      await this.leader(topic, partition);
      const cluster = await this.#know(topic);
      const bound = async (fromBeginning: boolean): Promise<number> => {
        const asked = { topic, partitions: [{ partition }], fromBeginning };
        const [answer] = await this.answer(cluster.fetchTopicsOffset([asked]));
        const offset = answer?.partitions[0]?.offset;
        if (offset === undefined) throw new Error(`no offset of ${topic}/${partition} was given`);
        return Number(offset);
      };
      return { start: await bound(true), end: await bound(false) };
    } catch (error) {
      throw asKafkaFault(error, `the bounds of ${topic}/${partition} can't be asked`, false);
    }
  }

  /**
   * What brokers answer to a request, for which they may have to be connected to. Rejects, too, when that takes longer
   * than it may, and when the link is dropped meanwhile.
   */
  answer<T>(asked: Promise<T>, withinMs = this.withinMs()): Promise<T> {
    return this.#answer(asked, withinMs, () => false);
  }

  /** The same of an answer that may be long: it may take as long as it does while more of it comes by a slow line. */
  longAnswer<T>(asked: Promise<T>, { connectionPool: from }: Broker): Promise<T> {
    const startedMs = performance.now();
    let received = this.#sockets.receivedFrom(from);
    return this.#answer(asked, this.#options.requestTimeoutMs, () => {
      const before = received;
      received = this.#sockets.receivedFrom(from);
      return received > before && performance.now() - startedMs < LONGEST_ANSWER_MS;
    });
  }

  /** How long an answer may take to a request of so many bytes, a connection that has to be made included, in ms. */
  withinMs(bytes = 0): number {
    return WELCOME_MS + this.#options.requestTimeoutMs + sendingMs(bytes);
  }

  /** `goesOn` is asked whenever so much time has passed without the answer. */
  #answer<T>(asked: Promise<T>, withinMs: number, goesOn: () => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#awaited.delete(fail);
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      const askedMs = performance.now();
      const late = (): Error => new Error(`there was no answer within ${withinMs} ms${this.#whyLate(askedMs)}`);
      const overdue = (): void => {
        if (!goesOn()) return fail(late());
        timer = setTimeout(overdue, withinMs);
      };
      let timer = setTimeout(overdue, withinMs);
      this.#awaited.add(fail);
      asked.then((answer) => {
        end();
        resolve(answer);
      }, fail);
      if (this.#isDropped) fail(dropped());
    });
  }

  /** A broker does not hear this client for so many ms: it has had more than its quota. */
  readonly throttled = (ms: number): void => {
    this.#throttledUntilMs = Math.max(this.#throttledUntilMs, performance.now() + ms);
  };

  #whyLate(askedMs: number): string {
    const ms = Math.ceil(this.#throttledUntilMs - askedMs);
    return ms > 0 ? `: the brokers hold this client to its quota, and were not to hear it for ${ms} ms` : '';
  }

  /** Cuts all connections at once, for good; what waits for an answer is rejected. */
  drop(): void {
    this.#isDropped = true;
    this.#sockets.cut();
    for (const fail of this.#awaited) fail(dropped());
  }

  async #findLeader(topic: string, partition: number): Promise<Broker> {
    try {
      const cluster = await this.#know(topic);
      const found = cluster.findTopicPartitionMetadata(topic).find((one) => one.partitionId === partition);
      if (found === undefined) {
        throw new KafkaFault('kafka-topic-missing', `${topic} has no partition ${partition}`, false);
      }
      if (found.leader < 0) {
        throw new KafkaFault('kafka-unavailable', `${topic}/${partition} has no leader now`, false);
      }
      return await this.answer(cluster.findBroker({ nodeId: found.leader }));
    } catch (error) {
      throw asKafkaFault(error, `the leader of ${topic}/${partition} can't be asked`, false);
    }
  }

  #know(topic: string): Promise<Cluster> {
    let known = this.#knowing.get(topic);
    if (known === undefined) {
      this.#connecting ??= this.#connect();
      known = this.#connecting.then(async (cluster) => {
        await this.answer(cluster.addTargetTopic(topic));
        brokersTold(this.#connection, cluster.brokerPool.metadata.brokers);
        return cluster;
      });
      this.#knowing.set(topic, known);
    }
    return known;
  }

  /** Asks the brokers one after the other until one answers: some may be away, or silent. */
  async #connect(): Promise<Cluster> {
    for (const [index, seed] of this.#seeds.entries()) {
      const cluster = clusterOf({ ...this.#connection, brokers: [seed] }, this.#sockets, {
        ...this.#options,
        retries: 0,
      });
      try {
        await this.answer(cluster.connect(), WELCOME_MS);
        return cluster;
      } catch (error) {
        const isLast = index === this.#seeds.length - 1;
        if (isLast || this.#isDropped || !asKafkaFault(error, 'no broker answers', false).isPassing) throw error;
      }
    }
    throw new KafkaFault('kafka-unavailable', 'no brokers are named', false);
  }
}

function dropped(): Error {
  return new Error('the connection was dropped');
}
