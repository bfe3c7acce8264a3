/** Examining, repairing and exporting journals in files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examineJournal } from '../../src/journal/files/examine.js';
import { exportTurns } from '../../src/journal/files/export.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { repairJournal } from '../../src/journal/files/repair.js';
import { segmentName } from '../../src/journal/files/segment.js';
import type { JournalRecord } from '../../src/journal/port.js';
import { chanceOf, Died, FaultyDisk } from './journal-support/faulty-disk.js';
import { appendTurns, CELL, readAll, summary } from './journal-support/turns.js';

const FOLDER = 'journal';
const path = (firstTurn: number) => `${FOLDER}/${segmentName(firstTurn)}`;

const open = (disk: FaultyDisk, folder = FOLDER) =>
  openFileJournal({ disk, folder, cell: CELL, sync: 'every-turn', segmentBytes: 4_000 });

/** Segments that begin with turns 1, 4, 7 and 10. */
async function twelveTurns(): Promise<{ disk: FaultyDisk; records: JournalRecord[] }> {
  const disk = new FaultyDisk();
  const { journal } = await open(disk);
  const records = await appendTurns(
    journal,
    Array.from({ length: 12 }, () => 700),
  );
  await journal.close();
  return { disk, records };
}

/** Flips a byte in the middle of a turn's payload. */
function damage(disk: FaultyDisk, firstTurn: number, turn: number): void {
  disk.contents(path(firstTurn))[512 + (turn - firstTurn) * 1_024 + 400]! ^= 1;
}

async function files(disk: FaultyDisk): Promise<string[]> {
  return (await disk.list(FOLDER)).filter((name) => !name.endsWith('.index') && name !== 'lock').sort();
}

describe('examining', () => {
  it('a whole journal finds nothing', async () => {
    const { disk, records } = await twelveTurns();
    const found = await examineJournal(disk, FOLDER, CELL);
    expect(found).toMatchObject({ damage: null, loss: null });
    expect(found.head).toMatchObject({ turn: 12, hash: records[11]!.hash, positions: new Map([['api/0', 36]]) });
    expect(found.segments.map(({ firstTurn, turns }) => [firstTurn, turns])).toEqual([
      [1, 3],
      [4, 3],
      [7, 3],
      [10, 3],
    ]);
  });

  it('an empty folder finds nothing', async () => {
    expect(await examineJournal(new FaultyDisk(), FOLDER)).toMatchObject({
      segments: [],
      damage: null,
      head: { turn: 0 },
    });
  });

  it('names the damaged turn, and what is lost with it', async () => {
    const { disk } = await twelveTurns();
    damage(disk, 4, 5);
    const found = await examineJournal(disk, FOLDER);
    expect(found.damage).toMatchObject({ turn: 5, file: segmentName(4), offset: 512 + 1_024, torn: false });
    expect(found.head.turn).toBe(4);
    expect(found.loss).toEqual({
      files: [4, 7, 10].map(segmentName),
      bytes: 2 * 1_024 + 2 * disk.contents(path(7)).length,
      readableTurns: 7,
      lastReadableTurn: 12,
    });
    expect(found.segments.map(({ turns }) => turns)).toEqual([3, 1, 0, 0]);
  });

  it('changes nothing', async () => {
    const { disk } = await twelveTurns();
    damage(disk, 4, 5);
    const { operations } = disk;
    await examineJournal(disk, FOLDER);
    expect(disk.operations).toBe(operations);
  });
});

