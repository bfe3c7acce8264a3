/** The checkpoint: an opening reads what came after it, and whatever is wrong with it, no more than that is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalDamaged } from '../../src/journal/errors.js';
import { CHECKPOINT_NAME } from '../../src/journal/files/checkpoint.js';
import type { Disk } from '../../src/journal/files/disk.js';
import { examineJournal } from '../../src/journal/files/examine.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { repairJournal } from '../../src/journal/files/repair.js';
import { segmentName } from '../../src/journal/files/segment.js';
import type { Head } from '../../src/journal/port.js';
import { chanceOf, FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL, payloadOf, readAll, summary, turnAfter } from './journal-support/turns.js';

const FOLDER = 'journal';
const CHECKPOINT = `${FOLDER}/${CHECKPOINT_NAME}`;
const CHECKPOINT_BYTES = 10_000;

type Options = Partial<Parameters<typeof openFileJournal>[0]>;

const open = (disk: Disk, options: Options = {}) =>
  openFileJournal({
    disk,
    folder: FOLDER,
    cell: CELL,
    sync: 'every-turn',
    checkpointBytes: CHECKPOINT_BYTES,
    ...options,
  });

/** A journal with so many turns of 2,000 bytes; its records. */
async function journalOf(turns: number, options: Options = {}) {
  const disk = new FaultyDisk();
  const { journal } = await open(disk, options);
  const records = await appendTurns(
    journal,
    Array.from({ length: turns }, () => 2_000),
  );
  await journal.close();
  return { disk, records };
}

/** The same disk, and what is read of its segments. */
function counting(disk: FaultyDisk): { disk: Disk; read: () => number } {
  let bytes = 0;
  const counted: Disk = {
    list: (folder) => disk.list(folder),
    makeFolder: () => disk.makeFolder(),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    syncFolder: () => disk.syncFolder(),
    lock: (path) => disk.lock(path),
    open: async (path, mode) => {
      const file = await disk.open(path, mode);
      if (!path.endsWith('.turns')) return file;
      return {
        ...file,
        read: async (into, position) => {
          const read = await file.read(into, position);
          bytes += read;
          return read;
        },
      };
    },
  };
  return { disk: counted, read: () => bytes };
}

/** Bytes of the segments that an opening reads. */
async function readAtOpening(disk: FaultyDisk, options: Options = {}): Promise<number> {
  const { disk: counted, read } = counting(disk);
  const { journal } = await open(counted, options);
  await journal.close();
  return read();
}

