/** The index by which `why` finds a DAG's turns: the same answers with it, and never believed when it is stale. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { INDEX_NAME, openDagIndex, openJournal, placeOf, takeSnapshots, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { Disk } from '../../../src/journal/files/disk.js';
import { FrameBuffer } from '../../../src/journal/files/frame.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { readFrame } from '../../../src/journal/files/read-frame.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const KEEP = { keep: 'always' } as const;
const READ = { tenant: 'default', dag: 'invoice-0-11', job: 'read' };

/** A copy of the journal that ships with the package. */
async function copyCorpus(folder: string): Promise<void> {
  const from = placeOf('corpus:late-invoice');
  for (const name of await readdir(from)) {
    if (name.endsWith('.turns')) await copyFile(join(from, name), join(folder, name));
  }
}

/** Every fifth job of the history, by name. */
async function someJobs(folder: string) {
  const jobs: { readonly tenant: string; readonly dag: string; readonly job: string }[] = [];
  for (const { entries } of await turnsOf(folder)) {
    for (const entry of entries) {
      if (entry.code !== Code.SubmitDag) continue;
      const { tenant, dagId, jobs: specs } = entry.body;
      for (const { id, fanOut } of specs) jobs.push({ tenant, dag: dagId, job: fanOut === null ? id : `${id}[3]` });
    }
  }
  return jobs.filter((_, i) => i % 5 === 0);
}

