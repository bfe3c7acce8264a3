/** A record of a version that this program doesn't know: every reader stops there and says so, nobody passes it over. */
import { describe, expect, it } from 'vitest';
import { turnHash } from '../../src/catalogue/digest.js';
import { encodeCheckpoint, writeCheckpoint } from '../../src/journal/files/checkpoint.js';
import { examineJournal } from '../../src/journal/files/examine.js';
import { FrameBuffer } from '../../src/journal/files/frame.js';
import { Offsets } from '../../src/journal/files/offsets.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { repairJournal } from '../../src/journal/files/repair.js';
import { segmentName } from '../../src/journal/files/segment.js';
import { FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL, readAll, turnAfter } from './journal-support/turns.js';

const FOLDER = 'journal';
const PATH = `${FOLDER}/${segmentName(1)}`;

const open = (disk: FaultyDisk) => openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn' });

/** Two turns of this program, and a third that a later one has written. */
async function fromLater(): Promise<FaultyDisk> {
  const disk = new FaultyDisk();
  const { journal } = await open(disk);
  await appendTurns(journal, [100, 100]);
  const head = journal.head();
  await journal.close();
  const bytes = Buffer.from(turnAfter(head).bytes);
  bytes[0] = 98;
  const before = disk.contents(PATH);
  disk.replace(PATH, Buffer.concat([before, new FrameBuffer().encode('turn', bytes)]));
  // It has left a checkpoint too.
  const offsets = new Offsets();
  for (const offset of [512, 1024, before.length]) offsets.push(offset);
  const later = { ...head, turn: 3, hash: turnHash(bytes) };
  await writeCheckpoint(
    disk,
    FOLDER,
    encodeCheckpoint(CELL, { head: later, offsets, end: disk.contents(PATH).length }),
  );
  return disk;
}

describe('a turn of a later format', () => {
  it('stops whoever comes to it, with the turn named', async () => {
    const disk = await fromLater();
    const unknown = { code: 'unknown-version', message: expect.stringContaining('turn 3') };
    await disk.remove(`${FOLDER}/checkpoint`);
    await expect(open(disk.copy())).rejects.toMatchObject(unknown);
    await expect(readAll(await openForReading(disk, FOLDER))).rejects.toMatchObject(unknown);
    await expect(examineJournal(disk, FOLDER)).rejects.toMatchObject(unknown);
  });

  it('is never cut, whatever a repair may lose', async () => {
    const disk = await fromLater();
    const before = Buffer.from(disk.contents(PATH));
    await expect(repairJournal({ disk, folder: FOLDER, acceptLoss: true })).rejects.toMatchObject({
      code: 'unknown-version',
    });
    expect(disk.contents(PATH).equals(before)).toBe(true);
  });

  it('that a checkpoint stands for is met by whoever reads on from the store', async () => {
    const { journal } = await open(await fromLater());
    expect(journal.head().turn).toBe(3);
    await expect(readAll(journal, 3)).rejects.toMatchObject({ code: 'unknown-version' });
    await journal.close();
  });
});
