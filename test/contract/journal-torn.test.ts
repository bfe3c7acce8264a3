/** What is torn is cut; whatever else is wrong is damage, with the turn named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalDamaged } from '../../src/journal/errors.js';
import { examineJournal } from '../../src/journal/files/examine.js';
import { FrameBuffer } from '../../src/journal/files/frame.js';
import { Offsets } from '../../src/journal/files/offsets.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { createSegment, readSegmentHeader, segmentName } from '../../src/journal/files/segment.js';
import type { Head } from '../../src/journal/port.js';
import { FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL, payloadOf, readAll, turnAfter } from './journal-support/turns.js';

const FOLDER = 'journal';
const ONE = `${FOLDER}/${segmentName(1)}`;
const SECTOR = 512;

const open = (disk: FaultyDisk, options: { coveredTurn?: number; verifyFrom?: number; segmentBytes?: number } = {}) =>
  openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn', ...options });

/** A closed journal, and where each of its turns begins in its file. */
async function journalOf(lengths: readonly number[], segmentBytes = 1 << 20) {
  const disk = new FaultyDisk();
  const { journal } = await open(disk, { segmentBytes });
  const places: { file: string; offset: number; end: number }[] = [];
  for (const length of lengths) {
    const before = new Map((await disk.list(FOLDER)).map((name) => [name, sizeOf(disk, name)]));
    await appendTurns(journal, [length]);
    const names = (await disk.list(FOLDER)).filter((name) => name.endsWith('.turns')).sort();
    const file = names.at(-1)!;
    const end = sizeOf(disk, file);
    // A new segment has a header before its first turn.
    places.push({ file, offset: before.get(file) ?? headerBytes(disk, file), end });
  }
  await journal.close();
  return { disk, places };
}

function sizeOf(disk: FaultyDisk, name: string): number {
  return name === 'lock' ? 0 : disk.contents(`${FOLDER}/${name}`).length;
}

function headerBytes(disk: FaultyDisk, name: string): number {
  return Math.ceil((16 + disk.contents(`${FOLDER}/${name}`).readUInt32LE(0)) / SECTOR) * SECTOR;
}

/** What becomes of a journal when it is opened. */
async function outcome(disk: FaultyDisk, options: Parameters<typeof open>[1] = {}): Promise<string> {
  try {
    const { journal, cut } = await open(disk, options);
    const turns = (await readAll(journal)).length;
    expect(turns).toBe(journal.head().turn);
    await journal.close();
    return cut === null ? `${turns} turns` : `${turns} turns, ${cut.turn} was cut`;
  } catch (error) {
    if (error instanceof JournalDamaged) return `damaged at ${error.turn}`;
    return String((error as { code?: unknown }).code ?? error);
  }
}

