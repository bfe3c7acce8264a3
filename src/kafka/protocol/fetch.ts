/**
 * Fetch requests of one partition, with records read by our own code. In version 10 only the leader answers: since 11 any
 * replica does, and one that is behind says that a position is out of range, as if records were gone.
 */
import type { Broker, ResponseCodec } from 'kafkajs/src/cluster/index.js';
import response from 'kafkajs/src/protocol/requests/fetch/v10/response.js';
import { readBatches, type StoredRecord } from './record-batch.js';
import { Scratch } from './scratch.js';

export interface FetchOptions {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly committedOnly: boolean;
  /** How long the broker may wait for a record, in ms. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
}

/** What a broker has of a partition. */
export interface FetchedPartition {
  readonly errorCode: number;
  /** The position after the last record that all replicas in sync have. */
  readonly highWatermark: number;
  /** The position after the last record of which it is known whether its transaction was committed. */
  readonly lastStable: number;
  /** The first position that is still there. */
  readonly start: number;
  /** Transactions that were aborted and have records among these. */
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly records: readonly StoredRecord[];
}

const FETCH = 1;
const VERSION = 10;
const CONSUMER = -1;
const NOTHING = -1;
/** All numbers of a request. */
const REQUEST_BYTES = 80;

/** The answer as the client's check for errors takes it. */
interface Answer {
  readonly errorCode: number;
  readonly clientSideThrottleTime: number;
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
}

const codec: ResponseCodec<Answer> = {
  decode: async (bytes) => decode(bytes),
  parse: response.parse as ResponseCodec<Answer>['parse'],
};

/** What a partition has from a position on, from the broker that leads it. */
export async function fetch(broker: Broker, options: FetchOptions): Promise<FetchedPartition> {
  const payload = encode(options);
  const request = {
    apiKey: FETCH,
    apiVersion: VERSION,
    apiName: 'Fetch',
    encode: async () => ({ buf: payload, buffer: payload }),
  };
  const { responses } = await broker.connectionPool.send({ request, response: codec });
  const found = responses[0]?.partitions[0];
  if (found === undefined) throw new Error('the answer names no partition');
  return found;
}

function encode({ topic, partition, from, committedOnly, maxWaitMs, maxBytes }: FetchOptions): Buffer {
  const name = Buffer.from(topic, 'utf8');
  const out = new Scratch();
  out.reserve(REQUEST_BYTES + name.length);
  out.int32(CONSUMER);
  out.int32(maxWaitMs);
  out.int32(1); // bytes at least
  out.int32(maxBytes);
  out.int8(committedOnly ? 1 : 0);
  out.int32(0); // no session,
  out.int32(NOTHING); // and none to be made
  out.int32(1);
  out.int16(name.length);
  out.raw(name);
  out.int32(1);
  out.int32(partition);
  out.int32(NOTHING); // whatever the epoch of the partition's leader
  out.int64(from);
  out.int64(NOTHING);
  out.int32(maxBytes);
  out.int32(0); // nothing is forgotten of a session
  return out.taken();
}

function decode(bytes: Buffer): Answer {
  const at = new Reader(bytes);
  const clientSideThrottleTime = at.int32();
  const errorCode = at.int16();
  at.int32(); // the session
  const responses = at.array(() => {
    at.skip(at.int16()); // the topic's name
    return { partitions: at.array(() => partitionAt(at)) };
  });
  return { errorCode, clientSideThrottleTime, responses };
}

function partitionAt(at: Reader): FetchedPartition {
  at.int32(); // the partition
  const errorCode = at.int16();
  const highWatermark = at.int64();
  const lastStable = at.int64();
  const start = at.int64();
  const aborted = at.array(() => ({ producerId: at.int64(), firstOffset: at.int64() }));
  return { errorCode, highWatermark, lastStable, start, aborted, records: readBatches(at.taken(at.int32())) };
}

/** Reads the numbers of an answer. */
class Reader {
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

  skip(bytes: number): void {
    this.#at += bytes;
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
