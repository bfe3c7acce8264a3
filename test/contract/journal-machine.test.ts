/** The file journal on this machine: real locks, kills, full disks, and file systems that lose power. */
import { execFileSync, spawn } from 'node:child_process';
import fs, {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockFile } from '../../src/journal/files/lock.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { indexName, segmentName } from '../../src/journal/files/segment.js';
import { appendTurns, CELL, payloadOf, readAll, summary, turnAfter } from './journal-support/turns.js';

/** The memory of this process: nothing is at its beginning, and reading it there fails as a disk does (Linux). */
const UNREADABLE = '/proc/self/mem';

let around: string;
const mounts: string[] = [];
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'marie-machine-'));
});
afterEach(() => {
  for (const folder of mounts.splice(0).reverse()) run('umount', folder);
  rmSync(around, { recursive: true, force: true });
});

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function mount(folder: string, ...args: string[]): void {
  mkdirSync(folder, { recursive: true });
  run('mount', ...args, folder);
  mounts.push(folder);
}

function unmount(folder: string): void {
  run('umount', folder);
  mounts.splice(mounts.indexOf(folder), 1);
}

/** Whether file systems can be made here; says so loudly where they can't. */
function canMount(...wanted: readonly ('tmpfs' | 'ext4')[]): boolean {
  const base = mkdtempSync(join(tmpdir(), 'marie-mount-'));
  try {
    for (const kind of wanted) {
      if (kind === 'tmpfs') mount(base, '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
      else makeImage(join(base, 'image'), base);
      unmount(base);
    }
    return true;
  } catch (error) {
    console.warn(`\n*** NOT TESTED on this machine, since it can't mount ${wanted}: ${String(error)}`);
    return false;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function makeImage(path: string, folder: string): void {
  writeFileSync(path, '');
  truncateSync(path, 24 << 20);
  run('mkfs.ext4', '-q', '-F', path);
  mount(folder, '-o', 'loop', path);
}

const open = (folder: string, coveredTurn = 0) =>
  openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'every-turn', segmentBytes: 400_000, coveredTurn });

describe('another process', () => {
  it('is kept out as long as one has the journal, and killing that one lets it in, with all that was acknowledged', async () => {
    const folder = join(around, 'journal');
    const script = fileURLToPath(new URL('journal-support/hold.ts', import.meta.url));
    for (let round = 1; round <= 2; round++) {
      const holder = spawn(process.execPath, ['--import', 'tsx', script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => holder.once('exit', resolve));
      let acknowledged = 0;
      let killed = false;
      for await (const line of createInterface({ input: holder.stdout })) {
        acknowledged = Number(line);
        if (!killed && acknowledged >= 30 * round) {
          await expect(open(folder)).rejects.toMatchObject({ code: 'journal-locked' });
          await expect(open(folder)).rejects.toThrow(`process ${holder.pid}`);
          // Reading needs no lock.
          const live = await readAll(await openForReading(nodeDisk, folder, CELL), 20);
          expect(live[0]!.turn).toBe(20);
          expect(live.length).toBeGreaterThanOrEqual(acknowledged - 19);
          killed = holder.kill('SIGKILL');
        }
      }
      await ended;
      expect(killed).toBe(true);
      const { journal } = await open(folder, acknowledged);
      expect((await readAll(journal)).length).toBe(journal.head().turn);
      await journal.close();
    }
  });

  it('is kept out where there is no flock command', async () => {
    const path = join(around, 'lock');
    const release = lockFile(path, 'no-such-command');
    expect(() => lockFile(path, 'no-such-command')).toThrow(expect.objectContaining({ code: 'journal-locked' }));
    await release();
    await lockFile(path, 'no-such-command')();
    // A process that has ended, and one that has the id of one that has ended.
    for (const owner of ['999999999 Thu Jan 1 00:00:00 1970', `${process.pid} Thu Jan 1 00:00:00 1970`]) {
      writeFileSync(path, owner);
      await lockFile(path, 'no-such-command')();
    }
  });

  it('is kept out where the command is there, and can not be started now: others have locks of the kernel', async () => {
    const path = join(around, 'lock');
    writeFileSync(path, '');
    expect(() => lockFile(path, join(path, 'flock'))).toThrow(/could not be started \(ENOTDIR\)/u);
    await lockFile(path)();
  });

  it('is let in once the lock is given back on a disk that has become read-only', async () => {
    const path = join(around, 'lock');
    const release = lockFile(path);
    const truncate = vi.spyOn(fs, 'ftruncateSync').mockImplementationOnce(() => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    });
    await expect(release()).rejects.toMatchObject({ code: 'EROFS' });
    truncate.mockRestore();
    await lockFile(path)();
  });

  it('of this one is kept out too, by the kernel', async () => {
    const path = join(around, 'lock');
    const release = lockFile(path);
    expect(() => lockFile(path)).toThrow(expect.objectContaining({ code: 'journal-locked' }));
    await release();
    await lockFile(path)();
  });
});

describe('a folder that is moved', () => {
  it.each([
    ['in the middle of a segment', 1_000],
    ['where the next turn begins a segment', 3_500],
  ])(
    'takes no further turn, %s: the folder in its place may have another journal, which it would overwrite',
    async (_, bytes) => {
      const folder = join(around, 'journal');
      const small = (path: string) =>
        openFileJournal({ disk: nodeDisk, folder: path, cell: CELL, sync: 'every-turn', segmentBytes: 4_000 });
      const { journal } = await small(folder);
      const acknowledged = await appendTurns(journal, [bytes]);
      renameSync(folder, join(around, 'moved'));
      const { journal: other } = await small(folder);
      const others = await appendTurns(other, [1_000, 1_000, 1_000, 1_000]);
      const lost = await appendTurns(journal, [1_000, 1_000, 1_000, 1_000]).catch((error: unknown) => error);
      expect(lost).toMatchObject({ code: 'append-failed', message: expect.stringContaining('moved from') });
      expect(summary(await readAll(other))).toEqual(summary(others));
      await journal.close();
      await other.close();
      expect(summary(await readAll(await openForReading(nodeDisk, join(around, 'moved'))))).toEqual(
        summary(acknowledged),
      );
    },
  );
});

// Left out where nobody may mount, which `canMount` says loudly; `journal-crash.test.ts` has the same on a disk in memory.
describe.skipIf(!canMount('tmpfs'))('a small disk', () => {
  it('that is full stops the journal, which goes on at the same head when there is room', async () => {
    const disk = join(around, 'small');
    mount(disk, '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs');
    const folder = join(disk, 'journal');
    const { journal } = await open(folder);
    const acknowledged = await appendTurns(journal, [1_000]);
    let failure: unknown = null;
    while (failure === null && acknowledged.length < 200) {
      const record = turnAfter(journal.head(), { payload: payloadOf(50_000) });
      failure = await journal.append(record.bytes, record.hash).then(
        () => acknowledged.push(record) && null,
        (error: unknown) => error,
      );
    }
    expect(failure).toMatchObject({ code: 'disk-full', errno: 'ENOSPC' });
    await expect(appendTurns(journal, [1])).rejects.toMatchObject({ code: 'disk-full' });
    expect(summary(await readAll(journal))).toEqual(summary(acknowledged));
    await journal.close();
    run('mount', '-o', 'remount,size=4m', disk);
    const again = await open(folder, acknowledged.length);
    expect(again.journal.head().turn).toBe(acknowledged.length);
    const more = await appendTurns(again.journal, [60_000]);
    expect(summary(await readAll(again.journal))).toEqual(summary([...acknowledged, ...more]));
    await again.journal.close();
  });

  it('that is read-only is said to be so, and can be read', async () => {
    const disk = join(around, 'small');
    mount(disk, '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs');
    const folder = join(disk, 'journal');
    const { journal } = await open(folder);
    await appendTurns(journal, [1_000]);
    await journal.close();
    run('mount', '-o', 'remount,ro', disk);
    const path = join(folder, 'lock');
    await expect(open(folder)).rejects.toMatchObject({ code: 'append-failed', errno: 'EROFS', path });
    expect((await readAll(await openForReading(nodeDisk, folder))).length).toBe(1);
  });
});

// Left out where nobody may mount, as above.
describe.skipIf(!canMount('ext4'))('a file system that loses power', () => {
  it('has every turn that was acknowledged, and ends at most torn', async () => {
    const live = join(around, 'live');
    const image = join(around, 'image');
    makeImage(image, live);
    const folder = join(live, 'journal');
    let records = 0;
    for (const [sync, length] of [
      ['every-turn', 3_000],
      ['off', 3_000],
      ['every-turn', 70_000],
    ] as const) {
      const { journal } = await openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync, segmentBytes: 400_000 });
      await appendTurns(
        journal,
        Array.from({ length: 25 }, () => length),
      );
      if (sync === 'every-turn') records = journal.head().turn;
      // What the file system has flushed at this moment, and nothing else.
      const copy = join(around, `copy-${journal.head().turn}`);
      copyFileSync(image, copy);
      const head = journal.head().turn;
      await journal.close();
      const after = join(around, `after-${head}`);
      mount(after, '-o', 'loop', copy);
      const left = await open(join(after, 'journal'), records);
      expect(left.journal.head().turn).toBeGreaterThanOrEqual(records);
      expect((await readAll(left.journal)).length).toBe(left.journal.head().turn);
      await left.journal.close();
      unmount(after);
      records = head;
    }
    expect(existsSync(folder)).toBe(true);
  });
});