describe('a last record is torn, and cut,', () => {
  it('if the file ends inside it, wherever', async () => {
    const { disk, places } = await journalOf([300, 1_500, 2_000]);
    const { offset, end } = places[2]!;
    const bytes = Buffer.from(disk.contents(ONE));
    for (let length = offset + 1; length < end; length++) {
      disk.replace(ONE, bytes.subarray(0, length));
      expect(await outcome(disk)).toBe('2 turns, 3 was cut');
      expect(disk.contents(ONE).length).toBe(offset);
    }
    disk.replace(ONE, bytes.subarray(0, offset));
    expect(await outcome(disk)).toBe('2 turns');
  });

  it('if it has no length and only zeros follow', async () => {
    const { disk, places } = await journalOf([300, 300]);
    const bytes = disk.contents(ONE).subarray(0, places[1]!.end);
    for (const zeros of [1, 15, 16, 511, 512, 513, 100_000]) {
      disk.replace(ONE, Buffer.concat([bytes, Buffer.alloc(zeros)]));
      expect(await outcome(disk)).toBe('2 turns, 3 was cut');
    }
  });

  it('if a whole sector of it is zeros, whichever, and the others are there', async () => {
    const { disk, places } = await journalOf([300, 5_000]);
    const { offset, end } = places[1]!;
    for (let sector = offset; sector < end; sector += SECTOR) {
      const torn = disk.copy();
      torn.contents(ONE).fill(0, sector, sector + SECTOR);
      expect(await outcome(torn)).toBe('1 turns, 2 was cut');
    }
  });

  it('if it is the first record of its segment', async () => {
    const { disk, places } = await journalOf([900, 900, 900], 2_000);
    const last = places[2]!;
    expect(last.file).toBe(segmentName(3));
    const path = `${FOLDER}/${last.file}`;
    disk.replace(path, disk.contents(path).subarray(0, last.end - 1));
    expect(await outcome(disk)).toBe('2 turns, 3 was cut');
    expect(await outcome(disk)).toBe('2 turns');
  });

  it('and the journal goes on after it', async () => {
    const { disk, places } = await journalOf([300, 3_000]);
    disk.contents(ONE).fill(0, places[1]!.offset + SECTOR, places[1]!.offset + 2 * SECTOR);
    const { journal, cut } = await open(disk);
    expect(cut).toMatchObject({ turn: 2, file: segmentName(1), offset: places[1]!.offset, torn: true });
    expect(cut!.bytes).toBe(places[1]!.end - places[1]!.offset);
    await appendTurns(journal, [100, 100]);
    await journal.close();
    expect(await outcome(disk)).toBe('3 turns');
  });

  it('but not if the store stands for it', async () => {
    const { disk, places } = await journalOf([300, 3_000]);
    const bytes = disk.contents(ONE);
    disk.replace(ONE, bytes.subarray(0, places[1]!.end - 1));
    expect(await outcome(disk, { coveredTurn: 2 })).toBe('damaged at 2');
    expect(await outcome(disk, { coveredTurn: 3 })).toBe('damaged at 2');
    expect(disk.contents(ONE).length).toBe(places[1]!.end - 1);
    expect(await outcome(disk, { coveredTurn: 1 })).toBe('1 turns, 2 was cut');
  });

  it('while a reader takes it for the end, and says so', async () => {
    const { disk, places } = await journalOf([300, 3_000]);
    disk.replace(ONE, disk.contents(ONE).subarray(0, places[1]!.end - 1));
    const reader = await openForReading(disk, FOLDER, CELL);
    expect((await readAll(reader)).length).toBe(1);
    expect(reader.torn()).toMatchObject({ turn: 2, torn: true });
  });
});

