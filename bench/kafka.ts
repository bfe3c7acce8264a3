/** A fabric whose log is on Kafka, beside what the broker and the client reach without it, all in one run. */
import { join } from 'node:path';
import type { KafkaConnection } from '../src/kafka/links/connection.js';
import { makeTopics } from '../src/kafka/topics/admin.js';
import { startCluster } from '../test/support/kafka/cluster.js';
import { documentLoad } from './documents.js';
import { flatLoad } from './flat.js';
import { writeAgain } from './kafka/again.js';
import { newCell } from './kafka/log.js';
import { kafkajsRate, perfToolRate } from './kafka/raw.js';
import { seenAt } from './latency.js';
import { RawClient } from './load/raw-client.js';
import { DOCUMENT_JOBS } from './support/dags.js';
import { startFabric } from './support/fabric.js';
import type { Bench, BenchOptions } from './support/result.js';
import { throughput } from './support/throughput.js';

const TARGET_JOBS = 12_500;
const TARGET_SHARE = 0.5;
const TARGET_DISPATCH_MS = 10;
/** So many submissions a second that nobody waits for anybody. */
const IDLE_PER_SECOND = 100;
/** MiB that the broker's own tool writes. */
const RAW_MIB = 512;
/** How much of the measured time is written again, in ms: it is held in memory. */
const AGAIN_MS = 1_000;

export const kafka: Bench = {
  name: 'kafka',
  summary: 'the fabric on Kafka (one broker): jobs/s, submit to dispatch, share of what the client reaches alone',
  async run(options) {
    options.note('kafka: starting a broker');
    const cluster = await startCluster(1);
    try {
      return await measure({ brokers: cluster.addresses, clientId: 'marie-bench' }, options);
    } finally {
      await cluster.remove();
    }
  },
};

async function measure(connection: KafkaConnection, options: BenchOptions) {
  const { note } = options;
  const documents = await throughput(documentLoad, options, await newCell(connection, 'documents'));
  const flat = await throughput(flatLoad, options, await newCell(connection, 'flat'));
  const { window } = documents;
  note('kafka: the same records by kafkajs alone');
  const stretch = [Math.max(window.fromMs, window.toMs - AGAIN_MS), window.toMs] as const;
  const seconds = (stretch[1] - stretch[0]) / 1_000;
  const journalAgain = await writeAgain(connection, 'documents', stretch, 'journal');
  const allAgain = await writeAgain(connection, 'documents', stretch, 'all');
  const raw = await rawRates(connection, Math.round(window.bytes / Math.max(1, window.turns)), options);
  const latency = await latencies(connection, Math.round(flat.jobsPerSecond / 2), options);
  return {
    value: Math.round(documents.jobsPerSecond),
    unit: 'jobs/s' as const,
    target: TARGET_JOBS,
    better: 'higher' as const,
    bound: documents.bound,
    parts: documents.parts,
    details: {
      brokers: 1,
      raw,
      journalBytesPerJob: Math.round(window.bytes / (window.dagsSucceeded * DOCUMENT_JOBS)),
      journalMibPerSecond: Math.round((window.bytes / window.seconds / 1024 / 1024) * 10) / 10,
      /**
       * The time that kafkajs alone takes for the same records, of the time in which the fabric wrote them: for the
       * journal alone, and for everything that the run put on the broker. 1 means as fast as kafkajs alone.
       */
      sameBytes: {
        targetShare: TARGET_SHARE,
        fabricSeconds: seconds,
        journal: { share: share(journalAgain.seconds, seconds), ...journalAgain },
        allTopics: { share: share(allAgain.seconds, seconds), ...allAgain },
      },
      dispatch: { targetMs: TARGET_DISPATCH_MS, ...latency },
      documents: documents.details,
      flat: { jobsPerSecond: Math.round(flat.jobsPerSecond), bound: flat.bound, parts: flat.parts, ...flat.details },
    },
  };
}

async function rawRates(connection: KafkaConnection, turnBytes: number, { note }: BenchOptions): Promise<object> {
  const topic = 'raw';
  const settings = { 'max.message.bytes': String(12 * 1024 * 1024) };
  await makeTopics(connection, [{ name: topic, partitions: 1, replicas: 1, settings }]);
  note(`kafka: the broker's own tool and kafkajs, records of 1 KiB and of ${turnBytes} bytes`);
  return {
    perfTool: [
      await perfToolRate(connection, topic, 1_024, RAW_MIB),
      await perfToolRate(connection, topic, turnBytes, RAW_MIB),
    ],
    kafkajs: [await kafkajsRate(connection, topic, 1_024, 3), await kafkajsRate(connection, topic, turnBytes, 3)],
  };
}

/** From a submission that is due to its dispatch, idle and at half of what the fabric can do. */
async function latencies(connection: KafkaConnection, halfPerSecond: number, options: BenchOptions): Promise<object> {
  const { folder, seconds, warmUpSeconds, retainedJobs, note } = options;
  const { settings } = await newCell(connection, 'latency');
  const retention = { terminalMs: null, terminalJobs: retainedJobs };
  const fabric = await startFabric(join(folder, 'latency'), { ...settings, retention });
  const client = new RawClient(fabric.url);
  try {
    await client.open();
    await client.openLoop(IDLE_PER_SECOND, warmUpSeconds);
    note(`kafka: idle, ${IDLE_PER_SECOND} submissions a second`);
    const idle = await client.openLoop(IDLE_PER_SECOND, seconds);
    note(`kafka: half load, ${halfPerSecond} submissions a second`);
    await client.openLoop(halfPerSecond, warmUpSeconds);
    const half = await client.openLoop(halfPerSecond, seconds);
    return { idle: seenAt(IDLE_PER_SECOND, idle), halfLoad: seenAt(halfPerSecond, half) };
  } finally {
    await client.close();
    await fabric.kill();
  }
}

function share(alone: number, fabric: number): number {
  return Math.round((alone / fabric) * 100) / 100;
}
