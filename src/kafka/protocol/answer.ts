/** Requests that are written here, and what brokers answer to them, as bytes. */
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';

const FINE = 0;

/** The error that a broker's code stands for, as the client has it; null for none. */
export function errorOf(code: number): Error | null {
  return code === FINE ? null : createErrorFromCode(code);
}

/** What a request is to a broker. */
interface Api {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
}

/** Sends a request by the client's connection, which waits so long for the answer, in ms. */
export function send<T>(
  { connectionPool }: Broker,
  api: Api,
  payload: Buffer,
  decode: (answer: Buffer) => T,
  requestTimeout: number,
): Promise<T> {
  return connectionPool.send({
    // What the client takes for an encoder.
    request: { ...api, encode: async () => ({ buf: payload, buffer: payload }) },
    response: { decode: async (bytes) => decode(bytes), parse: async (answer) => answer },
    requestTimeout,
  });
}

/** What a broker says of one partition, by the partition's name. */
export class ByPartition<T> {
  readonly #found = new Map<string, T>();

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  add(topic: string, partition: number, said: T): void {
    this.#found.set(`${topic}/${partition}`, said);
  }

  get(topic: string, partition: number): T {
    const said = this.#found.get(`${topic}/${partition}`);
    if (said === undefined) throw new Error(`the answer does not name ${topic}/${partition}`);
    return said;
  }
}

/** Reads the numbers and texts of an answer. */
export class AnswerReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  int16(): number {
    this.#at += 2;
    return this.bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.bytes.readInt32BE(this.#at - 4);
  }

  int64(): number {
    return this.int32() * 2 ** 32 + (this.int32() >>> 0);
  }

  text(): string {
    return this.taken(this.int16()).toString('utf8');
  }

  /** The next bytes; fewer than none are none. */
  taken(length: number): Buffer {
    const start = this.#at;
    this.#at += Math.max(0, length);
    return this.bytes.subarray(start, this.#at);
  }

  array<T>(read: () => T): T[] {
    const found: T[] = [];
    for (let left = this.int32(); left > 0; left--) found.push(read());
    return found;
  }
}
