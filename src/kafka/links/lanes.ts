import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { KafkaFault } from '../fault.js';
import type { KafkaConnection } from './connection.js';
import { Link, type LinkOptions } from './link.js';

/** What is asked of the broker that leads a partition. */
export interface Ask {
  readonly topic: string;
  readonly partition: number;
}

/** Asks a broker with one request; gives what became of each, in their order. It may reject for all of them. */
export type Exchange<A extends Ask, R> = (
  asks: readonly A[],
  broker: Broker,
  link: Link,
) => Promise<readonly (R | KafkaFault)[]>;

export interface LanesOptions extends LinkOptions {
  /**
   * From the beginning of a request to that of the next one to the same broker, in ms, at least: what comes meanwhile goes
   * with the next one. One that comes after a pause leaves at once.
   */
  readonly everyMs: number;
}

/**
 * Partitions of many topics, and one request at a time to each broker for all that it leads, as Kafka's own clients do
 * it: a request costs fabric and broker more than the few records in it.
 *
 * After a fault new asks use new connections and learn anew who leads what. What is under way with other brokers
 * meanwhile goes on, and the old connections are cut when it is over.
 */
export class Lanes<A extends Ask, R> {
  #uses: Uses<A, R> | null = null;
  readonly #old = new Set<Uses<A, R>>();
  #isClosed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly options: LanesOptions,
    private readonly exchange: Exchange<A, R>,
  ) {}

  /** What the broker answers; the next ask of the same partition comes after it. Throws `KafkaFault`. */
  ask(ask: A): Promise<R> {
    return this.#use(async (uses) => {
      const broker = await uses.link.leader(ask.topic, ask.partition);
      return this.#laneOf(uses, broker).ask(ask);
    });
  }

  /** The first position of a partition that is still there, and the one after the last. Throws `KafkaFault`. */
  bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    return this.#use(({ link }) => link.bounds(topic, partition));
  }

  /** Uses new connections from now on; those of before are cut when nothing is under way by them. */
  drop(): void {
    const uses = this.#uses;
    this.#uses = null;
    if (uses?.count === 0) uses.link.drop();
    else if (uses !== null) this.#old.add(uses);
  }

  /** Cuts the connections for good, and with them what waits. */
  close(): void {
    this.#isClosed = true;
    for (const { link } of this.#old) link.drop();
    this.#uses?.link.drop();
  }

  async #use<T>(run: (uses: Uses<A, R>) => Promise<T>): Promise<T> {
    const uses = this.#open();
    uses.count += 1;
    try {
      return await run(uses);
    } catch (error) {
      if (this.#uses === uses) this.drop();
      throw error;
    } finally {
      uses.count -= 1;
      if (uses.count === 0 && this.#old.delete(uses)) uses.link.drop();
    }
  }

  #open(): Uses<A, R> {
    if (this.#isClosed) throw new KafkaFault('kafka-unavailable', 'its connections were closed', false);
    this.#uses ??= { link: new Link(this.connection, this.options), lanes: new Map(), count: 0 };
    return this.#uses;
  }

  #laneOf({ link, lanes }: Uses<A, R>, broker: Broker): Lane<A, R> {
    return madeOnce(lanes, broker, () => new Lane(this.options.everyMs, (asks) => this.exchange(asks, broker, link)));
  }
}

/** Connections, until something fails, and how much goes on by them. */
interface Uses<A extends Ask, R> {
  readonly link: Link;
  readonly lanes: Map<Broker, Lane<A, R>>;
  count: number;
}

interface Waiting<A, R> {
  readonly ask: A;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/** The requests to one broker, one after the other. */
class Lane<A extends Ask, R> {
  readonly #waiting: Waiting<A, R>[] = [];
  #isRunning = false;
  #nextMs = 0;

  constructor(
    private readonly everyMs: number,
    private readonly exchange: (asks: readonly A[]) => Promise<readonly (R | KafkaFault)[]>,
  ) {}

  ask(ask: A): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const early = this.#nextMs - performance.now();
      if (early > 0) await sleep(early);
      // Whoever asks at the same time, as after the answer before, comes along.
      else await nextTurn();
      this.#nextMs = performance.now() + this.everyMs;
      await this.#exchange(this.#waiting.splice(0));
    }
    this.#isRunning = false;
  }

  async #exchange(waiting: readonly Waiting<A, R>[]): Promise<void> {
    try {
      const answers = await this.exchange(waiting.map(({ ask }) => ask));
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const answer = answers[index]!;
        if (answer instanceof KafkaFault) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
