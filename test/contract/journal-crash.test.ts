/** Killed at every operation, power lost at every moment, disks that fail: nothing acknowledged is ever lost. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Timers } from '../../src/journal/files/disk.js';
import { examineJournal } from '../../src/journal/files/examine.js';
import type { SyncPolicy } from '../../src/journal/files/journal.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { repairJournal } from '../../src/journal/files/repair.js';
import { listSegments, segmentName } from '../../src/journal/files/segment.js';
import type { Journal, JournalRecord } from '../../src/journal/port.js';
import { chanceOf, Died, type Fault, FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL, payloadOf, readAll, summary, turnAfter } from './journal-support/turns.js';

const FOLDER = 'journal';
const SEGMENT_BYTES = 6_000;
const POLICIES = ['every-turn', 'off'] as const;
/** That a quota is used up, as Node calls it on Linux. */
const QUOTA = 'Unknown system error -122';

const open = (disk: FaultyDisk, options: { sync?: SyncPolicy; coveredTurn?: number; segmentBytes?: number } = {}) =>
  openFileJournal({ disk, folder: FOLDER, cell: CELL, sync: 'every-turn', segmentBytes: SEGMENT_BYTES, ...options });

/** Lengths of turns that leave sectors full, half full, and go over a segment's end. */
const LENGTHS = [0, 700, 1_500, 300, 3_000, 20, 480, 9_000, 100, 600];

/** Appends until something goes wrong; returns what was acknowledged, and the record that was under way. */
async function appendUntilDeath(
  disk: FaultyDisk,
  sync: SyncPolicy = 'every-turn',
): Promise<{ acknowledged: JournalRecord[]; tried: JournalRecord | null }> {
  const acknowledged: JournalRecord[] = [];
  let tried: JournalRecord | null = null;
  try {
    const { journal } = await open(disk, { sync });
    for (const length of LENGTHS) {
      tried = turnAfter(journal.head(), { payload: payloadOf(length, length) });
      await journal.append(tried.bytes, tried.hash);
      acknowledged.push(tried);
      tried = null;
    }
  } catch (error) {
    if (!isDeath(error)) throw error;
  }
  return { acknowledged, tried };
}

function isDeath(error: unknown): boolean {
  return error instanceof Died || (error as { cause?: unknown } | null)?.cause instanceof Died;
}

/** Opens what a crash has left: every acknowledged turn is there, at most the one under way beside them. */
async function expectRecovered(disk: FaultyDisk, acknowledged: JournalRecord[], tried: JournalRecord | null) {
  const { journal } = await open(disk, { coveredTurn: acknowledged.length });
  const records = await readAll(journal);
  const landed = tried !== null && records.length > acknowledged.length;
  expect(summary(records)).toEqual(summary(landed ? [...acknowledged, tried] : acknowledged));
  const more = await appendTurns(journal, [10, 5_000]);
  await journal.close();
  const again = await open(disk);
  expect(summary(await readAll(again.journal))).toEqual(summary([...records, ...more]));
  await again.journal.close();
}

/** How many operations it takes without a fault. */
async function countOperations(): Promise<number> {
  const disk = new FaultyDisk();
  await appendUntilDeath(disk);
  return disk.operations;
}

describe('killed', () => {
  it('before each of its operations, or in the middle of a write', async () => {
    const operations = await countOperations();
    expect(operations).toBeGreaterThan(40);
    for (let at = 0; at < operations; at++) {
      for (const bytes of [0, 1, 100, 512, 1_000]) {
        const disk = new FaultyDisk();
        disk.failAt(at, { die: true, bytes });
        const { acknowledged, tried } = await appendUntilDeath(disk);
        await expectRecovered(disk.afterKill(), acknowledged, tried);
      }
    }
  });

  it('and then without power, after it was opened again', async () => {
    const operations = await countOperations();
    await fc.assert(
      fc.asyncProperty(fc.nat(operations - 1), fc.nat(1_500), fc.integer(), async (at, bytes, seed) => {
        const disk = new FaultyDisk();
        disk.failAt(at, { die: true, bytes });
        await appendUntilDeath(disk);
        const second = disk.afterKill();
        const { journal } = await open(second);
        // What the second process believes, it may act on at once: it must be durable already.
        const believed = await readAll(journal);
        const third = second.afterPowerLoss(chanceOf(seed));
        await expectRecovered(third, believed, null);
      }),
      { numRuns: 500 },
    );
  });
});

