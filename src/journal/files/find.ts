import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf, isMissing } from '../../catalogue/thrown.js';
import { firstTurnOf, firstTurnsIn } from './segment.js';

/** The journal's folder in a data directory. */
const IN_DATA = 'journal';

/** A journal on the disk, and the turns of it that are meant. */
export interface JournalPlace {
  readonly folder: string;
  readonly fromTurn: number | null;
  readonly toTurn: number | null;
}

/** Why there is no journal at a place. */
export type NoJournal = 'nothing-there' | 'no-journal-in-folder' | 'no-segment';

/**
 * Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns).
 * Where it can't be known whether there is one, as nobody may look there or the disk fails, it throws what the machine says.
 */
export async function findJournalIn(place: string): Promise<JournalPlace | NoJournal> {
  const status = await unlessNowhere(stat(place));
  if (status === null) return 'nothing-there';
  if (status.isFile()) return segmentPlace(place);
  let unread: unknown = null;
  for (const folder of [place, join(place, IN_DATA)]) {
    try {
      if ((await firstTurns(folder)).length > 0) return { folder, fromTurn: null, toTurn: null };
    } catch (error) {
      unread ??= error;
    }
  }
  if (unread !== null) throw unread;
  return 'no-journal-in-folder';
}

async function segmentPlace(file: string): Promise<JournalPlace | NoJournal> {
  const fromTurn = firstTurnOf(basename(file));
  if (fromTurn === null) return 'no-segment';
  const folder = dirname(file);
  const next = (await firstTurns(folder)).find((turn) => turn > fromTurn);
  return { folder, fromTurn, toTurn: next === undefined ? null : next - 1 };
}

async function firstTurns(folder: string): Promise<number[]> {
  return firstTurnsIn((await unlessNowhere(readdir(folder))) ?? []);
}

/** Null where a path leads nowhere: nothing is there, or what it goes through is no folder. */
async function unlessNowhere<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error) || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}