// Other systems have no file that fails so.
it.skipIf(!existsSync(UNREADABLE))(
  'a file that the disk can not read is named, and nobody is said to have failed to write',
  async () => {
    const folder = join(around, 'journal');
    mkdirSync(folder);
    symlinkSync(UNREADABLE, join(folder, segmentName(1)));
    const told = { code: 'EIO', path: join(folder, segmentName(1)) };
    await expect(openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'every-turn' })).rejects.toMatchObject(
      told,
    );
    await expect(readAll(await openForReading(nodeDisk, folder))).rejects.toMatchObject(told);
  },
);

it('a file that can not be opened to be read is named, and nobody is said to have failed to write', async () => {
  const folder = join(around, 'journal');
  const begun = await openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'off', segmentBytes: 8_000 });
  const [, covered] = await appendTurns(begun.journal, [500, 500, 8_000]);
  await begun.journal.close();
  const second = { coveredTurn: 2, coveredHash: covered!.hash };
  for (const name of [indexName(1), segmentName(1)]) {
    const path = join(folder, name);
    renameSync(path, join(around, name));
    symlinkSync(name, path);
    const opened = openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'off', ...second });
    await expect(opened).rejects.toMatchObject({ code: 'ELOOP', path });
    rmSync(path);
    renameSync(join(around, name), path);
  }
  const again = await openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'off', ...second });
  expect(again.journal.head().turn).toBe(3);
  await again.journal.close();
});