describe('without power', () => {
  it('after another has gone on in a segment that was named, and not yet for good, when its maker was killed', async () => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    const first = await appendTurns(journal, [3_000]);
    // The index of the segment that ends is the first name, that of the next the second.
    disk.failNext('syncFolder', { die: true }, 1);
    await expect(appendTurns(journal, [5_000])).rejects.toMatchObject({ cause: expect.any(Died) });
    const second = disk.afterKill();
    const again = await open(second);
    const acknowledged = [...first, ...(await appendTurns(again.journal, [100, 300]))];
    for (let seed = 0; seed < 20; seed++) {
      await expectRecovered(second.afterPowerLoss(chanceOf(seed)), acknowledged, null);
    }
  });

  it('at any operation, with any of the unsynced sectors there or not', async () => {
    const operations = await countOperations();
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(operations - 1), fc.nat(10_000), fc.integer(), async (at, bytes, seed) => {
        const disk = new FaultyDisk();
        disk.failAt(at, { die: true, bytes });
        const { acknowledged, tried } = await appendUntilDeath(disk);
        const left = disk.afterPowerLoss(chanceOf(seed));
        const { journal, cut } = await open(left.copy(), { coveredTurn: acknowledged.length });
        if (cut !== null) cuts++;
        await journal.close();
        await expectRecovered(left, acknowledged, tried);
      }),
      { numRuns: 3_000 },
    );
    // Else it has tested too little.
    expect(cuts).toBeGreaterThan(50);
  });

  it('loses unsynced turns only, where the policy is to sync at intervals, or says what is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(LENGTHS.length - 1), fc.integer(), async (syncedAfter, seed) => {
        const disk = new FaultyDisk();
        const due: (() => void)[] = [];
        const timers = collecting(due);
        const { journal } = await open(disk, { sync: { everyMs: 50, timers } });
        for (const [index, length] of LENGTHS.entries()) {
          await appendTurns(journal, [length]);
          if (index === syncedAfter) due.pop()!();
        }
        const records = await readAll(journal);
        const left = disk.afterPowerLoss(chanceOf(seed));
        const { headTurn } = await repairJournal({ disk: left, folder: FOLDER, coveredTurn: 0, acceptLoss: true });
        expect(headTurn).toBeGreaterThanOrEqual(syncedAfter + 1);
        const again = await open(left);
        expect(summary(await readAll(again.journal))).toEqual(summary(records.slice(0, headTurn)));
      }),
      { numRuns: 300 },
    );
  });

  it('damages no segment that another follows, also where nothing is forced to the disk before it ends', async () => {
    const operations = await countOperations();
    await fc.assert(
      fc.asyncProperty(fc.nat(operations - 1), fc.integer(), async (at, seed) => {
        const disk = new FaultyDisk();
        disk.failAt(at, { die: true });
        await appendUntilDeath(disk, 'off');
        const left = disk.afterPowerLoss(chanceOf(seed));
        const { damage } = await examineJournal(left, FOLDER, CELL);
        if (damage !== null) expect(damage.file).toBe(segmentName((await listSegments(left, FOLDER)).at(-1)!));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a disk that fails', () => {
  const full: [string, Fault][] = [
    ['disk-full', { errno: 'ENOSPC' }],
    ['disk-full', { errno: 'ENOSPC', bytes: 700 }],
    ['disk-full', { errno: QUOTA }],
    ['append-failed', { errno: 'EIO' }],
    ['append-failed', { errno: 'EIO', bytes: 512 }],
    ['append-failed', { errno: 'EROFS' }],
  ];

  it.each(full)('makes the journal fail for good, %s %j', async (code, fault) => {
    const kinds = ['write', 'sync', 'create', 'rename', 'syncFolder'] as const;
    // The third turn begins a new segment, so it meets every kind of operation: first for the index of the one that ends.
    for (const [kind, skip] of kinds.flatMap((one) => [[one, 0] as const, [one, 1] as const])) {
      const disk = new FaultyDisk();
      const { journal } = await open(disk);
      const acknowledged = await appendTurns(journal, [100, 5_000]);
      disk.failNext(kind, fault, skip);
      const tried = turnAfter(journal.head(), { payload: payloadOf(4_000) });
      await expect(journal.append(tried.bytes, tried.hash)).rejects.toMatchObject({ code, errno: errnoIn(fault) });
      const operations = disk.operations;
      await expect(journal.append(tried.bytes, tried.hash)).rejects.toMatchObject({ code });
      expect(journal.head().turn).toBe(2);
      expect(summary(await readAll(journal))).toEqual(summary(acknowledged));
      await journal.close();
      expect(disk.operations).toBe(operations);
      await expectRecovered(disk.afterKill(), acknowledged, tried);
    }
  });

  it('and drops what it failed to sync: a turn that is believed after opening again is durable', async () => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    const acknowledged = await appendTurns(journal, [100]);
    const tried = turnAfter(journal.head(), { payload: payloadOf(2_000) });
    disk.failNext('sync', { errno: 'EIO' });
    await expect(journal.append(tried.bytes, tried.hash)).rejects.toMatchObject({ code: 'append-failed' });
    const second = disk.afterKill();
    const opened = await open(second);
    const believed = await readAll(opened.journal);
    expect(summary(believed)).toEqual(summary([...acknowledged, tried]));
    for (let seed = 0; seed < 50; seed++) {
      await expectRecovered(second.afterPowerLoss(chanceOf(seed)), believed, null);
    }
  });

  it.each(POLICIES)('and drops what it failed to sync of several turns: opened %s, they are durable', async (sync) => {
    const disk = new FaultyDisk();
    const due: (() => void)[] = [];
    const { journal } = await open(disk, { sync: { everyMs: 50, timers: collecting(due) } });
    const appended = await appendTurns(journal, [100, 700, 1_500]);
    disk.failNext('sync', { errno: 'EIO' });
    due[0]!();
    await settled();
    const second = disk.afterKill();
    const opened = await open(second, { sync });
    const believed = [...appended, ...(await appendTurns(opened.journal, sync === 'off' ? [] : [300]))];
    expect(summary(await readAll(opened.journal))).toEqual(summary(believed));
    for (let seed = 0; seed < 50; seed++) {
      await expectRecovered(second.afterPowerLoss(chanceOf(seed)), believed, null);
    }
  });

  it('in a sync at intervals is met by the next append', async () => {
    const disk = new FaultyDisk();
    const due: (() => void)[] = [];
    const timers = collecting(due);
    const { journal } = await open(disk, { sync: { everyMs: 50, timers } });
    await appendTurns(journal, [100]);
    disk.failNext('sync', { errno: 'EIO' });
    due[0]!();
    const next = turnAfter(journal.head());
    await Promise.resolve();
    await expect(journal.append(next.bytes, next.hash)).rejects.toMatchObject({ code: 'append-failed', errno: 'EIO' });
  });

  it('is not met where a segment ends while a sync at an interval is under way', async () => {
    const disk = new FaultyDisk();
    const due: (() => void)[] = [];
    const { journal } = await open(disk, { sync: { everyMs: 50, timers: collecting(due) } });
    await appendTurns(journal, [3_000]);
    const release = disk.holdNextSync();
    due[0]!();
    const appended = appendTurns(journal, [5_000]);
    await settled();
    release();
    await settled();
    await appended;
    await appendTurns(journal, [10]);
    expect((await readAll(journal)).length).toBe(3);
    await journal.close();
  });

  it('is not met where a sync at an interval is due while a segment ends, at whichever of its operations', async () => {
    for (let at = 0, last = 1; at < last; at++) {
      const disk = new FaultyDisk();
      const due: (() => void)[] = [];
      const { journal } = await open(disk, { sync: { everyMs: 50, timers: collecting(due) } });
      await appendTurns(journal, [3_000]);
      const before = disk.operations;
      disk.onOperation = () => {
        if (disk.operations === before + at) due.shift()?.();
      };
      await appendTurns(journal, [5_000]);
      last = disk.operations - before;
      expect(last).toBeGreaterThan(8);
      for (const run of due) run();
      await appendTurns(journal, [10]);
      expect([at, (await readAll(journal)).length]).toEqual([at, 3]);
      await journal.close();
    }
  });

  it('at opening says so', async () => {
    const disk = new FaultyDisk();
    disk.failNext('create', { errno: 'EROFS' });
    await expect(open(disk)).rejects.toMatchObject({ code: 'append-failed', errno: 'EROFS' });
    disk.failNext('create', { errno: 'ENOSPC' });
    await expect(open(disk)).rejects.toMatchObject({ code: 'disk-full', errno: 'ENOSPC' });
    // The lock was given back.
    await (await open(disk)).journal.close();
  });
});

it('an append that is under way at the close is on the disk before anybody else may open the journal', async () => {
  const disk = new FaultyDisk();
  const { journal } = await open(disk);
  const release = disk.holdNextSync();
  const next = turnAfter(journal.head());
  const closed = vi.fn();
  const ends = [journal.append(next.bytes, next.hash), journal.close().then(closed)];
  await settled();
  await expect(open(disk)).rejects.toMatchObject({ code: 'journal-locked' });
  expect(closed).not.toHaveBeenCalled();
  release();
  await Promise.all(ends);
  const again = await open(disk);
  expect(summary(await readAll(again.journal))).toEqual(summary([next]));
});

describe('a file that somebody else changes', () => {
  const path = `${FOLDER}/${segmentName(1)}`;
  const cases: [string, (disk: FaultyDisk, journal: Journal) => Promise<void>][] = [
    ['is longer', async (disk) => disk.replace(path, Buffer.concat([disk.contents(path), Buffer.alloc(512)]))],
    ['is shorter', async (disk) => disk.replace(path, disk.contents(path).subarray(0, -512))],
    ['is removed', (disk) => disk.remove(path)],
    ['has another name', (disk) => disk.rename(path, `${FOLDER}/elsewhere`)],
  ];
  it.each(cases)('%s: the journal fails', async (_name, change) => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    await appendTurns(journal, [100]);
    await change(disk, journal);
    const next = turnAfter(journal.head());
    await expect(journal.append(next.bytes, next.hash)).rejects.toMatchObject({ code: 'append-failed' });
    await expect(journal.append(next.bytes, next.hash)).rejects.toThrow('somebody else');
  });

  it('by cutting it is refused by the next start, wherever the cut is: it is not taken for a torn record', async () => {
    const whole = 512 + 4 * 1_024;
    for (let length = 0; length < whole; length += 160) {
      for (const segmentBytes of [64 * 1_024, whole]) {
        const disk = new FaultyDisk();
        const { journal } = await open(disk, { segmentBytes });
        await appendTurns(journal, [700, 700, 700, 700]);
        expect(disk.contents(path)).toHaveLength(whole);
        disk.replace(path, disk.contents(path).subarray(0, length));
        const next = turnAfter(journal.head());
        await expect(journal.append(next.bytes, next.hash)).rejects.toThrow('somebody else');
        await journal.close();
        await expect(open(disk)).rejects.toMatchObject({ name: 'JournalDamaged', torn: false });
        await expect(repairJournal({ disk, folder: FOLDER })).rejects.toMatchObject({ name: 'JournalDamaged' });
      }
    }
  });

  it('and a second writer is kept out', async () => {
    const disk = new FaultyDisk();
    const { journal } = await open(disk);
    await expect(open(disk)).rejects.toMatchObject({ code: 'journal-locked' });
    await journal.close();
    await (await open(disk)).journal.close();
  });

  it('and is let go of, also where its file can not be closed', async () => {
    const disk = new FaultyDisk();
    const openFile = disk.open.bind(disk);
    const failing = vi.spyOn(disk, 'open').mockImplementation(async (...place) => {
      const file = await openFile(...place);
      const close = file.close.bind(file);
      const failed = () => Promise.reject(new Error('EIO at the close'));
      return Object.assign(file, { close: () => (isOver ? failed() : close()) });
    });
    let isOver = false;
    const { journal } = await open(disk);
    isOver = true;
    await expect(journal.close()).rejects.toThrow('EIO at the close');
    failing.mockRestore();
    await (await open(disk)).journal.close();
  });
});

function errnoIn(fault: Fault): string | null {
  return 'errno' in fault ? fault.errno.replace(QUOTA, 'EDQUOT') : null;
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 1_000; i++) await Promise.resolve();
}

/** Timers that run when the test says so. */
function collecting(due: (() => void)[]): Timers {
  return {
    after: (_delayMs, run) => {
      due.push(run);
      return () => {
        if (due.includes(run)) due.splice(due.indexOf(run), 1);
      };
    },
  };
}
