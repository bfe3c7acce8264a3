/** The archive of a journal of files: read as one with it, gone on with after a kill, refused where it doesn't fit. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { CELL } from '../../../bench/support/journal.js';
import { fold, foldTo, openJournal, stateOf, takeSnapshots } from '../../../replay/index.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import { archivableFolder, archive } from '../../../src/main/archive.js';
import { configSchema } from '../../../src/main/config/config.js';
import { openFabric } from '../../../src/main/fabric.js';
import { fileParts } from '../../../src/main/file-parts.js';
import { MARIE } from '../cli/setup.js';
import { inFolder } from './history.js';

const END = { turn: Number.MAX_SAFE_INTEGER };

/** A data directory of many small segments, with a snapshot near the end of the history. */
async function inData(run: (data: string, snapshotTurn: number) => Promise<void>): Promise<void> {
  await inFolder(async (data) => {
    await writeDocuments(join(data, 'journal'), 120_000, { retainTerminalJobs: 2_000, segmentBytes: 256 * 1024 });
    const history = await openJournal(data);
    const snapshotTurn = (await history.lastTurn()) - 3;
    await takeSnapshots(history, { at: { turn: snapshotTurn } });
    await run(data, snapshotTurn);
  });
}

async function source(data: string) {
  return archivableFolder(await openForReading(nodeDisk, join(data, 'journal')));
}

/** Asks the command what it would move. */
function dryRun(data: string, to: string) {
  const args = ['journal', 'archive', data, '--to', join(data, to), '--dry-run'];
  return promisify(execFile)(process.execPath, [MARIE, ...args]);
}

/** Every turn's hash, and the state at the end, folded from the first turn. */
async function wholeOf(data: string) {
  const history = await openJournal(data);
  const hashes: string[] = [];
  const scratch = await fold(history, [
    { after: (_record, { hash }) => void hashes.push(Buffer.from(hash).toString('hex')) },
  ]);
  return { first: history.firstTurn, hashes, state: await stateOf(scratch) };
}