describe('damage, with the turn named, is', () => {
  it('any flipped byte of any record, and of every segment header', async () => {
    const { disk, places } = await journalOf([0, 700, 1_600, 480, 0, 2_500], 4_000);
    const places0 = [...new Set(places.map(({ file }) => file))];
    expect(places0.length).toBeGreaterThan(1);
    const at = places.flatMap(({ file, offset, end }, index) => [
      { file, from: offset, to: end, turn: index + 1 },
      ...(index === 0 || places[index - 1]!.file !== file ? [{ file, from: 0, to: offset, turn: index + 1 }] : []),
    ]);
    const anyByte = fc
      .constantFrom(...at)
      .chain(({ file, from, to, turn }) =>
        fc.record({ file: fc.constant(file), turn: fc.constant(turn), byte: fc.integer({ min: from, max: to - 1 }) }),
      );
    await fc.assert(
      fc.asyncProperty(anyByte, fc.integer({ min: 1, max: 255 }), async ({ file, byte, turn }, flip) => {
        const flipped = disk.copy();
        const path = `${FOLDER}/${file}`;
        flipped.contents(path)[byte]! ^= flip;
        expect(await outcome(flipped, { verifyFrom: 1 })).toBe(`damaged at ${turn}`);
        const { damage } = await examineJournal(flipped, FOLDER);
        expect(damage).toMatchObject({ turn, file, torn: false });
      }),
      { numRuns: 3_000 },
    );
  });

  it('a byte that has become zeros or ones in a last record whose sectors are as empty as they may be', async () => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    const { bytes, hash } = turnAfter(journal.head(), { payload: Buffer.alloc(1_600) });
    await journal.append(bytes, hash);
    await journal.close();
    const whole = Buffer.from(disk.contents(ONE));
    for (let byte = headerBytes(disk, segmentName(1)); byte < whole.length; byte++) {
      for (const value of [0, 255]) {
        if (whole[byte] === value) continue;
        disk.replace(ONE, whole);
        disk.contents(ONE)[byte] = value;
        expect(await outcome(disk)).toBe('damaged at 1');
      }
    }
  });

  it('a zeroed sector of a record that is not the last', async () => {
    const { disk, places } = await journalOf([300, 3_000, 300]);
    for (let sector = places[1]!.offset; sector < places[1]!.end; sector += SECTOR) {
      const wrong = disk.copy();
      wrong.contents(ONE).fill(0, sector, sector + SECTOR);
      expect(await outcome(wrong)).toBe('damaged at 2');
    }
  });

  it('bytes after the last record that are no zeros', async () => {
    const { disk } = await journalOf([300, 300]);
    const bytes = disk.contents(ONE);
    disk.replace(ONE, Buffer.concat([bytes, payloadOf(600)]));
    expect(await outcome(disk)).toBe('damaged at 3');
    disk.replace(ONE, Buffer.concat([bytes, Buffer.alloc(100), payloadOf(600)]));
    expect(await outcome(disk)).toBe('damaged at 3');
  });

  it('a torn end of a segment that is not the last', async () => {
    const { disk, places } = await journalOf([900, 900, 900], 2_000);
    const path = `${FOLDER}/${places[0]!.file}`;
    const left = Buffer.from(disk.contents(path).subarray(0, -1));
    disk.replace(path, left);
    expect(await outcome(disk, { verifyFrom: 1 })).toBe('damaged at 1');
    expect(disk.contents(path)).toEqual(left);
    expect((await examineJournal(disk, FOLDER)).damage).toMatchObject({ turn: 1, torn: false });
  });

  it('a segment whose header does not say what the records before it led to', async () => {
    const { disk, places } = await journalOf([900, 900, 900], 2_000);
    const path = `${FOLDER}/${places[1]!.file}`;
    const { head } = await readSegmentHeader(await disk.open(path, 'read'), 2);
    const wrongs: [Partial<Head>, string][] = [
      [{}, '3 turns'],
      [{ hash: Buffer.alloc(32, 5) }, 'damaged at 2'],
      [{ epoch: 0 }, 'damaged at 2'],
      [{ at: head.at - 1 }, 'damaged at 2'],
      [{ positions: new Map([['api/0', 4]]) }, 'damaged at 2'],
      [{ positions: new Map([...head.positions, ['other/0', 0]]) }, 'damaged at 2'],
    ];
    for (const [wrong, expected] of wrongs) {
      const made = new FaultyDisk();
      await createSegment(made, FOLDER, CELL, { ...head, ...wrong });
      const other = disk.copy();
      other.replace(
        path,
        Buffer.concat([made.contents(path), disk.contents(path).subarray(headerBytes(disk, places[1]!.file))]),
      );
      expect(await outcome(other, { verifyFrom: 1 })).toBe(expected);
    }
  });

  it('a segment that is missing', async () => {
    const { disk } = await journalOf([900, 900, 900], 2_000);
    await disk.remove(`${FOLDER}/${segmentName(2)}`);
    expect(await outcome(disk, { verifyFrom: 1 })).toBe('damaged at 2');
  });

  it('records in another order, twice, or from another journal', async () => {
    const { disk, places } = await journalOf([300, 300, 300]);
    const frame = (turn: number) =>
      Buffer.from(disk.contents(ONE).subarray(places[turn - 1]!.offset, places[turn - 1]!.end));
    const head = Buffer.from(disk.contents(ONE).subarray(0, places[0]!.offset));
    const other = new FaultyDisk();
    const { journal } = await open(other);
    const record = turnAfter(journal.head(), { at: 4_711 });
    await journal.append(record.bytes, record.hash);
    const foreign = other.contents(ONE).subarray(headerBytes(other, segmentName(1)));
    const cases: [Buffer[], string][] = [
      [[frame(1), frame(3), frame(2)], 'damaged at 2'],
      [[frame(1), frame(2), frame(2)], 'damaged at 3'],
      [[frame(2)], 'damaged at 1'],
      [[foreign, frame(2)], 'damaged at 2'],
      [[frame(1), head], 'damaged at 2'],
      [[frame(1), frame(2), frame(3)], '3 turns'],
    ];
    for (const [frames, expected] of cases) {
      disk.replace(ONE, Buffer.concat([head, ...frames]));
      expect(await outcome(disk)).toBe(expected);
    }
  });

  it('told only where it is read: opening checks the last segment, or those from a turn on', async () => {
    const { disk, places } = await journalOf([900, 900, 900, 900], 2_000);
    disk.contents(`${FOLDER}/${places[1]!.file}`)[places[1]!.offset + 20]! ^= 1;
    expect(await outcome(disk, { verifyFrom: 2 })).toBe('damaged at 2');
    const { journal } = await open(disk, { verifyFrom: 3 });
    expect((await readAll(journal, 3)).map(({ turn }) => turn)).toEqual([3, 4]);
    const seen: number[] = [];
    const read = async () => {
      for await (const { turn } of journal.read(1)) seen.push(turn);
    };
    await expect(read()).rejects.toMatchObject({ code: 'journal-damaged', turn: 2, file: places[1]!.file });
    expect(seen).toEqual([1]);
  });
});

