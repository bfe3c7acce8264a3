/**
 * Fetch requests, with records read by our own code. In version 10 only the leader answers: since 11 any replica does, and
 * one that is behind says that a position is out of range, as if records were gone.
 */
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { UNREADABLE } from '../fault.js';
import { AnswerReader, ByPartition, errorOf, send } from './answer.js';
import { byTopic } from './by-topic.js';
import { type ReadBatches, readBatches, type StoredRecord } from './record-batch.js';
import { Scratch } from './scratch.js';

/** Where a partition is read. */
export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly maxBytes: number;
}

export interface FetchOptions {
  readonly committedOnly: boolean;
  /** How long the broker may wait until one of the partitions has a record, in ms. */
  readonly maxWaitMs: number;
  /** Of all partitions. The first that has records gives at least one batch. */
  readonly maxBytes: number;
}

/** What a broker has of a partition. */
export interface FetchedPartition {
  readonly errorCode: number;
  /** The position after the last record that all replicas in sync have. */
  readonly highWatermark: number;
  /** The position after the last record of which it is known whether its transaction was committed. */
  readonly lastStable: number;
  /** Transactions that were aborted and have records among these. */
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly records: readonly StoredRecord[];
  /** The position after what was read; null where nothing was. */
  readonly next: number | null;
  /** Why what comes next can't be read; null where it can, or where something before it was. */
  readonly unreadable: unknown;
}

const API = { apiKey: 1, apiVersion: 10, apiName: 'Fetch' };
const CONSUMER = -1;
const NOTHING = -1;
/** The numbers of a request, of a topic beside its name, and of a partition. */
const REQUEST_BYTES = 30;
const TOPIC_BYTES = 6;
const PARTITION_BYTES = 28;

interface Answer {
  readonly errorCode: number;
  readonly clientSideThrottleTime: number;
  readonly partitions: ByPartition<FetchedPartition>;
}

/** A broker gives nothing, whatever it has: the client has had more than its quota, and is not heard for so long. */
export interface Throttled {
  readonly throttledMs: number;
}

/**
 * What partitions have from positions on, from the broker that leads them; in the order of the places. The client waits
 * for so long, in ms.
 */
export async function fetch(
  broker: Broker,
  places: readonly FetchPlace[],
  options: FetchOptions,
  requestTimeout: number,
): Promise<readonly FetchedPartition[] | Throttled> {
  const payload = encode(places, options);
  const { errorCode, partitions, clientSideThrottleTime } = await send(broker, API, payload, decode, requestTimeout);
  const error = errorOf(errorCode);
  if (error !== null) throw error;
  if (partitions.isEmpty && clientSideThrottleTime > 0) return { throttledMs: clientSideThrottleTime };
  return places.map(({ topic, partition }) => partitions.get(topic, partition));
}

function encode(places: readonly FetchPlace[], { committedOnly, maxWaitMs, maxBytes }: FetchOptions): Buffer {
  const out = new Scratch();
  out.reserve(REQUEST_BYTES);
  out.int32(CONSUMER);
  out.int32(maxWaitMs);
  out.int32(1); // bytes at least
  out.int32(maxBytes);
  out.int8(committedOnly ? 1 : 0);
  out.int32(0); // no session,
  out.int32(NOTHING); // and none to be made
  const topics = byTopic(places);
  out.int32(topics.size);
  for (const [topic, own] of topics) {
    const name = Buffer.from(topic, 'utf8');
    out.reserve(TOPIC_BYTES + name.length + own.length * PARTITION_BYTES);
    out.int16(name.length);
    out.raw(name);
    out.int32(own.length);
    for (const place of own) {
      out.int32(place.partition);
      out.int32(NOTHING); // whatever the epoch of the partition's leader
      out.int64(place.from);
      out.int64(NOTHING);
      out.int32(place.maxBytes);
    }
  }
  out.reserve(4);
  out.int32(0); // nothing is forgotten of a session
  return out.taken();
}

function decode(bytes: Buffer): Answer {
  const at = new AnswerReader(bytes);
  const clientSideThrottleTime = at.int32();
  const errorCode = at.int16();
  at.int32(); // the session
  const partitions = new ByPartition<FetchedPartition>();
  at.array(() => {
    const topic = at.text();
    at.array(() => partitions.add(topic, at.int32(), partitionAt(at)));
  });
  return { errorCode, clientSideThrottleTime, partitions };
}

function partitionAt(at: AnswerReader): FetchedPartition {
  const errorCode = at.int16();
  const highWatermark = at.int64();
  const lastStable = at.int64();
  at.int64(); // the first position that is still there
  const aborted = at.array(() => ({ producerId: at.int64(), firstOffset: at.int64() }));
  const bytes = at.taken(at.int32());
  return { errorCode, highWatermark, lastStable, aborted, ...recordsIn(bytes) };
}

/** What one partition has that can't be read is its own fault: the others of the answer are read. */
function recordsIn(bytes: Buffer): Pick<FetchedPartition, 'records' | 'next' | 'unreadable'> {
  const read: ReadBatches = { records: [], next: null };
  try {
    return { ...readBatches(bytes, read), unreadable: null };
  } catch (error) {
    return { ...read, unreadable: read.next === null ? Object.assign(error as Error, { type: UNREADABLE }) : null };
  }
}