describe('a repair', () => {
  it('of a whole journal does nothing', async () => {
    const { disk } = await twelveTurns();
    const before = await files(disk);
    expect(await repairJournal({ disk, folder: FOLDER, acceptLoss: true })).toMatchObject({ cut: [], headTurn: 12 });
    expect(await files(disk)).toEqual(before);
  });

  it('cuts a torn record without being told that loss is accepted, and keeps it', async () => {
    const { disk } = await twelveTurns();
    const whole = Buffer.from(disk.contents(path(10)));
    disk.replace(path(10), whole.subarray(0, -100));
    const { cut, headTurn } = await repairJournal({ disk, folder: FOLDER });
    expect(headTurn).toBe(11);
    expect(cut).toEqual([{ file: segmentName(10), kept: `${segmentName(10)}.cut-12`, bytes: 924 }]);
    expect(disk.contents(`${path(10)}.cut-12`)).toEqual(whole.subarray(-1_024, -100));
    expect(disk.contents(path(10))).toEqual(whole.subarray(0, -1_024));
  });

  it('does not cut a torn record that a store stands for', async () => {
    const { disk } = await twelveTurns();
    disk.replace(path(10), disk.contents(path(10)).subarray(0, -100));
    const refused = repairJournal({ disk, folder: FOLDER, coveredTurn: 12 });
    await expect(refused).rejects.toMatchObject({ code: 'journal-damaged', turn: 12 });
    const { headTurn } = await repairJournal({ disk, folder: FOLDER, coveredTurn: 12, acceptLoss: true });
    expect(headTurn).toBe(11);
  });

  it('refuses damage unless loss is accepted; then it keeps all that it takes out', async () => {
    const { disk, records } = await twelveTurns();
    damage(disk, 4, 5);
    const before = new Map((await files(disk)).map((name) => [name, Buffer.from(disk.contents(`${FOLDER}/${name}`))]));
    await expect(repairJournal({ disk, folder: FOLDER })).rejects.toMatchObject({ code: 'journal-damaged', turn: 5 });
    expect(await files(disk)).toEqual([...before.keys()]);
    const { cut, headTurn } = await repairJournal({ disk, folder: FOLDER, acceptLoss: true });
    expect(headTurn).toBe(4);
    expect(cut.map(({ file }) => file)).toEqual([4, 7, 10].map(segmentName));
    for (const { file, kept, bytes } of cut) {
      const all = before.get(file)!;
      expect(disk.contents(`${FOLDER}/${kept}`)).toEqual(all.subarray(all.length - bytes));
    }
    const { journal } = await open(disk);
    expect(summary(await readAll(journal))).toEqual(summary(records.slice(0, 4)));
    await appendTurns(journal, [10, 10, 3_000]);
    await journal.close();
    expect((await examineJournal(disk, FOLDER)).head.turn).toBe(7);
  });

  it('tells where the journal will end before it cuts anything, and under the lock; what is refused then, is not cut', async () => {
    const { disk } = await twelveTurns();
    damage(disk, 4, 5);
    const before = await files(disk);
    const beforeCut = async (headTurn: number): Promise<void> => {
      expect(headTurn).toBe(4);
      expect(await files(disk)).toEqual(before);
      await expect(open(disk)).rejects.toMatchObject({ code: 'journal-locked' });
      throw new Error('not now');
    };
    await expect(repairJournal({ disk, folder: FOLDER, acceptLoss: true, beforeCut })).rejects.toThrow('not now');
    expect(await files(disk)).toEqual(before);
  });

  it('at the same turn twice keeps both', async () => {
    const { disk } = await twelveTurns();
    for (let round = 0; round < 2; round++) {
      damage(disk, 10, 11);
      await repairJournal({ disk, folder: FOLDER, acceptLoss: true });
      const { journal } = await open(disk);
      await appendTurns(journal, [700]);
      await journal.close();
    }
    expect(await files(disk)).toContain(`${segmentName(10)}.cut-11`);
    expect(await files(disk)).toContain(`${segmentName(10)}.cut-11-2`);
  });

  it('of a lost or damaged header moves the whole segment aside', async () => {
    for (const firstTurn of [1, 7]) {
      const { disk } = await twelveTurns();
      disk.contents(path(firstTurn))[30]! ^= 1;
      const { headTurn } = await repairJournal({ disk, folder: FOLDER, acceptLoss: true });
      expect(headTurn).toBe(firstTurn - 1);
      const { journal } = await open(disk);
      expect(journal.head().turn).toBe(firstTurn - 1);
      await appendTurns(journal, [1]);
    }
  });

  it('of a journal with a missing segment ends before it', async () => {
    const { disk } = await twelveTurns();
    await disk.remove(path(4));
    const { headTurn, cut } = await repairJournal({ disk, folder: FOLDER, acceptLoss: true });
    expect([headTurn, cut.map(({ file }) => file)]).toEqual([3, [7, 10].map(segmentName)]);
    expect((await open(disk)).journal.head().turn).toBe(3);
  });

  it('that is killed at any of its operations is finished by the next one', async () => {
    const { disk: whole, records } = await twelveTurns();
    damage(whole, 4, 5);
    const kept = new Set<string>();
    const lost = new Map(
      [4, 7, 10].map((turn) => [turn, whole.contents(path(turn)).length - (turn === 4 ? 1_536 : 0)]),
    );
    for (let at = 0; ; at++) {
      const disk = whole.copy();
      disk.failAt(at, { die: true, bytes: 100 });
      const died = await repairJournal({ disk, folder: FOLDER, acceptLoss: true }).then(
        () => false,
        (error: unknown) => error instanceof Died,
      );
      const left = disk.afterKill();
      await repairJournal({ disk: left, folder: FOLDER, acceptLoss: true });
      const { journal } = await open(left);
      expect(summary(await readAll(journal))).toEqual(summary(records.slice(0, 4)));
      for (const name of await files(left)) {
        kept.add(name.replace(/-2$/, ''));
        // None is there in part: who looks for what was cut must not take that for all.
        if (name.includes('cut'))
          expect(left.contents(`${FOLDER}/${name}`)).toHaveLength(lost.get(Number.parseInt(name, 10))!);
      }
      if (!died) break;
      expect(at).toBeLessThan(100);
    }
    expect([...kept].filter((name) => name.includes('cut')).sort()).toEqual(
      [4, 7, 10].map((turn) => `${segmentName(turn)}.cut-5`),
    );
  });

  it('that loses power at any of its operations has lost nothing that it was to keep', async () => {
    const { disk: whole } = await twelveTurns();
    damage(whole, 4, 5);
    const lost = [4, 7, 10].map((turn) => Buffer.from(whole.contents(path(turn)).subarray(turn === 4 ? 1_536 : 0)));
    for (let at = 0; at < 20; at++) {
      for (let seed = 0; seed < 20; seed++) {
        const disk = whole.copy();
        disk.failAt(at, { die: true, bytes: 600 });
        await repairJournal({ disk, folder: FOLDER, acceptLoss: true }).catch(() => undefined);
        const left = disk.afterPowerLoss(chanceOf(seed));
        const names = await files(left);
        for (const bytes of lost) {
          expect(names.some((name) => left.contents(`${FOLDER}/${name}`).includes(bytes))).toBe(true);
        }
      }
    }
  });

  it('takes the lock of the journal', async () => {
    const { disk } = await twelveTurns();
    const { journal } = await open(disk);
    await expect(repairJournal({ disk, folder: FOLDER })).rejects.toMatchObject({ code: 'journal-locked' });
    await journal.close();
    await repairJournal({ disk, folder: FOLDER });
    await (await open(disk)).journal.close();
  });
});

