/** The index by which `why` finds a DAG's turns: the same answers with it, and never believed when it is stale. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { INDEX_NAME, openDagIndex, openJournal, placeOf, takeSnapshots, why } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const MAKE = { make: true };

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
      expect(await openDagIndex(history, MAKE)).toMatchObject({ news: 'made' });
      for (const [i, job] of jobs.entries()) {
        let turns = 0;
        const onProgress = (done: { readonly turns: number }): void => {
          turns = done.turns;
        };
        expect(await why(history, job, { onProgress })).toEqual(without[i]);
        expect(turns).toBeLessThan(276);
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
      await openDagIndex(await openJournal(short), MAKE);
      const path = join(long, INDEX_NAME);

      await copyFile(join(short, INDEX_NAME), path);
      expect(await why(await openJournal(long), ask)).toEqual(expected);
      expect(await openDagIndex(await openJournal(long), MAKE)).toMatchObject({ news: 'current' });
      const right = await readFile(path);

      await copyFile(join(short, INDEX_NAME), path);
      expect(await openDagIndex(await openJournal(long), MAKE)).toMatchObject({ news: 'carried-on' });
      expect(await readFile(path)).toEqual(right);

      await openDagIndex(await openJournal(other), MAKE);
      await copyFile(join(other, INDEX_NAME), path);
      expect(await why(await openJournal(long), ask)).toEqual(expected);
      expect(await readFile(path)).toEqual(right);

      for (const at of [3, 30, 600, right.length - 700]) {
        const damaged = Buffer.from(right);
        damaged[at]! ^= 1;
        await writeFile(path, damaged);
        expect(await openDagIndex(await openJournal(long), MAKE)).toMatchObject({ news: 'made' });
        expect(await readFile(path)).toEqual(right);
      }

      // One that is ahead of its journal is of another.
      await copyFile(path, join(short, INDEX_NAME));
      expect(await openDagIndex(await openJournal(short), MAKE)).toMatchObject({ news: 'made' });
    }),
  );

  it('makes none unless it is told to, and none of a part of a journal', () =>
    inFolder(async (folder) => {
      await copyCorpus(folder);
      expect(await openDagIndex(await openJournal(folder), { make: false })).toBeNull();
      expect(await readdir(folder)).not.toContain(INDEX_NAME);
      const file = await openJournal(join(folder, '0000000000000001.turns'));
      expect(await openDagIndex(file, MAKE)).toBeNull();
    }));
});

function firstJob({ entries }: Awaited<ReturnType<typeof turnsOf>>[number]): string[] {
  return entries.flatMap((entry) => (entry.code === Code.SubmitDag ? [entry.body.jobs[0]!.id] : []));
}
