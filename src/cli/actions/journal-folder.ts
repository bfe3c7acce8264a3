import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError, Exit } from '../exit.js';

/** A segment's name says which turn it begins with. */
const SEGMENT = /^(\d{16})\.turns$/;
/** The journal's folder in a data directory. */
const IN_DATA = 'journal';

/** A journal that a command line names, and the turns of it that are meant. */
export interface JournalPlace {
  readonly folder: string;
  readonly fromTurn: number | null;
  readonly toTurn: number | null;
}

/** Finds the journal in a data directory, a journal's own folder, or one of its segment files (then only its turns). */
export async function findJournal(place: string): Promise<JournalPlace> {
  const status = await stat(place).catch(() => null);
  if (status === null) throw noJournal(place, 'there is no such folder or file');
  if (status.isFile()) return segmentPlace(place);
  for (const folder of [place, join(place, IN_DATA)]) {
    if ((await firstTurns(folder)).length > 0) return { folder, fromTurn: null, toTurn: null };
  }
  throw noJournal(place, 'there is no journal in this folder');
}

async function segmentPlace(file: string): Promise<JournalPlace> {
  const digits = SEGMENT.exec(basename(file))?.[1];
  if (digits === undefined) throw noJournal(file, 'this file is no segment of a journal (0000000000000001.turns, …)');
  const folder = dirname(file);
  const fromTurn = Number(digits);
  const next = (await firstTurns(folder)).find((turn) => turn > fromTurn);
  return { folder, fromTurn, toTurn: next === undefined ? null : next - 1 };
}

async function firstTurns(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const turns = names.flatMap((name) => SEGMENT.exec(name)?.[1] ?? []).map(Number);
  return turns.sort((a, b) => a - b);
}

function noJournal(place: string, message: string): CliError {
  const todo = 'Name a data directory of `marie up`, a journal folder, or an export.';
  return new CliError(Exit.Usage, 'no-journal', message, { where: place, todo });
}
