/** Folders that are made whole or not at all, beside others that are at the same. */
import type { RmOptions } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeWhole } from '../../../src/main/backup/whole-folder.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';

/** Folders at which a disk is mounted, as the system tells of them. */
const mounted = vi.hoisted(() => new Set<string>());
/** Folders that the disk does not let go. */
const stuck = vi.hoisted(() => new Set<string>());

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    rename: async (from: string, to: string) => {
      if (mounted.has(to)) throw Object.assign(new Error('EBUSY: resource busy or locked'), { code: 'EBUSY' });
      await real.rename(from, to);
    },
    rm: async (path: string, options: RmOptions) => {
      if (stuck.has(path)) throw Object.assign(new Error('EIO: i/o error, rmdir'), { code: 'EIO' });
      await real.rm(path, options);
    },
  };
});

async function place(): Promise<{ readonly around: string; readonly out: string }> {
  const around = temporaryFolder();
  return { around, out: join(around, 'out') };
}

const put = (folder: string, name: string): Promise<void> => writeFile(join(folder, name), name);

it('a second one to the same place is refused, and takes nothing away from the first', async () => {
  const { around, out } = await place();
  await makeWhole(out, async (folder) => {
    await put(folder, 'first');
    await expect(makeWhole(out, (other) => put(other, 'second'))).rejects.toMatchObject({
      code: 'target-not-empty',
      message: 'another process is making the folder',
    });
    await put(folder, 'last');
  });
  expect(await readdir(out)).toEqual(['first', 'last']);
  expect(await readdir(around)).toEqual(['out']);
});

it('what was left by one that was killed is made anew', async () => {
  const { around, out } = await place();
  await mkdir(join(`${out}.partial`, 'made'), { recursive: true });
  await put(`${out}.partial`, 'lock');
  await put(join(`${out}.partial`, 'made'), 'left');
  await makeWhole(out, (folder) => put(folder, 'new'));
  expect(await readdir(out)).toEqual(['new']);
  expect(await readdir(around)).toEqual(['out']);
});

it('what can not be taken away is left to the next one, and hides neither the folder nor why there is none', async () => {
  const { around, out } = await place();
  stuck.add(`${out}.partial`);
  const failing = makeWhole(out, () => Promise.reject(new Error('no room')));
  await expect(failing).rejects.toThrow('no room');
  await makeWhole(out, (folder) => put(folder, 'whole'));
  expect(await readdir(out)).toEqual(['whole']);
  stuck.clear();
  await rm(out, { recursive: true });
  await makeWhole(out, (folder) => put(folder, 'again'));
  expect(await readdir(around)).toEqual(['out']);
});

it('one is made where the file system has no locks', async () => {
  const { around, out } = await place();
  const tools = join(around, 'tools');
  await mkdir(tools);
  // As the command ends there (EX_OSERR).
  await writeFile(join(tools, 'flock'), '#!/bin/sh\nexit 71\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${tools}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  await makeWhole(out, (folder) => put(folder, 'new'));
  expect(await readdir(out)).toEqual(['new']);
});

it('what happens to be called like the folder beside it stays as it is', async () => {
  const { out } = await place();
  await mkdir(`${out}.partial`);
  await put(`${out}.partial`, 'mine');
  await expect(makeWhole(out, (folder) => put(folder, 'new'))).rejects.toMatchObject({
    code: 'target-not-empty',
    path: `${out}.partial`,
  });
  expect(await readdir(`${out}.partial`)).toEqual(['mine']);
});

it('a place at which a disk is mounted is refused before anything is filled', async () => {
  const { around, out } = await place();
  await mkdir(out);
  mounted.add(out);
  const fill = vi.fn();
  await expect(makeWhole(out, fill)).rejects.toMatchObject({ code: 'target-not-empty', path: out });
  expect(fill).not.toHaveBeenCalled();
  expect(await readdir(around)).toEqual(['out']);
});

it('a link to an empty folder has it there; one that leads nowhere is refused before anything is filled', async () => {
  const { around, out } = await place();
  const real = join(around, 'real');
  await symlink(real, out);
  const fill = vi.fn((folder: string) => put(folder, 'new'));
  await expect(makeWhole(out, fill)).rejects.toMatchObject({ code: 'target-not-empty', path: out });
  expect(fill).not.toHaveBeenCalled();
  await mkdir(real);
  await makeWhole(out, fill);
  expect(await readlink(out)).toBe(real);
  expect([await readdir(around), await readdir(real)]).toEqual([['out', 'real'], ['new']]);
});
