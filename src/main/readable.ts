/** Where journals are that are only read: in folders of this machine, and on Kafka. */
import { findJournalIn, type NoJournal } from '../journal/files/find.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openForReading } from '../journal/files/reader.js';
import { type ReadableJournal, within } from '../journal/readable.js';

/**
 * Opens the journal in a data directory, a journal's folder, an export, or one of its files (then only its turns), or of
 * a cell on Kafka: `kafka://host:port,…/cell`. Says why there is none; of Kafka it throws `KafkaFault` and `ConfigError`.
 */
export async function openReadable(place: string): Promise<ReadableJournal | NoJournal> {
  if (isOnKafka(place)) return (await import('./kafka-place.js')).openOnKafka(place);
  const found = await findJournalIn(place);
  return typeof found === 'string' ? found : within(await openForReading(nodeDisk, found.folder), found);
}

/** Whether a place names a cell on Kafka. */
export function isOnKafka(place: string): boolean {
  return place.startsWith('kafka://');
}