describe('an archive', () => {
  it.each([[[]], [['--dry-run']]])('of a journal of one segment says that nothing can go yet %s', (options) =>
    inFolder(async (data) => {
      await writeDocuments(join(data, 'journal'), 2_000);
      await takeSnapshots(await openJournal(data), { at: END });
      const { stdout } = await promisify(execFile)(process.execPath, [MARIE, 'journal', 'archive', data, ...options]);
      expect(stdout).toMatch(/^nothing below \S+ can go yet; the journal begins with turn 1\n$/);
      expect(await readdir(data)).not.toContain('archive');
    }),
  );

  it('and the journal that is left are read as one', () =>
    inData(async (data, snapshotTurn) => {
      const before = await wholeOf(data);
      const done = await archive(await source(data), join(data, 'archive'), snapshotTurn, () => undefined);
      expect(done.copied).toBeGreaterThan(1);
      expect(done.journalFirstTurn).toBeLessThanOrEqual(snapshotTurn);
      const live = await openForReading(nodeDisk, join(data, 'journal'));
      expect(live.firstTurn()).toBe(done.journalFirstTurn);
      expect(await wholeOf(data)).toEqual(before);
      const again = await archive(await source(data), join(data, 'archive'), snapshotTurn, () => undefined);
      expect(again).toMatchObject({ copied: 0, lastTurn: done.lastTurn, journalFirstTurn: done.journalFirstTurn });
      // Without it a moment is still looked at from the snapshot.
      await rename(join(data, 'archive'), join(data, 'elsewhere'));
      const fold = await foldTo(await openJournal(data), END);
      expect(await stateOf(fold)).toEqual(before.state);
      await fold.close();
      await expect(wholeOf(data)).rejects.toMatchObject({ code: 'history-incomplete' });
      await symlink('elsewhere', join(data, 'archive'));
      expect(await wholeOf(data)).toEqual(before);
    }));

  it("that doesn't end where the journal begins, or is of another history, is refused, and nothing is deleted", () =>
    inData(async (data, snapshotTurn) => {
      const kept = await readdir(join(data, 'journal'));
      await inData(async (other, otherTurn) => {
        const strange = await openForReading(nodeDisk, join(other, 'journal'));
        await writeFile(join(other, 'x'), '');
        await rm(join(other, 'journal'), { recursive: true });
        await writeDocuments(join(other, 'journal'), 90_000, { retainTerminalJobs: 50, segmentBytes: 256 * 1024 });
        expect(strange.firstTurn()).toBe(1);
        await archive(await source(other), join(data, 'archive'), otherTurn - 3, () => undefined);
      });
      const refused = archive(await source(data), join(data, 'archive'), snapshotTurn, () => undefined);
      await expect(refused).rejects.toMatchObject({ code: 'target-not-empty' });
      expect(await readdir(join(data, 'journal'))).toEqual(expect.arrayContaining(kept));
      await expect(dryRun(data, 'archive')).rejects.toMatchObject({ code: 2 });
    }));

  it.each([
    ['the folder of the journal', 'journal'],
    ['a link to it', 'link'],
    ['its data directory', '.'],
  ])('in %s is refused, and nothing is deleted', (_what, to) =>
    inData(async (data, snapshotTurn) => {
      await symlink('journal', join(data, 'link'));
      const kept = await readdir(join(data, 'journal'));
      const refused = archive(await source(data), join(data, to), snapshotTurn, () => undefined);
      await expect(refused).rejects.toMatchObject({ code: 'target-not-empty' });
      expect(await readdir(join(data, 'journal'))).toEqual(expect.arrayContaining(kept));
      await expect(dryRun(data, to)).rejects.toMatchObject({ code: 2 });
    }),
  );

  it('is gone on from where the journal has no file left, once its own files are back there', () =>
    inData(async (data, snapshotTurn) => {
      const { lastTurn } = await archive(await source(data), join(data, 'archive'), snapshotTurn, () => undefined);
      await rm(join(data, 'journal'), { recursive: true });
      const config = configSchema.parse({ data, cell: CELL });
      const start = (more = {}) => openFabric(fileParts({ ...config, file: null, acceptClock: true, ...more }));
      await expect(start({ cell: 'other' })).rejects.toMatchObject({ code: 'journal-foreign-cell' });
      await expect(start()).rejects.toMatchObject({ code: 'no-snapshot' });
      expect(await (await openJournal(data)).lastTurn()).toBe(lastTurn);
      for (const name of (await readdir(join(data, 'archive'))).filter((one) => one.endsWith('.turns'))) {
        await rename(join(data, 'archive', name), join(data, 'journal', name));
      }
      const fabric = await start();
      expect(fabric.report.headTurn).toBe(lastTurn);
      await fabric.close();
    }));

  it('whose bytes were changed lets nothing be deleted', () =>
    inData(async (data, snapshotTurn) => {
      const to = join(data, 'archive');
      await cp(join(data, 'journal'), join(data, 'copy'), { recursive: true });
      await archive(await source(data), to, snapshotTurn, () => undefined);
      await rm(join(data, 'journal'), { recursive: true });
      await rename(join(data, 'copy'), join(data, 'journal'));
      const [first = ''] = (await readdir(to)).filter((name) => name.endsWith('.turns')).sort();
      const bytes = await readFile(join(to, first));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(join(to, first), bytes);
      const refused = archive(await source(data), to, snapshotTurn, () => undefined);
      await expect(refused).rejects.toMatchObject({ code: 'journal-damaged' });
      expect((await openForReading(nodeDisk, join(data, 'journal'))).firstTurn()).toBe(1);
    }));

  it('is gone on with when the command was killed, wherever that was', { timeout: 600_000 }, () =>
    inData(async (data) => {
      const before = await wholeOf(data);
      let kills = 0;
      for (const waitMs of [0, 1, 2, 4, 8, 16, 32, 64]) {
        const child = spawn(process.execPath, [MARIE, 'journal', 'archive', data], { stdio: 'ignore' });
        const ended = once(child, 'close');
        while (child.exitCode === null && !hasBegun(data)) await sleep(1);
        await sleep(waitMs);
        if (child.exitCode === null) kills += 1;
        child.kill('SIGKILL');
        await ended;
        expect(await wholeOf(data)).toEqual(before);
      }
      expect(kills).toBeGreaterThan(0);
      const child = spawn(process.execPath, [MARIE, 'journal', 'archive', data], { stdio: 'ignore' });
      expect(await once(child, 'close')).toEqual([0, null]);
      expect((await openForReading(nodeDisk, join(data, 'journal'))).firstTurn()).toBeGreaterThan(1);
      expect(await wholeOf(data)).toEqual(before);
    }),
  );
});

function hasBegun(data: string): boolean {
  return readdirSync(data).includes('archive');
}
