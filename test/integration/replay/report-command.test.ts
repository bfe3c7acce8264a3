/** `marie replay report` as it is called: whose DAG it shows, and what it refuses. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { job } from '../../support/kernel/build.js';
import { Stage } from '../../support/replay/stage.js';
import { inFolder, writeTurns } from './history.js';

/** A history of one DAG, and where its page is to be. */
async function oneDag(folder: string): Promise<{ readonly journal: string; readonly page: string }> {
  const journal = join(folder, 'journal');
  const scene = new Stage(() => 1_000).executor('e1', 2).submit(1_000, 'one', [job('read')]);
  await writeTurns(journal, scene.turns());
  return { journal, page: join(folder, 'page.html') };
}

it('shows the DAG of the tenant that is named, and refuses one that is not there without writing anything', () =>
  inFolder(async (folder) => {
    const scene = new Stage(() => 1_000).executor('e1', 2);
    for (const tenant of ['default', 'beta']) scene.submit(1_000, 'same', [job(`read-of-${tenant}`)], { tenant });
    const journal = join(folder, 'journal');
    await writeTurns(journal, scene.turns());
    const report = (...args: string[]) =>
      promisify(execFile)(process.execPath, [
        ...['bin/marie.mjs', 'replay', 'report', journal, '-o', join(folder, 'page.html'), ...args],
      ]);
    await expect(report('--dag', 'nope', '--tenant', 'beta')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('the history has no DAG nope of tenant beta'),
    });
    expect(await readdir(folder)).toEqual(['journal']);
    for (const [args, tenant, other] of [
      [[], 'default', 'beta'],
      [['--tenant', 'beta'], 'beta', 'default'],
    ] as const) {
      await report('--dag', 'same', ...args);
      const text = await readFile(join(folder, 'page.html'), 'utf8');
      expect(text).toContain(`read-of-${tenant}`);
      expect(text).not.toContain(`read-of-${other}`);
    }
  }));

it('keeps who may read the page that is there, and touches no file beside it', () =>
  inFolder(async (folder) => {
    const { journal, page } = await oneDag(folder);
    await writeFile(page, 'the last one', { mode: 0o600 });
    await writeFile(`${page}.partial`, 'of another report');
    await promisify(execFile)(process.execPath, ['bin/marie.mjs', 'replay', 'report', journal, '-o', page]);
    expect([(await stat(page)).mode & 0o777, await readFile(`${page}.partial`, 'utf8')]).toEqual([
      ...[0o600, 'of another report'],
    ]);
    expect(await readdir(folder)).toEqual(['journal', 'page.html', 'page.html.partial']);
  }));

it('leaves the page that is there where there is no room for the new one', () =>
  inFolder(async (folder) => {
    const { journal, page } = await oneDag(folder);
    await writeFile(page, 'the last one');
    // Files of 8 blocks at most: the page is larger.
    const script = 'ulimit -f 8; exec "$0" bin/marie.mjs replay report "$1" -o "$2"';
    const run = promisify(execFile)('sh', ['-c', script, process.execPath, journal, page]);
    await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining('file too large') });
    expect(await readFile(page, 'utf8')).toBe('the last one');
    expect(await readdir(folder)).toEqual(['journal', 'page.html']);
  }));
