import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/** Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns). */
export async function findJournalIn(place: string): Promise<JournalPlace | NoJournal> {
  const status = await stat(place).catch(() => null);
  if (status === null) return 'nothing-there';
  if (status.isFile()) return segmentPlace(place);
  for (const folder of [place, join(place, IN_DATA)]) {
    if ((await firstTurns(folder)).length > 0) return { folder, fromTurn: null, toTurn: null };
  }
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
  return firstTurnsIn(await readdir(folder).catch(() => []));
}
