import { JournalDamaged, JournalError } from '../../../src/journal/errors.js';
import { FrameBuffer } from '../../../src/journal/files/frame.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import type { JournalRecord } from '../../../src/journal/port.js';
import type { StorePosition } from '../../../src/store/port.js';
import type { FaultyDisk } from '../../contract/journal-support/faulty-disk.js';
import type { Chance } from '../chance.js';
import { CELL, FOLDER } from '../machine/machine.js';

/**
 * Flips a bit of a copy of the journal. Whoever opens and reads it then is told, or reads what was there before: never
 * anything else (faults 19 to 21). Gives whether it was told.
 */
export async function flipOneBit(disk: FaultyDisk, chance: Chance): Promise<boolean> {
  const before = await read(disk.copy());
  const copy = disk.copy();
  const file = chance.pick(await segmentsOf(copy));
  const bytes = Buffer.from(copy.contents(`${FOLDER}/${file}`));
  const at = chance.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << chance.below(8));
  copy.replace(`${FOLDER}/${file}`, bytes);
  try {
    const after = await read(copy);
    if (after !== before) throw new Error(`bit flipped at byte ${at} of ${file}: other turns were read without a word`);
    return false;
  } catch (error) {
    if (error instanceof JournalDamaged || error instanceof JournalError) return true;
    throw error;
  }
}

/**
 * Cuts a copy of the journal below what a store stands for: it must be refused (faults 2 and 20). Gives whether that
 * could be tried: the turn may be the first of its segment.
 */
export async function cutBelow(disk: FaultyDisk, { turn, hash }: StorePosition): Promise<boolean> {
  const copy = disk.copy();
  const last = `${FOLDER}/${(await segmentsOf(copy)).at(-1)}`;
  const covered = { coveredTurn: turn, coveredHash: hash };
  for (let length = copy.contents(last).length - 512; length > 512; length -= 512) {
    copy.replace(last, copy.contents(last).subarray(0, length));
    if ((await headOf(copy.copy())) < turn) break;
  }
  if ((await headOf(copy.copy())) >= turn) return false;
  const opened = await openFileJournal({
    disk: copy,
    folder: FOLDER,
    cell: CELL,
    sync: 'every-turn',
    ...covered,
  }).catch((error: unknown) => error);
  if (opened instanceof JournalDamaged || (opened instanceof JournalError && opened.code === 'journal-ahead'))
    return true;
  throw new Error(`a journal that ends before turn ${turn} of its store was opened: ${String(opened)}`);
}

/** Writes a copy's last record once more behind it, all checksums right: no reader may go past it (fault 21). */
export async function forge(disk: FaultyDisk): Promise<void> {
  const copy = disk.copy();
  const { journal } = await openFileJournal({ disk: copy, folder: FOLDER, cell: CELL, sync: 'every-turn' });
  let last: JournalRecord | null = null;
  for await (const record of journal.read(Math.max(1, journal.head().turn))) last = record;
  await journal.close();
  const file = `${FOLDER}/${(await segmentsOf(copy)).at(-1)}`;
  copy.replace(file, Buffer.concat([copy.contents(file), new FrameBuffer().encode('turn', last!.bytes)]));
  const found = await read(copy).catch((error: unknown) => error);
  if (!(found instanceof JournalDamaged)) throw new Error('a forged record was read as if it belonged to the journal');
}

async function segmentsOf(disk: FaultyDisk): Promise<string[]> {
  return (await disk.list(FOLDER)).filter((name) => name.endsWith('.turns')).sort();
}

async function headOf(disk: FaultyDisk): Promise<number> {
  const { journal } = await openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn' });
  const { turn } = journal.head();
  await journal.close();
  return turn;
}

async function read(disk: FaultyDisk): Promise<string> {
  const { journal } = await openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn' });
  const records: JournalRecord[] = [];
  for await (const record of journal.read(1)) records.push(record);
  await journal.close();
  return records.map(({ turn, hash }) => `${turn} ${Buffer.from(hash).toString('hex')}`).join('\n');
}
