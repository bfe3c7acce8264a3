/** A journal of files that is archived, its oldest segments first, while somebody reads it. */
import { expect, it } from 'vitest';
import { openFileJournal } from '../../src/journal/files/open.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { indexName, segmentName } from '../../src/journal/files/segment.js';
import { FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL } from './journal-support/turns.js';

const FOLDER = 'journal';
const path = (firstTurn: number) => `${FOLDER}/${segmentName(firstTurn)}`;

/** Segments that begin with turns 1, 4, 7 and 10. */
async function twelveTurns(): Promise<FaultyDisk> {
  const disk = new FaultyDisk();
  const options = { disk, folder: FOLDER, cell: CELL, sync: 'every-turn', segmentBytes: 4_000 } as const;
  const { journal } = await openFileJournal(options);
  await appendTurns(
    journal,
    Array.from({ length: 12 }, () => 700),
  );
  await journal.close();
  return disk;
}

/** Reads from a turn on to the end; what `meanwhile` does is done when the first turn was read. */
async function readFrom(disk: FaultyDisk, turn: number, meanwhile: () => Promise<void>): Promise<number> {
  let last = 0;
  for await (const record of (await openForReading(disk, FOLDER, CELL)).read(turn)) {
    if (last === 0) await meanwhile();
    last = record.turn;
  }
  return last;
}

it('tells its readers that turns were taken away, and not that it is damaged', async () => {
  const disk = await twelveTurns();
  const reading = readFrom(disk, 1, async () => {
    for (const first of [1, 4]) await disk.remove(path(first));
  });
  await expect(reading).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('turn 4 ') });
  expect(await readFrom(disk, 7, async () => undefined)).toBe(12);
});

it('is damaged where a segment is missing and those before it are there', async () => {
  const disk = await twelveTurns();
  const reading = readFrom(disk, 1, () => disk.remove(path(4)));
  await expect(reading).rejects.toMatchObject({ code: 'journal-damaged', turn: 4 });
});

/** Takes a file away between a look into the folder, which has it, and its opening. */
function takeAwayOnce(disk: FaultyDisk, file: string): void {
  const open = disk.open.bind(disk);
  disk.open = async (name, mode) => {
    disk.open = name === file ? open : disk.open;
    if (name === file) await disk.remove(file);
    return open(name, mode);
  };
}

it('tells so, too, where the segment goes before it is opened', async () => {
  const disk = await twelveTurns();
  takeAwayOnce(disk, path(1));
  const reading = readFrom(disk, 3, async () => undefined);
  await expect(reading).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('turn 3 ') });
});

it('needs no index that goes before it is opened', async () => {
  const disk = await twelveTurns();
  takeAwayOnce(disk, `${FOLDER}/${indexName(1)}`);
  expect(await readFrom(disk, 3, async () => undefined)).toBe(12);
});
