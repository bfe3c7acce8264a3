/** Where journals are that are only read: in folders of this machine, and on Kafka. */
import { basename, dirname } from 'node:path';
import { findJournalIn, type NoJournal } from '../journal/files/find.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openForReading } from '../journal/files/reader.js';
import { joined } from '../journal/joined.js';
import { type ReadableJournal, within } from '../journal/readable.js';
import { inData, JOURNAL } from './data-folder.js';

/**
 * Opens the journal in a data directory, a journal's folder, an export, or one of its files (then only its turns), or of
 * a cell on Kafka: `kafka://host:port,…/cell`. Turns that were archived are read from the archive in the data
 * directory, or from the one that is named before a cell on Kafka: `old-turns+kafka://…`. Says why there is none; of Kafka
 * it throws `KafkaFault` and `ConfigError`.
 */
export async function openReadable(place: string): Promise<ReadableJournal | NoJournal> {
  if (place.startsWith('kafka://')) return (await import('./kafka/place.js')).openOnKafka(place);
  const both = /^(.+)\+(kafka:.+)$/.exec(place);
  if (both !== null) return withArchive(await openReadable(both[2]!), both[1]!);
  const found = await findJournalIn(place);
  if (typeof found === 'string') return found;
  if (found.fromTurn === null) return openWithArchive(found.folder);
  return within(await openForReading(nodeDisk, found.folder), found);
}

/**
 * Opens the journal in a folder; where that is of a data directory and
 * begins later than with turn 1, with the archive in it.
 */
export async function openWithArchive(folder: string): Promise<ReadableJournal> {
  const journal = await openForReading(nodeDisk, folder);
  const archive = await archiveOf(folder, journal);
  return archive === null ? journal : joined(archive, journal);
}

/** The archive that a data directory has of the turns before its journal's first one; null where there is none. */
export async function archiveOf(folder: string, journal: ReadableJournal): Promise<ReadableJournal | null> {
  if (basename(folder) !== JOURNAL || journal.firstTurn() === 1) return null;
  const found = await findJournalIn(archiveBeside(folder));
  return typeof found === 'string' ? null : openForReading(nodeDisk, found.folder);
}

/** Where the archive of a data directory's journal is, unless somebody wants it elsewhere. */
export function archiveBeside(folder: string): string {
  return inData(dirname(folder)).archive;
}

/** A journal with the turns before it, if they are in this folder. */
async function withArchive(journal: ReadableJournal | NoJournal, folder: string): Promise<ReadableJournal | NoJournal> {
  if (typeof journal === 'string') return journal;
  const found = await findJournalIn(folder);
  return typeof found === 'string' ? journal : joined(await openForReading(nodeDisk, found.folder), journal);
}

/** Whether a place names a cell on Kafka, with or without an archive before it. */
export function isOnKafka(place: string): boolean {
  return /(^|\+)kafka:\/\//.test(place);
}