describe('a store', () => {
  it('that is ahead of its journal is refused', async () => {
    const { disk } = await journalOf([300, 300]);
    expect(await outcome(disk, { coveredTurn: 2 })).toBe('2 turns');
    expect(await outcome(disk, { coveredTurn: 3 })).toBe('journal-ahead');
    expect(await outcome(new FaultyDisk(), { coveredTurn: 1 })).toBe('journal-ahead');
  });

  it('that stands for a turn of another journal is refused', async () => {
    const { disk } = await journalOf([300, 300, 300]);
    const { journal } = await open(disk);
    const records = await readAll(journal);
    await journal.close();
    const opened = (coveredTurn: number, coveredHash: Uint8Array) =>
      openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn', coveredTurn, coveredHash });
    for (const turn of [1, 2, 3]) {
      await expect(opened(turn, Buffer.alloc(32, 1))).rejects.toMatchObject({ code: 'journal-ahead' });
      await (await opened(turn, records[turn - 1]!.hash)).journal.close();
    }
  });

  it('of another cell is refused', async () => {
    const { disk } = await journalOf([300]);
    await expect(openFileJournal({ disk, folder: FOLDER, cell: 'other', sync: 'every-turn' })).rejects.toMatchObject({
      code: 'journal-foreign-cell',
    });
  });
});

describe('the index of a sealed segment', () => {
  it('is made anew where it is missing, stale or damaged', async () => {
    const { disk, places } = await journalOf([200, 200, 200, 200, 200, 200, 200], 4_000);
    const index = `${FOLDER}/${segmentName(1).replace('.turns', '.index')}`;
    expect(places.filter(({ file }) => file === segmentName(1)).length).toBeGreaterThan(3);
    const good = Buffer.from(disk.contents(index));
    const flipped = Buffer.from(good);
    flipped[25]! ^= 1;
    // Right in itself, but of another segment of the same length.
    const shifted = new Offsets();
    for (const { offset } of places.slice(1)) shifted.push(offset);
    const other = Buffer.from(shifted.encode(disk.contents(ONE).length, new FrameBuffer()));
    for (const bytes of [good, good.subarray(0, 100), Buffer.alloc(0), flipped, other, Buffer.alloc(512)]) {
      disk.replace(index, bytes);
      const reader = await openForReading(disk, FOLDER);
      expect((await readAll(reader, 3)).map(({ turn }) => turn)).toEqual([3, 4, 5, 6, 7]);
    }
    await disk.remove(index);
    expect((await readAll(await openForReading(disk, FOLDER), 3)).length).toBe(5);
  });
});
