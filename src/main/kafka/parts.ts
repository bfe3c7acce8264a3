/** The parts of a fabric whose log is on Kafka: topics, RocksDB, the system's clocks and timers. */
import { KafkaInbox } from '../../inbox/kafka/inbox.js';
import { KafkaInputs } from '../../inbox/kafka/source.js';
import { openKafkaJournal } from '../../journal/kafka/open.js';
import { KafkaFault } from '../../kafka/fault.js';
import { Framing } from '../../kafka/framing.js';
import type { RegistryFault } from '../../kafka/registry.js';
import { INPUT_TOPICS, OUTPUT_TOPICS, topicName } from '../../kafka/topics/names.js';
import { countPartitions } from '../../kafka/topics/partition-counts.js';
import { SharedWriter } from '../../kafka/writing/shared-writer.js';
import { LAYOUT } from '../../kernel/rows/tables.js';
import { TopicPublisher } from '../../outbox/kafka/publisher.js';
import { openRocksStoreInThread } from '../../store/rocksdb/thread/store.js';
import { randomWriter, systemClocks, systemTimers } from '../adapters/system.js';
import type { FabricConfig, KafkaConfig } from '../config/config.js';
import { connectionOf } from '../config/connection.js';
import { inData } from '../data-folder.js';
import type { SharedParts } from '../shared/parts.js';
import { snapshotsOf } from '../snapshots.js';
import { edgeOf } from './edge.js';
import { registryOf, schemaIds } from './schema-ids.js';
import { topicSources } from './topic-sources.js';
import { checkTopics } from './topics.js';
import type { WaitingForBrokers } from './waiting-for-brokers.js';

/** How long a round of published records may take, in ms. */
const PUBLISH_MS = 5000;

/** What faults of the journal are told as. */
const JOURNAL = 'journal';

/**
 * What a configuration stands for; `waiting` hears what is not to be had from the brokers, `onUnpublished` of turns that
 * nobody can publish any more, as the journal has lost them, `onKeptIds` why numbers of schemas are those of the last start.
 * Throws `KafkaFault` where the topics aren't there, or it can't work with them; `RegistryFault`.
 */
export async function kafkaParts(
  config: FabricConfig &
    Pick<SharedParts, 'acceptCut' | 'onSnapshot' | 'onSetAside'> & {
      readonly waiting: WaitingForBrokers;
      readonly onUnpublished: (from: number, to: number) => void;
      readonly onKeptIds: (fault: RegistryFault) => void;
    },
  kafka: KafkaConfig,
): Promise<SharedParts> {
  const { cell, data, acceptCut, onSnapshot, onSetAside, waiting, onUnpublished, onKeptIds } = config;
  const { monotonicMs } = systemClocks;
  const connection = connectionOf(kafka);
  const partitions = await countPartitions(connection, cell, [...INPUT_TOPICS, ...OUTPUT_TOPICS]);
  await checkTopics(connection, cell);
  const framing = new Framing(await schemaIds(data, registryOf(kafka), onKeptIds));
  const shared = { connection, cell, partitions };
  const told = { onFault: waiting.hear };
  const onJournal = (fault: KafkaFault | null): void => waiting.hear(JOURNAL, fault);
  return {
    cell,
    clocks: systemClocks,
    timers: systemTimers,
    writer: randomWriter(),
    silenceMs: kafka.silenceMs,
    idleMs: kafka.idleMs,
    snapshots: snapshotsOf(config),
    onSnapshot,
    onSetAside,
    acceptCut,
    openStore: () => openRocksStoreInThread({ dir: inData(data).store, cell, layout: LAYOUT }),
    openJournal: async (stored) => ({
      journal: await openKafkaJournal({
        connection,
        topic: topicName(cell, 'journal'),
        cell,
        covered: stored,
        onFault: onJournal,
      }),
    }),
    inbox: new KafkaInbox({ ...shared, ...told, nowMs: monotonicMs, after: systemTimers.after }),
    openInputs: (onFatal) => new KafkaInputs({ ...shared, framing, edge: edgeOf(cell), onFatal, monotonicMs, ...told }),
    openTopics: (reads, published, onFatal) => {
      const gone = reads.journal.firstTurn() - 1;
      if (gone > published) onUnpublished(published + 1, gone);
      return new TopicPublisher(
        {
          cell,
          writer: new SharedWriter(connection, { timeoutMs: PUBLISH_MS, everyMs: 0 }),
          partitions,
          ...topicSources(cell, framing, reads),
          monotonicMs,
          onFatal,
          ...told,
        },
        Math.max(published, gone),
        reads.journal.head().turn,
      );
    },
    isPassing: (error) => error instanceof KafkaFault && error.isPassingOnceThere,
    outOfReach: () =>
      [waiting.outOfReach(JOURNAL), ...INPUT_TOPICS.map((topic) => waiting.unread(topic))].find(
        (why) => why !== null,
      ) ?? null,
    onWaiting: (error) => void (error instanceof KafkaFault && onJournal(error)),
  };
}
