/** Journals on Kafka as a command line names them: `kafka://host:port,host:port/cell?config=marie.yaml`. */
import { decodeTurn } from '../../catalogue/turn.js';
import { type Copied, copyTurns } from '../../journal/copy.js';
import { JournalError } from '../../journal/errors.js';
import { openKafkaJournal } from '../../journal/kafka/open.js';
import { openKafkaReader } from '../../journal/kafka/reader.js';
import { seekTurn } from '../../journal/kafka/seek.js';
import { readTurn } from '../../journal/port.js';
import type { ReadableJournal } from '../../journal/readable.js';
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { PartitionReader } from '../../kafka/reading/partition-reader.js';
import { patiently } from '../../kafka/reading/patience.js';
import { deleteRecordsBefore } from '../../kafka/topics/admin.js';
import { JOURNAL_PARTITION, topicName } from '../../kafka/topics/names.js';
import type { Archivable } from '../archive.js';
import { ConfigError, type ConfigInput } from '../config/config.js';
import { loadConfig } from '../config/config-file.js';
import { connectionOf } from '../config/connection.js';

/** Brokers, the cell, and a file of settings for what no address can say, such as credentials; all but one optional. */
const PLACE = /^kafka:\/\/([^/?]*)(?:\/([^/?]*))?(?:\?config=(.+))?$/;

interface KafkaPlace {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly cell: string;
}

/** Opens the journal of a cell for reading. Throws `ConfigError` and `KafkaFault`. */
export function openOnKafka(place: string): Promise<ReadableJournal> {
  return openKafkaReader({ ...placeOf(place), place });
}

/**
 * Writes all turns of a journal into the empty journal of a cell on Kafka. Throws `JournalError` (`target-not-empty`,
 * `journal-foreign-cell`, `not-found` where the first turn is missing), `ConfigError` and `KafkaFault`; what was written
 * before stays.
 */
export async function importTurns(from: ReadableJournal, to: string, onTurn: (bytes: number) => void): Promise<Copied> {
  const { topic, ...place } = placeOf(to);
  if (from.firstTurn() !== 1) {
    throw new JournalError(
      'not-found',
      `${from.place} begins with turn ${from.firstTurn()}; a topic begins with turn 1`,
    );
  }
  const journal = await patiently(() => openKafkaJournal({ ...place, topic }));
  try {
    const { turn } = journal.head();
    if (turn > 0) throw new JournalError('target-not-empty', `${topic} has ${turn} turns already`);
    return await copyTurns(from, journal, { onTurn });
  } finally {
    await journal.close();
  }
}

/** A journal on Kafka lets go of the records before a turn, of those that were published. Throws as `openOnKafka` does. */
export async function archivableOnKafka(place: string): Promise<Archivable> {
  const { connection, topic } = placeOf(place);
  const journal = await openOnKafka(place);
  // Asked once: while a fabric runs it goes on.
  let published: Promise<number> | null = null;
  return {
    journal,
    async lastBefore(turn) {
      published ??= publishedIn(journal);
      return Math.min(turn - 1, await published);
    },
    staying: 'not published yet',
    async deleteUpTo(turn) {
      const offset = await patiently(() => offsetOfTurn(connection, topic, turn + 1));
      await patiently(() => deleteRecordsBefore(connection, topic, JOURNAL_PARTITION, offset));
    },
  };
}

/** The turn up to which everything was published when the last one was made: leaders read those after it to publish them. */
async function publishedIn(journal: ReadableJournal): Promise<number> {
  const last = await journal.lastTurn();
  const record = await readTurn(journal, last);
  if (typeof record !== 'string') return decodeTurn(record.bytes).published;
  throw new JournalError('not-found', `${journal.place} does not have turn ${last}`);
}

async function offsetOfTurn(connection: KafkaConnection, topic: string, turn: number): Promise<number> {
  const reader = new PartitionReader(connection, topic, JOURNAL_PARTITION, false);
  try {
    const { start } = await reader.bounds();
    const record = await seekTurn(reader, turn, start);
    if (typeof record === 'string') throw new JournalError('not-found', `${topic} does not have turn ${turn}`);
    return record.offset;
  } finally {
    reader.close();
  }
}

function placeOf(place: string): KafkaPlace {
  const [, brokers = '', named = '', config] = PLACE.exec(place) ?? [];
  const settings: ConfigInput = {};
  if (named !== '') settings.cell = named;
  if (brokers !== '') settings.kafka = { brokers: brokers.split(',') };
  const { cell, kafka } = loadConfig(config ?? null, settings);
  if (kafka === undefined) {
    throw new ConfigError(place, [{ path: '', detail: 'no brokers are named: kafka://host:port/cell' }]);
  }
  return { connection: connectionOf(kafka), topic: topicName(cell, 'journal'), cell };
}
