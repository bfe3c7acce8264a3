import { decodeTurnHeader } from '../../catalogue/turn.js';
import { type Damage, JournalDamaged, JournalError } from '../errors.js';
import type { JournalReader, JournalRecord } from '../port.js';
import type { Before, ReadableJournal } from '../readable.js';
import { ReaderRule } from '../rule.js';
import { type Disk, pathIn, withFile } from './disk.js';
import { readFrame } from './read-frame.js';
import { loadOffsets } from './seek.js';
import { listSegments, readSegmentHeader, segmentName } from './segment.js';
import { FolderWalk } from './walk.js';

/**
 * Opens a folder for reading; `cell` is the one that it must be of. A record that is being written meanwhile counts as
 * the end, or is read before it is durable: what a reader sees last may be gone after a loss of power.
 */
export async function openForReading(disk: Disk, folder: string, cell?: string): Promise<ReadableJournal> {
  const [firstTurn = 1] = await listSegments(disk, folder);
  let torn: Damage | null = null;
  const journal: ReadableJournal = {
    place: folder,
    firstTurn: () => firstTurn,
    torn: () => torn,
    async *read(fromTurn: number): AsyncGenerator<JournalRecord> {
      torn = null;
      try {
        for await (const records of new FolderWalk({ disk, folder, cell }).from(fromTurn)) yield* records;
      } catch (error) {
        if (!(error instanceof JournalDamaged && error.torn)) throw error;
        torn = error;
      }
    },
    async lastTurn() {
      const last = (await listSegments(disk, folder)).at(-1);
      return last === undefined ? 0 : lastTurnOf(disk, folder, last);
    },
    before: (turn) => before(disk, folder, journal, turn),
  };
  return journal;
}

/** The last turn of the segment that begins with `firstTurn`: what is torn at its end doesn't count. */
function lastTurnOf(disk: Disk, folder: string, firstTurn: number): Promise<number> {
  return withFile(disk, pathIn(folder, segmentName(firstTurn)), async (file) => {
    const { cell, dataOffset } = await readSegmentHeader(file, firstTurn);
    const offsets = await loadOffsets({ disk, folder }, file, { cell, firstTurn, dataOffset });
    let { count } = offsets;
    while (count > 0 && (await readFrame(file, offsets.at(count - 1)!)) === null) count -= 1;
    return firstTurn + count - 1;
  });
}

/** The head before a turn: that before its segment, moved on by the records in between. */
async function before(disk: Disk, folder: string, reader: JournalReader, turn: number): Promise<Before> {
  const first = (await listSegments(disk, folder)).findLast((candidate) => candidate <= turn);
  if (first === undefined) throw new JournalError('not-found', `turn ${turn} is not in ${folder}`);
  const path = pathIn(folder, segmentName(first));
  const { cell, head } = await withFile(disk, path, (file) => readSegmentHeader(file, first));
  const rule = new ReaderRule({ cell, head });
  if (first < turn) {
    for await (const record of reader.read(first)) {
      if (record.turn === turn) break;
      rule.accept(decodeTurnHeader(record.bytes), record.hash);
    }
  }
  if (rule.turn !== turn - 1) throw new JournalError('not-found', `turn ${turn} is not in ${folder}`);
  return { cell, head: rule.head() };
}
