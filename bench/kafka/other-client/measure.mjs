/** Appends and reads of one partition, acks=all, by kafkajs, by the fabric's batches on it, and by the other client. */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { PartitionReader } from '../../../src/kafka/reading/partition-reader.ts';
import { makeTopics } from '../../../src/kafka/topics/admin.ts';
import { PartitionWriter } from '../../../src/kafka/writing/partition-writer.ts';
import { startCluster } from '../../../test/support/kafka/cluster.ts';
import { withProducer } from '../raw.ts';
import { OtherReader, OtherWriter } from './client.mjs';

const SIZES = [1_024, 25 * 1_024, 116 * 1_024];
const MS = 1_200;
const ROUNDS = 3;
const MIB = 1024 * 1024;

const cluster = await startCluster(1);
const connection = { brokers: cluster.addresses, clientId: 'marie-bench' };
const settings = { 'max.message.bytes': String(12 * MIB) };
const rows = [];
try {
  for (let round = 1; round <= ROUNDS; round++) {
    for (const size of SIZES) {
      const record = { key: null, value: randomBytes(size), headers: { turn: '1' } };
      for (const who of ['kafkajs', 'fabric', 'other']) {
        const topic = `t-${who}-${size}-${round}`;
        await makeTopics(connection, [{ name: topic, partitions: 1, replicas: 1, settings }]);
        rows.push({ round, size, who, ...(await appends(who, topic, record)), ...(await reads(who, topic)) });
      }
    }
  }
} finally {
  await cluster.remove();
}
console.log(`${cpus()[0]?.model}, ${cpus().length} processors, Node ${process.version}`);
console.table(rows);

async function appends(who, topic, record) {
  if (who === 'kafkajs') {
    const messages = [{ partition: 0, value: record.value, headers: record.headers }];
    return withProducer(connection, (producer) => timed(() => producer.send({ topic, acks: -1, messages }), record));
  }
  const writer =
    who === 'fabric' ? new PartitionWriter(connection, topic, 0, 3000) : new OtherWriter(connection, topic, 0);
  try {
    return await timed(() => writer.write([record]), record);
  } finally {
    writer.close();
  }
}

async function timed(append, { value }) {
  for (let i = 0; i < 50; i++) await append();
  const took = [];
  const began = performance.now();
  while (performance.now() - began < MS) {
    const from = performance.now();
    await append();
    took.push(performance.now() - from);
  }
  const seconds = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  const at = (share) => Number(took[Math.floor(took.length * share)]?.toFixed(2));
  return {
    perSecond: Math.round(took.length / seconds),
    mib: mibOf(took.length * value.length, seconds),
    p50: at(0.5),
    p99: at(0.99),
  };
}

async function reads(who, topic) {
  if (who === 'kafkajs') return {};
  const reader =
    who === 'fabric' ? new PartitionReader(connection, topic, 0, false) : new OtherReader(connection, topic, 0);
  try {
    const { end } = await reader.bounds();
    const began = performance.now();
    let bytes = 0;
    for (let next = 0; next < end; ) {
      const fetched = await reader.read(next, { maxWaitMs: 100, maxBytes: 4 * MIB });
      for (const { value } of fetched.records) bytes += value.length;
      next = fetched.next;
    }
    return { readMib: mibOf(bytes, (performance.now() - began) / 1000) };
  } finally {
    reader.close();
  }
}

function mibOf(bytes, seconds) {
  return Math.round((bytes / seconds / MIB) * 10) / 10;
}
