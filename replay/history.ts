import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { type DecodeTurnOptions, decodeTurn } from '../src/catalogue/turn.js';
import { JournalError } from '../src/journal/errors.js';
import { readTo } from '../src/journal/port.js';
import type { ReadableJournal } from '../src/journal/readable.js';
import { isOnKafka, openReadable } from '../src/main/readable.js';
import { snapshotsIn } from '../src/main/snapshot-folder.js';
import type { SnapshotStorage } from '../src/snapshot/index.js';
import { Wrong } from './problem.js';
import { snapshotsBeside } from './snapshot/places.js';

/** A turn of a history, decoded. */
export interface HistoryTurn {
  readonly record: TurnRecord;
  /** SHA-256 of its record. */
  readonly hash: Uint8Array;
}

/** A journal that is studied: read any number of times, never written. */
export interface History {
  /** Where it is. */
  readonly place: string;
  /** The earliest turn that is there. */
  readonly firstTurn: number;
  /** The folder of its files; null where it isn't in files, or is only one of them. */
  readonly folder: string | null;
  /** Where snapshots of it may be, from which a fold can go on; null: nowhere. */
  readonly snapshots: SnapshotStorage | null;
  /** The last turn that is there now; the one before `firstTurn` where there is none. */
  lastTurn(): Promise<number>;
  /**
   * The turns from `fromTurn` on (by default all), in order, up to the last one that is wanted. Throws `Wrong` at a turn
   * that is damaged, doesn't chain on the one before, or can't be decoded.
   */
  read(fromTurn?: number, options?: ReadOptions): AsyncIterable<HistoryTurn>;
}

/** Which turns of a history are read, and how they are decoded. */
export interface ReadOptions extends DecodeTurnOptions {
  /** The last turn; what comes after it may be damaged. By default the end that is met. */
  readonly toTurn?: number;
}

export interface OpenJournalOptions {
  /** The folder of its snapshots; without it, where a fabric puts them beside the journal. */
  readonly snapshots?: string;
}

/** What keeps the submissions' bytes, so that they needn't be encoded again to be stored. */
const KEEP: DecodeTurnOptions = { submissions: 'keep' };

/**
 * Where a place is: `corpus:NAME` is a journal that ships with the package, everything else stays as it is.
 */
export function placeOf(place: string): string {
  const name = /^corpus:([\w-]+)$/.exec(place)?.[1];
  if (name === undefined) return place;
  const folders = ['./corpus/', '../../replay/corpus/'].map((folder) => new URL(folder + name, import.meta.url));
  return fileURLToPath(folders.find((folder) => existsSync(folder)) ?? folders[0]!);
}

/**
 * Opens the journal in a data directory, a journal's folder, an export, or one of its files (then only its turns), of a
 * cell on Kafka (`kafka://host:port/cell`), or `corpus:NAME`. It takes no lock: the journal may be a running fabric's.
 * Throws `JournalError` `not-found` where there is none.
 */
export async function openJournal(
  place: string | ReadableJournal,
  { snapshots }: OpenJournalOptions = {},
): Promise<History> {
  const journal = typeof place === 'string' ? await openReadable(placeOf(place)) : place;
  if (typeof journal === 'string') throw new JournalError('not-found', `${place}: there is no journal (${journal})`);
  const firstTurn = journal.firstTurn();
  const folder = isOnKafka(journal.place) || journal.isPart === true ? null : journal.place;
  return {
    place: journal.place,
    firstTurn,
    folder,
    snapshots: snapshots === undefined ? besideOf(folder) : snapshotsIn(snapshots),
    lastTurn: () => journal.lastTurn(),
    async *read(fromTurn = firstTurn, { toTurn = Number.POSITIVE_INFINITY, ...decoding } = {}) {
      let next = fromTurn;
      try {
        for await (const { bytes, hash, turn } of readTo(journal, fromTurn, toTurn)) {
          next = turn;
          yield { record: decodeTurn(bytes, { ...KEEP, ...decoding }), hash };
          next = turn + 1;
        }
      } catch (error) {
        throw Wrong.of(error, next);
      }
    },
  };
}

/** Snapshots are beside a journal of files; of one on Kafka, somebody must say where. */
function besideOf(folder: string | null): SnapshotStorage | null {
  return folder === null ? null : snapshotsBeside(folder);
}

/** A history up to one of its turns: what a running fabric adds meanwhile is none of it, for who reads it several times. */
export function endingAt(history: History, last: number): History {
  return {
    ...history,
    lastTurn: async () => last,
    read: (fromTurn, { toTurn = Number.POSITIVE_INFINITY, ...decoding } = {}) =>
      history.read(fromTurn, { ...decoding, toTurn: Math.min(last, toTurn) }),
  };
}

/** A history of turns that are in memory already. */
export function historyOf(turns: readonly HistoryTurn[], snapshots: SnapshotStorage | null = null): History {
  const firstTurn = turns[0]?.record.turn ?? 1;
  return {
    place: 'memory',
    firstTurn,
    folder: null,
    snapshots,
    lastTurn: async () => firstTurn + turns.length - 1,
    async *read(fromTurn = firstTurn, { toTurn = Number.POSITIVE_INFINITY } = {}) {
      yield* turns.slice(Math.max(0, fromTurn - firstTurn), Math.max(0, toTurn - firstTurn + 1));
    },
  };
}
