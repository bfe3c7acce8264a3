/** `bisect --against`: a release that decides otherwise is a folder of its own, and runs as a process of its own. */
import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { bisectReleases, dispatchesAt, openJournal, placeOf, releaseIn } from '../../../replay/index.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const JOURNAL = 'corpus:late-invoice';

/** Copies this release as it is built, in which one file is changed. */
async function anotherRelease(folder: string, file: string, change: (text: string) => string): Promise<void> {
  for (const part of ['bin', 'dist', 'schemas']) await cp(part, join(folder, part), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const described = JSON.parse(await readFile('package.json', 'utf8'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...described, version: '9.9.9' }));
  const place = join(folder, 'dist', file);
  const text = await readFile(place, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(place, changed);
}

function marie(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, ['bin/marie.mjs', ...args]).catch((error) => error);
}

const FIFO = 'src/kernel/policy/fifo.js';

/** First come, first served, turned round: who was ready last goes first. */
const turnedRound = (text: string): string =>
  text.replace('[partsOf(view.state).readySeq]', '[{ ...partsOf(view.state).readySeq, descends: true }]');

beforeAll(async () => {
  // Builds, if that is still to be done.
  await marie('--version');
}, 600_000);

describe('another release', { timeout: 600_000 }, () => {
  it('that decides otherwise is found at its first turn, with what both dispatch there', () =>
    inFolder(async (folder) => {
      await anotherRelease(folder, FIFO, turnedRound);
      const { stdout } = await marie('replay', 'bisect', JOURNAL, '--against', folder, '--json');
      const { a, b, same, parting, firstTurn } = JSON.parse(stdout);
      expect({ a, b }).toEqual({ a: null, b: 'release 9.9.9' });
      expect(firstTurn).toBeLessThanOrEqual(parting.turn);
      expect(same).toBeGreaterThan(0);
      expect(parting.recorded).toMatchObject({ decidedBy: 'ready-seq' });
      expect(parting.other).toMatchObject({ decidedBy: 'ready-seq' });
      expect(parting.other).not.toEqual(parting.recorded);
      // What this release dispatches there is what the journal has.
      const own = await dispatchesAt(await openJournal(JOURNAL), parting.turn);
      expect(own).toContainEqual(parting.recorded);
      const text = await marie('replay', 'bisect', JOURNAL, '--against', folder);
      expect(text.stdout).toContain(`they part in turn ${parting.turn},`);
      expect(text.stdout).toMatch(/\n {2}this release: \S+ .* by having been ready first\n {2}release 9\.9\.9: \S+ /);
    }));

  it('that differs in what it charges only is told with what both do', () =>
    inFolder(async (folder) => {
      const dearer = (text: string) =>
        text.replace('chargeOf(state, job)', 'chargeOf(state, job) + (dagSeq === 3 ? 1 : 0)');
      await anotherRelease(folder, 'src/kernel/planner/plan.js', dearer);
      const history = await openJournal(JOURNAL);
      const { same, parting } = await bisectReleases(history, placeOf(JOURNAL), await releaseIn(folder));
      expect(parting!.other).toEqual({ ...parting!.recorded, cost: parting!.recorded!.cost + 1 });
      const before = await Promise.all(Array.from({ length: parting!.turn }, (_, i) => dispatchesAt(history, i + 1)));
      expect(before.flat()[same]).toEqual(parting!.recorded);
      const { stdout } = await marie('replay', 'bisect', JOURNAL, '--against', folder);
      const [, , ours, theirs] = stdout.trim().split('\n');
      expect(ours).toMatch(/, attempt 1, \d+ slot-ms charged$/);
      expect(theirs).toMatch(/, attempt 1, \d+ slot-ms charged$/);
    }));

  it('that can not go on is told with its turn, and why', () =>
    inFolder(async (folder) => {
      const failing = (text: string) =>
        text.replace('chargeOf(state, job)', 'chargeOf(dagSeq === 3 ? null : state, job)');
      await anotherRelease(folder, 'src/kernel/planner/plan.js', failing);
      const { code, stderr } = await marie('replay', 'bisect', JOURNAL, '--against', folder);
      expect(code).toBe(1);
      expect(stderr).toContain('error fold-failed: release 9.9.9: ');
      expect(stderr).toMatch(/^ {2}where: turn 10$/m);
    }));

  it('that decides alike is said to', () =>
    inFolder(async (folder) => {
      await anotherRelease(folder, FIFO, (text) => `${text}\n// The same.\n`);
      const report = await bisectReleases(await openJournal(JOURNAL), placeOf(JOURNAL), await releaseIn(folder));
      expect(report).toEqual({ a: null, b: 'release 9.9.9', same: 211, parting: null, firstTurn: null });
    }));

  it('that met the end of a journal that is still written before this one did has decided all of it', () =>
    inFolder(async (folder) => {
      await writeTurns(folder, (await turnsOf(placeOf(JOURNAL))).slice(0, 200));
      const grown = { ...(await openJournal(JOURNAL)), lastTurn: async () => 200 };
      const alike = await bisectReleases(grown, folder, await releaseIn('.'));
      expect(alike).toMatchObject({ parting: null, firstTurn: null });
      const cut = { ...grown, lastTurn: async () => 201 };
      await expect(bisectReleases(cut, folder, await releaseIn('.'))).rejects.toThrow('it ended before turn 201');
    }));

  it('that can not decide is told with what it said', () =>
    inFolder(async (folder) => {
      await anotherRelease(folder, 'src/cli/main.js', () => "console.error('no such command'); process.exit(2);");
      const { code, stderr } = await marie('replay', 'bisect', JOURNAL, '--against', folder);
      expect(code).not.toBe(0);
      expect(stderr).toContain('release 9.9.9: it ended with 2: no such command');
      const nowhere = await marie('replay', 'bisect', JOURNAL, '--against', join(folder, 'bin'));
      expect(nowhere.stderr).toContain('there is no release');
      await writeFile(join(folder, 'package.json'), 'garbage');
      await expect(releaseIn(folder)).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringMatching(/is no JSON/),
      });
    }));
});