describe('an export', () => {
  it('of any range is a journal of its own, with the same records', async () => {
    const { disk, records } = await twelveTurns();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(12),
        fc.constantFrom(1_000, 3_000, 1 << 20),
        async (from, more, segmentBytes) => {
          const target = disk.copy();
          const to = Math.min(12, from + more);
          const done = await exportTurns({
            disk: target,
            from: await openForReading(target, FOLDER),
            to: 'out',
            fromTurn: from,
            toTurn: to,
            segmentBytes,
          });
          expect(done).toEqual({ firstTurn: from, lastTurn: to });
          const reader = await openForReading(target, 'out', CELL);
          expect(reader.firstTurn()).toBe(from);
          expect(summary(await readAll(reader, from))).toEqual(summary(records.slice(from - 1, to)));
          const { damage: wrong, head } = await examineJournal(target, 'out');
          expect(wrong).toBeNull();
          expect(head).toMatchObject({ turn: to, positions: new Map([['api/0', 3 * to]]) });
          // A journal that begins later can be gone on with.
          const { journal } = await open(target, 'out');
          expect(journal.firstTurn()).toBe(from);
          await expect(readAll(journal, from - 1)).rejects.toMatchObject({ code: 'not-found' });
          expect(summary(await appendTurns(journal, [5]))).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('without a range copies everything, also from a running journal', async () => {
    const { disk, records } = await twelveTurns();
    const { journal } = await open(disk);
    const more = await appendTurns(journal, [10]);
    expect(await exportTurns({ disk, from: await openForReading(disk, FOLDER), to: 'out' })).toEqual({
      firstTurn: 1,
      lastTurn: 13,
    });
    expect(summary(await readAll(await openForReading(disk, 'out')))).toEqual(summary([...records, ...more]));
  });

  it('refuses a folder that has a journal, and turns that are not there', async () => {
    const { disk } = await twelveTurns();
    await expect(exportTurns({ disk, from: await openForReading(disk, FOLDER), to: FOLDER })).rejects.toMatchObject({
      code: 'append-failed',
    });
    await expect(
      exportTurns({ disk, from: await openForReading(disk, FOLDER), to: 'out', fromTurn: 14 }),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(exportTurns({ disk, from: await openForReading(disk, 'nowhere'), to: 'out' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('ends at damage, with the turn named', async () => {
    const { disk } = await twelveTurns();
    damage(disk, 4, 5);
    await expect(exportTurns({ disk, from: await openForReading(disk, FOLDER), to: 'out' })).rejects.toMatchObject({
      code: 'journal-damaged',
      turn: 5,
    });
    expect((await examineJournal(disk, 'out')).head.turn).toBe(4);
  });
});