describe('an opening', () => {
  it('reads what came after the checkpoint, however much was before it', async () => {
    for (const turns of [50, 400]) {
      const { disk } = await journalOf(turns);
      expect(await readAtOpening(disk)).toBeLessThan(2 * CHECKPOINT_BYTES);
      expect(await readAtOpening(disk, { verifyFrom: 1 })).toBeGreaterThan(turns * 2_000);
    }
  });

  it('knows the head, the positions of inputs and the places of turns as one that has read everything', async () => {
    const { disk, records } = await journalOf(100);
    const quick = await open(disk.copy());
    const whole = await open(disk, { verifyFrom: 1 });
    expect(plain(quick.journal.head())).toEqual(plain(whole.journal.head()));
    for (const from of [1, 37, 100]) {
      expect(summary(await readAll(quick.journal, from))).toEqual(summary(records.slice(from - 1)));
    }
    await appendTurns(quick.journal, [10, 3_000]);
    await quick.journal.close();
    await whole.journal.close();
  });

  it('checks the hash of the store wherever its turn stands', async () => {
    const { disk, records } = await journalOf(400);
    for (const turn of [1, 200, 397]) {
      const covered = { coveredTurn: turn, coveredHash: records[turn - 1]!.hash };
      await (await open(disk.copy(), covered)).journal.close();
      const other = { ...covered, coveredHash: Buffer.alloc(32, 1) };
      await expect(open(disk.copy(), other)).rejects.toMatchObject({ code: 'journal-ahead' });
    }
  });

  it('reads no more from one restart to the next', async () => {
    const { disk } = await journalOf(1);
    for (let n = 0; n < 30; n++) {
      const { journal } = await open(disk);
      await appendTurns(journal, [3_000]);
      await journal.close();
    }
    expect(await readAtOpening(disk)).toBeLessThan(2 * CHECKPOINT_BYTES);
  });

  it('reads a whole segment where the checkpoint is missing, damaged, of another segment or of another history', async () => {
    const { disk, records } = await journalOf(60);
    const good = Buffer.from(disk.contents(CHECKPOINT));
    const flips = Array.from({ length: 40 }, (_, n) => {
      const bytes = Buffer.from(good);
      const at = Math.floor((n * good.length) / 40);
      bytes[at] = bytes[at]! ^ 4;
      return bytes;
    });
    const elsewhere = (await foreign()).contents(CHECKPOINT);
    for (const bytes of [null, Buffer.alloc(0), good.subarray(0, 512), good.subarray(0, 700), elsewhere, ...flips]) {
      const copy = disk.copy();
      if (bytes === null) await copy.remove(CHECKPOINT);
      else copy.replace(CHECKPOINT, bytes);
      const opened = await open(copy);
      expect(summary(await readAll(opened.journal))).toEqual(summary(records));
      await opened.journal.close();
    }
  });

  /** A journal of the same cell and lengths in which other things happened. */
  async function foreign(): Promise<FaultyDisk> {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    for (let n = 0; n < 60; n++) {
      const record = turnAfter(journal.head(), { payload: payloadOf(2_000, 1000 + n) });
      await journal.append(record.bytes, record.hash);
    }
    await journal.close();
    return disk;
  }
});

describe('damage', () => {
  it('after the checkpoint is met by the opening; before it by whoever reads there, as in a sealed segment', async () => {
    const { disk } = await journalOf(62);
    const path = `${FOLDER}/${segmentName(1)}`;
    const { segments } = await examineJournal(disk, FOLDER, CELL);
    const size = segments[0]!.bytes;
    for (const [at, isMet] of [
      [size - 700, true],
      [size - 4_000, true],
      [30_000, false],
    ] as const) {
      const copy = disk.copy();
      const bytes = Buffer.from(copy.contents(path));
      bytes[at] = bytes[at]! ^ 1;
      copy.replace(path, bytes);
      const opened = await open(copy.copy()).catch((error: unknown) => error);
      if (isMet) expect(opened).toBeInstanceOf(JournalDamaged);
      else {
        const { journal } = opened as Awaited<ReturnType<typeof open>>;
        await expect(readAll(journal)).rejects.toMatchObject({ code: 'journal-damaged' });
        await journal.close();
      }
      expect((await examineJournal(copy, FOLDER, CELL)).damage).not.toBeNull();
    }
  });

  it('that was repaired leaves a checkpoint behind its end, which counts no more', async () => {
    const { disk, records } = await journalOf(62);
    const path = `${FOLDER}/${segmentName(1)}`;
    const bytes = Buffer.from(disk.contents(path));
    bytes[30_000] = bytes[30_000]! ^ 1;
    disk.replace(path, bytes);
    const { headTurn } = await repairJournal({ disk, folder: FOLDER, acceptLoss: true });
    const { journal } = await open(disk);
    expect(journal.head().turn).toBe(headTurn);
    // Other turns take the places of those that were lost; the old checkpoint names one of them.
    for (let n = headTurn; n < 62; n++) {
      const record = turnAfter(journal.head(), { payload: payloadOf(2_000, 5000 + n) });
      await journal.append(record.bytes, record.hash);
    }
    await journal.close();
    const again = await open(disk);
    expect(summary(await readAll(again.journal)).slice(0, headTurn)).toEqual(summary(records.slice(0, headTurn)));
    expect(again.journal.head().turn).toBe(62);
    await again.journal.close();
  });
});

