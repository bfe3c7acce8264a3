/** The parts of a fabric whose log is on Kafka: topics, RocksDB, the system's clocks and timers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../gateway/json/text.js';
import { readSubmission } from '../gateway/submission/read.js';
import { KafkaInbox } from '../inbox/kafka/inbox.js';
import type { ReadJson } from '../inbox/kafka/record.js';
import { KafkaInputs } from '../inbox/kafka/source.js';
import { openKafkaJournal } from '../journal/kafka/open.js';
import type { KafkaConnection, KafkaCredentials } from '../kafka/connection.js';
import { KafkaFault } from '../kafka/fault.js';
import { Framing } from '../kafka/framing.js';
import { Link } from '../kafka/link.js';
import { INPUT_TOPICS, type InputTopic, topicName } from '../kafka/topics.js';
import { checkSubmission } from '../kernel/decide/check-submission.js';
import { LAYOUT } from '../kernel/tables.js';
import { openRocksStoreInThread } from '../store/rocksdb/thread/store.js';
import { randomWriter, systemClocks, systemTimers } from './adapters/system.js';
import { ConfigError, type FabricConfig, type KafkaConfig } from './config.js';
import type { SharedParts } from './shared-fabric.js';

/** How long the brokers may take to say what they know of topics, in ms. */
const METADATA_MS = 5000;

/** What a configuration stands for. Throws `KafkaFault` where the topics aren't there. */
export async function kafkaParts({ cell, data }: FabricConfig, kafka: KafkaConfig): Promise<SharedParts> {
  const connection = connectionOf(kafka);
  const partitions = await partitionsOf(connection, cell);
  const framing = new Framing();
  const shared = { connection, cell, framing, partitions };
  return {
    cell,
    clocks: systemClocks,
    timers: systemTimers,
    writer: randomWriter(),
    silenceMs: kafka.silenceMs,
    idleMs: kafka.idleMs,
    openStore: () => openRocksStoreInThread({ dir: join(data, 'store'), cell, layout: LAYOUT }),
    openJournal: async (stored) => ({
      journal: await openKafkaJournal({
        connection,
        topic: topicName(cell, 'journal'),
        cell,
        ...(stored === null ? {} : { covered: stored }),
      }),
    }),
    inbox: new KafkaInbox({ ...shared, nowMs: systemClocks.monotonicMs, after: systemTimers.after }),
    openInputs: (onFatal) => new KafkaInputs({ ...shared, readJson: jsonReader(cell), onFatal }),
    isPassing: (error) => error instanceof KafkaFault && error.isPassing,
  };
}

/** How brokers are reached, with the files and secrets that the configuration names. Throws `ConfigError`. */
export function connectionOf({ brokers, clientId, tls, sasl }: KafkaConfig): KafkaConnection {
  const file = (path: string | undefined): string | undefined => (path === undefined ? undefined : textFile(path));
  const { ca, cert, key, servername } = tls ?? {};
  const pem = { ca: file(ca), cert: file(cert), key: file(key), servername };
  const given = Object.fromEntries(Object.entries(pem).filter(([, value]) => value !== undefined));
  return {
    brokers,
    clientId,
    ...(tls === undefined ? {} : { tls: given }),
    ...(sasl === undefined ? {} : { credentials: credentialsOf(sasl) }),
  };
}

function credentialsOf(sasl: NonNullable<KafkaConfig['sasl']>): KafkaCredentials {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl, password: secretOf(sasl.password) };
  const { token } = sasl;
  // Read each time: whoever renews the token writes it anew.
  return { mechanism: 'oauthbearer', token: async () => secretOf(token) };
}

function secretOf({ file, env }: { readonly file?: string | undefined; readonly env?: string | undefined }): string {
  if (file !== undefined) return textFile(file).trim();
  const value = process.env[env ?? ''];
  if (value === undefined) throw wrong(`the environment has no ${env}`);
  return value;
}

function textFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(detail: string): ConfigError {
  return new ConfigError(null, [{ path: 'kafka', detail }]);
}

async function partitionsOf(connection: KafkaConnection, cell: string): Promise<Record<InputTopic, number>> {
  const link = new Link(connection, { requestTimeoutMs: METADATA_MS });
  try {
    const counts = { submissions: 0, callbacks: 0, controls: 0 };
    for (const topic of INPUT_TOPICS) counts[topic] = await link.partitions(topicName(cell, topic));
    return counts;
  } finally {
    link.drop();
  }
}

/** JSON submissions are read as the HTTP edge reads them. */
function jsonReader(cell: string): ReadJson {
  return (bytes, sender, tenant, idempotencyKey) => {
    const line = { text: textOf(bytes), bytes: bytes.length };
    return readSubmission(line, { cell, tenant, idempotencyKey, sender, check: checkSubmission });
  };
}