describe('why with an index', () => {
  it('says what it says without one', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      const history = await openJournal(folder);
      const jobs = await someJobs(folder);
      expect(jobs.length).toBeGreaterThan(20);
      const without = [];
      for (const job of jobs) without.push(await why(history, job));
      await takeSnapshots(history, { everyTurns: 20 });
      expect(await openDagIndex(history, KEEP)).toMatchObject({ news: 'made' });
      for (const [i, job] of jobs.entries()) {
        expect(await why(history, job)).toEqual(without[i]);
      }
      await expect(why(history, { tenant: 'default', dag: 'nobody', job: 'x' })).rejects.toMatchObject({
        code: 'not-found',
      });
    }),
  );

  it('carries it on with the journal, and makes it anew for another or when it is damaged', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      const [long, short, other] = ['long', 'short', 'other'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await writeDocuments(long, 30_000);
      await writeDocuments(other, 5_000, { retainTerminalJobs: 100 });
      const turns = await turnsOf(long);
      await writeTurns(short, turns.slice(0, 4));
      const ask = { tenant: 'default', dag: 'd-0', job: turns.flatMap(firstJob)[0]! };
      const expected = await why(await openJournal(long), ask);
      await openDagIndex(await openJournal(short), KEEP);
      const path = join(long, INDEX_NAME);

      await copyFile(join(short, INDEX_NAME), path);
      expect(await why(await openJournal(long), ask)).toEqual(expected);
      expect(await openDagIndex(await openJournal(long), KEEP)).toMatchObject({ news: 'current' });
      const right = await readFile(path);

      await copyFile(join(short, INDEX_NAME), path);
      expect(await openDagIndex(await openJournal(long), KEEP)).toMatchObject({ news: 'carried-on' });
      expect(await readFile(path)).toEqual(right);

      await openDagIndex(await openJournal(other), KEEP);
      await copyFile(join(other, INDEX_NAME), path);
      expect(await why(await openJournal(long), ask)).toEqual(expected);
      expect(await readFile(path)).toEqual(right);

      for (const at of [3, 30, 600, right.length - 700]) {
        const damaged = Buffer.from(right);
        damaged[at]! ^= 1;
        await writeFile(path, damaged);
        expect(await openDagIndex(await openJournal(long), KEEP)).toMatchObject({ news: 'made' });
        expect(await readFile(path)).toEqual(right);
      }

      // One that is ahead of its journal is of another.
      await copyFile(path, join(short, INDEX_NAME));
      expect(await openDagIndex(await openJournal(short), KEEP)).toMatchObject({ news: 'made' });
    }),
  );

  it('keeps none unless it is told to, or there is one', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      const history = await openJournal(folder);
      expect(await openDagIndex(history, { keep: 'if-there' })).toMatchObject({ news: 'made' });
      await why(history, READ);
      expect(await readdir(folder)).not.toContain(INDEX_NAME);
      const part = await openJournal(join(folder, '0000000000000001.turns'));
      expect(await openDagIndex(part, KEEP)).toMatchObject({ news: 'made' });
      expect(await readdir(folder)).not.toContain(INDEX_NAME);
    }));

  it('folds no turn after the one in which the job ended', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      const history = await openJournal(folder);
      const folded: number[] = [];
      for (const job of ['split', 'page[80]']) {
        let turns = 0;
        // One that counts all: progress is told too seldom here.
        const read = async function* (from?: number) {
          for await (const turn of history.read(from)) {
            turns += 1;
            yield turn;
          }
        };
        await why({ ...history, read }, { tenant: 'default', dag: 'archive-1-0', job });
        folded.push(turns - 276);
      }
      expect(folded[0]).toBeLessThan(60);
      expect(folded[1]).toBeGreaterThan(150);
    }));

  it('is made anew where another release has left one of another form', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      await openDagIndex(await openJournal(folder), KEEP);
      const path = join(folder, INDEX_NAME);
      const right = await readFile(path);
      const frame = (await readFrameOf(path))!;
      const json = JSON.parse(Buffer.from(frame.contents).toString('utf8')) as { format: number };
      for (const format of [json.format - 1, json.format + 1]) {
        const head = new FrameBuffer().encode('head', Buffer.from(JSON.stringify({ ...json, format })));
        await writeFile(path, Buffer.concat([head, right.subarray(frame.size)]));
        expect(await openDagIndex(await openJournal(folder), KEEP)).toMatchObject({ news: 'made' });
        expect(await readFile(path)).toEqual(right);
      }
    }));

  it('may be written by many at once, and none of them leaves anything else', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      await writeFile(join(folder, `${INDEX_NAME}.0123.new`), 'what a process has left that was killed');
      const many = Array.from({ length: 6 }, async () => openDagIndex(await openJournal(folder), KEEP));
      for (const { index } of await Promise.all(many)) expect(index.upTo.turn).toBe(276);
      expect((await readdir(folder)).sort()).toEqual(['0000000000000001.turns', INDEX_NAME]);
      expect(await openDagIndex(await openJournal(folder), KEEP)).toMatchObject({ news: 'current' });
    }),
  );

  it('answers where the index can not be read, says so, and puts another in its place', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      await openDagIndex(await openJournal(folder), KEEP);
      let isUnreadable = true;
      const broken: Disk = {
        ...nodeDisk,
        open: async (path, mode) => {
          if (mode !== 'read' || !path.endsWith(INDEX_NAME) || !isUnreadable) return nodeDisk.open(path, mode);
          throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
        },
      };
      const unread: unknown[] = [];
      const ask = async () =>
        openDagIndex(await openJournal(folder), {
          keep: 'if-there',
          disk: broken,
          onUnkept: (error) => unread.push(error),
        });
      const { index, news } = await ask();
      expect(index.find('default', 'invoice-0-11')).toHaveLength(1);
      expect(news).toBe('made');
      expect(unread).toMatchObject([{ code: 'EIO' }]);
      isUnreadable = false;
      expect((await ask()).news).toBe('current');
    }));

  it('answers where nothing can be written, and says so', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      await writeFile(join(folder, INDEX_NAME), 'no index');
      const full: Disk = {
        ...nodeDisk,
        open: async (path, mode) => {
          if (mode === 'read') return nodeDisk.open(path, mode);
          throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
        },
      };
      const history = await openJournal(folder);
      const unkept: unknown[] = [];
      const onUnkept = (error: unknown): void => void unkept.push(error);
      const { index } = await openDagIndex(history, { keep: 'if-there', disk: full, onUnkept });
      expect(index.find('default', 'invoice-0-11')).toHaveLength(1);
      expect(unkept).toMatchObject([{ code: 'EROFS' }]);
      await expect(openDagIndex(history, { ...KEEP, disk: full })).rejects.toMatchObject({ code: 'EROFS' });
    }));
});

async function readFrameOf(path: string) {
  const file = await nodeDisk.open(path, 'read');
  try {
    return await readFrame(file, 0);
  } finally {
    await file.close();
  }
}

function firstJob({ entries }: Awaited<ReturnType<typeof turnsOf>>[number]): string[] {
  return entries.flatMap((entry) => (entry.code === Code.SubmitDag ? [entry.body.jobs[0]!.id] : []));
}