describe('a journal whose last records are torn', () => {
  it('is cut there, and the checkpoint before it still counts', async () => {
    const { disk } = await journalOf(62);
    const path = `${FOLDER}/${segmentName(1)}`;
    disk.replace(path, disk.contents(path).subarray(0, -1_000));
    const { journal, cut } = await open(disk, { coveredTurn: 61 });
    expect(cut?.turn).toBe(62);
    expect(journal.head().turn).toBe(61);
    await journal.close();
    expect(await readAtOpening(disk)).toBeLessThan(2 * CHECKPOINT_BYTES);
  });

  it('is refused where the store stands for the torn turn', async () => {
    const { disk } = await journalOf(62);
    const path = `${FOLDER}/${segmentName(1)}`;
    disk.replace(path, disk.contents(path).subarray(0, -1_000));
    await expect(open(disk, { coveredTurn: 62 })).rejects.toMatchObject({ code: 'journal-damaged', turn: 62 });
  });
});

describe('a checkpoint that is written', () => {
  const small = { checkpointBytes: 2_000, segmentBytes: 12_000 };
  const LENGTHS = [100, 900, 2_500, 3_000, 20, 4_000, 700, 9_000, 1_500, 600, 2_000, 2_000];

  async function appendUntilDeath(disk: FaultyDisk) {
    const acknowledged = [];
    try {
      const { journal } = await open(disk, small);
      for (const length of LENGTHS) acknowledged.push(...(await appendTurns(journal, [length])));
      await journal.close();
    } catch {
      // Died: what it had acknowledged is looked at by the test.
    }
    return acknowledged;
  }

  it('is never in the way of what was acknowledged, wherever the process or the power dies', async () => {
    const whole = new FaultyDisk();
    await appendUntilDeath(whole);
    expect(whole.trace.filter((operation) => operation === 'rename').length).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.operations - 1),
        fc.nat(3_000),
        fc.boolean(),
        fc.integer(),
        async (at, bytes, isPower, seed) => {
          const disk = new FaultyDisk();
          disk.failAt(at, { die: true, bytes });
          const acknowledged = await appendUntilDeath(disk);
          const left = isPower ? disk.afterPowerLoss(chanceOf(seed)) : disk.afterKill();
          const quick = await open(left.copy(), { ...small, coveredTurn: acknowledged.length });
          const records = summary(await readAll(quick.journal));
          expect(records.slice(0, acknowledged.length)).toEqual(summary(acknowledged));
          expect(records.length).toBeLessThanOrEqual(acknowledged.length + 1);
          const checked = await open(left, { ...small, verifyFrom: 1, coveredTurn: acknowledged.length });
          expect(plain(checked.journal.head())).toEqual(plain(quick.journal.head()));
          await quick.journal.close();
          await checked.journal.close();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('and fails makes the journal fail, as its other writes do', async () => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk, small);
    await appendTurns(journal, [1_000]);
    disk.failNext('create', { errno: 'ENOSPC' });
    await appendTurns(journal, [1_500]);
    await settled();
    const next = turnAfter(journal.head());
    await expect(journal.append(next.bytes, next.hash)).rejects.toMatchObject({ code: 'disk-full' });
  });

  it('is of what is on the disk only, where syncs come at intervals', async () => {
    const disk = new FaultyDisk();
    const due: (() => void)[] = [];
    const timers = {
      after: (_ms: number, run: () => void) => {
        due.push(run);
        return () => undefined;
      },
    };
    const { journal } = await open(disk, { ...small, segmentBytes: 1 << 20, sync: { everyMs: 50, timers } });
    await appendTurns(journal, [3_000, 3_000, 3_000]);
    await settled();
    expect(await disk.list(FOLDER)).not.toContain(CHECKPOINT_NAME);
    due.pop()!();
    await settled();
    expect(await disk.list(FOLDER)).toContain(CHECKPOINT_NAME);
    await journal.close();
  });
});

/** A head that compares by its values. */
function plain({ hash, ...head }: Head) {
  return { ...head, hash: Buffer.from(hash).toString('hex') };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 1_000; i++) await Promise.resolve();
}
