/** Backups of a cell whose first turns were archived: with the archive, without it, and as earlier releases made them. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { CELL } from '../../../bench/support/journal.js';
import { openJournal, takeSnapshots, verify } from '../../../replay/index.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { exportTurns } from '../../../src/journal/files/export.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import type { ReadableJournal } from '../../../src/journal/readable.js';
import { archivableFolder, archive } from '../../../src/main/archive.js';
import { backUp } from '../../../src/main/backup/backup.js';
import { checkConfig } from '../../../src/main/config/config.js';
import { openReadable } from '../../../src/main/readable.js';
import { upEmbedded } from '../../../src/main/up.js';
import { marie } from '../cli/setup.js';

/** A data directory with an archive, a journal that begins later, and two snapshots of its turns. */
let source: string;
/** Its last turn, and the state hash there. */
let head: { readonly turn: number; readonly stateHash: string };
/** The names of its snapshots, the newest first. */
let snapshots: readonly string[];
let folder: string;
let data: string;
let backup: string;
let restored: string;

beforeAll(async () => {
  source = await mkdtemp(join(tmpdir(), 'marie-archived-'));
  await writeDocuments(join(source, 'journal'), 40_000, { retainTerminalJobs: 2_000, segmentBytes: 256 * 1024 });
  const history = await openJournal(source);
  const last = await history.lastTurn();
  for (const turn of [last - 3, last - 2]) await takeSnapshots(history, { at: { turn } });
  const journal = archivableFolder(await openForReading(nodeDisk, join(source, 'journal')));
  const { journalFirstTurn } = await archive(journal, join(source, 'archive'), last - 3, () => undefined);
  expect(journalFirstTurn).toBeGreaterThan(1);
  const report = await verify((await openReadable(source)) as ReadableJournal);
  expect(report.ok).toBe(true);
  head = report.head;
  snapshots = (await readdir(join(source, 'snapshots'))).sort().reverse();
});

afterAll(() => rm(source, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marie-backup-'));
  data = join(folder, 'data');
  backup = join(folder, 'backup');
  restored = join(folder, 'restored');
  await cp(source, data, { recursive: true });
  return () => rm(folder, { recursive: true, force: true });
});

async function good(...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await marie([...args, '--json', '--quiet']);
  expect(ran.stderr).toBe('');
  expect(ran.code).toBe(0);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

async function refused(code: string, ...args: readonly string[]): Promise<void> {
  const ran = await marie([...args, '--json']);
  expect(JSON.parse(ran.stderr.trim().split('\n').at(-1)!)).toMatchObject({ error: { code } });
  expect(await readdir(folder)).not.toContain(basename(args.at(-1)!));
}

/** That a fabric goes on with what was restored, and every turn comes out as it was recorded, also those that it adds. */
async function expectRuns({ isWhole }: { readonly isWhole: boolean }): Promise<void> {
  const config = checkConfig({ data: restored, cell: CELL, port: 0 });
  const running = await upEmbedded({ ...config, acceptClock: true });
  const { report } = running.fabric;
  await running.close();
  expect(report.headTurn).toBe(head.turn);
  const journal = (await openReadable(restored)) as ReadableJournal;
  expect(journal.firstTurn() === 1).toBe(isWhole);
  expect(await journal.lastTurn()).toBeGreaterThan(head.turn);
  for await (const { bytes } of journal.read(head.turn)) {
    expect(Buffer.from(decodeTurn(bytes).stateHash).toString('hex')).toBe(head.stateHash);
    break;
  }
  expect(await verify(journal, isWhole ? {} : { from: { turn: head.turn } })).toMatchObject({ ok: true });
}

/** Makes of a backup what earlier releases made: a manifest that names files of the journal, and nothing beside it. */
async function asBefore(): Promise<void> {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: { file: string }[] };
  const files = manifest.files
    .filter(({ file }) => !file.includes('/') || file.startsWith('journal/'))
    .map((one) => ({ ...one, file: basename(one.file) }));
  await writeFile(path, JSON.stringify({ ...manifest, format: 1, files }));
  for (const part of ['archive', 'snapshots']) await rm(join(backup, part), { recursive: true, force: true });
}

/** Leaves only some turns in the archive. */
async function keepOfArchive(turns: { readonly fromTurn?: number; readonly toTurn?: number }): Promise<void> {
  const [kept, to] = [join(folder, 'kept-archive'), join(data, 'archive')];
  await rename(to, kept);
  await exportTurns({ disk: nodeDisk, from: await openForReading(nodeDisk, kept), to, ...turns });
  await rm(kept, { recursive: true });
}

/** The turn that a snapshot stands for. */
function turnOf(name: string): number {
  return Number(name.slice(0, 16));
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
}

describe('a backup of a cell that was archived', () => {
  it('has the archive and the newest snapshot; what is restored of it is folded from the first turn, and runs', async () => {
    expect(await good('backup', data, backup)).toMatchObject({
      turn: head.turn,
      archive: true,
      snapshot: snapshots[0],
    });
    expect(await good('restore', backup, restored)).toMatchObject({ turn: head.turn, after: 0 });
    expect(await readdir(join(restored, 'snapshots'))).toEqual([snapshots[0]]);
    await expectRuns({ isWhole: true });
  });

  it.each([
    ['told to leave the archive out', async () => ['--without-archive']],
    [
      'whose archive is elsewhere',
      async () => {
        await rename(join(data, 'archive'), join(folder, 'elsewhere'));
        return [];
      },
    ],
  ])('%s is restored from the snapshot, and runs', async (_what, prepare) => {
    const made = await good('backup', data, backup, ...(await prepare()));
    expect(made).toMatchObject({ archive: false, snapshot: snapshots[0] });
    expect(await readdir(backup)).not.toContain('archive');
    expect(await good('restore', backup, restored)).toMatchObject({ after: turnOf(snapshots[0]!) });
    await expectRuns({ isWhole: false });
  });

  it('takes the snapshots from where they are said to be, and is refused where none is and the archive is left out', async () => {
    const elsewhere = join(folder, 'kept');
    await rename(join(data, 'snapshots'), elsewhere);
    await refused('no-snapshot', 'backup', '--without-archive', data, backup);
    await good('backup', data, backup, '--snapshots', elsewhere);
    await good('restore', backup, restored);
    await expectRuns({ isWhole: true });
  });

  it('passes over a snapshot that is damaged, or stands for a turn that the journal no longer has', async () => {
    await flip(join(data, 'snapshots', snapshots[0]!));
    const old = await openJournal(data);
    await takeSnapshots(old, { at: { turn: 3 } });
    expect(await good('backup', data, backup, '--without-archive')).toMatchObject({ snapshot: snapshots[1] });
    expect(await good('restore', backup, restored)).toMatchObject({ after: turnOf(snapshots[1]!) });
    await rm(join(data, 'snapshots', snapshots[1]!));
    await refused('no-snapshot', 'backup', '--without-archive', data, `${backup}-2`);
  });

  it('without a snapshot that can be used has the archive, and what is restored of it starts once one was taken', async () => {
    for (const name of snapshots) await flip(join(data, 'snapshots', name));
    const made = await marie(['backup', data, backup, '--json']);
    expect(made.code).toBe(0);
    expect(made.stderr).toContain('needs marie snapshot create before it starts');
    expect(JSON.parse(made.stdout)).toMatchObject({ turn: head.turn, archive: true, snapshot: null });
    expect(await readdir(backup)).not.toContain('snapshots');
    const again = await marie(['restore', backup, restored]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('marie snapshot create');
    const config = checkConfig({ data: restored, cell: CELL, port: 0 });
    await expect(upEmbedded({ ...config, acceptClock: true })).rejects.toMatchObject({ code: 'no-snapshot' });
    await good('snapshot', 'create', restored);
    await expectRuns({ isWhole: true });
  });

  it('without a snapshot is refused where the archive begins later than with turn 1', async () => {
    await rm(join(data, 'snapshots'), { recursive: true });
    await keepOfArchive({ fromTurn: 3 });
    await refused('no-snapshot', 'backup', data, backup);
  });

  it('is refused before anything is copied where the archive leaves a gap before the journal, unless it is left out', async () => {
    await keepOfArchive({ toTurn: 3 });
    const ran = await marie(['backup', data, backup, '--json']);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: 'history-incomplete', todo: expect.stringContaining('--without-archive') },
    });
    const phases: string[] = [];
    const [journal, kept, blobs] = ['journal', 'snapshots', 'blobs'].map((name) => join(data, name));
    const backingUp = backUp(
      { journal: journal!, snapshots: kept!, blobs: blobs! },
      backup,
      async () => true,
      (phase) => phases.push(phase),
    );
    await expect(backingUp).rejects.toMatchObject({ code: 'history-incomplete' });
    expect(phases).toEqual([]);
    expect(await good('backup', data, backup, '--without-archive')).toMatchObject({ archive: false });
  });

  it('is refused where nobody can tell whether there is an archive: it would be one without it', async () => {
    await rm(join(data, 'archive'), { recursive: true });
    // As one that may not be listed, which is nothing to whoever may do everything.
    await symlink('archive', join(data, 'archive'));
    await refused('file-not-found', 'backup', data, backup);
    for (const place of [data, join(data, 'archive')]) {
      const { code, stderr } = await marie(['replay', 'verify', place, '--json']);
      expect([code, JSON.parse(stderr)]).toMatchObject([2, { error: { code: 'file-not-found' } }]);
    }
  });

  it('is refused as damaged where any of its parts is', async () => {
    await good('backup', data, backup);
    const [segment = ''] = (await readdir(join(backup, 'archive'))).filter((name) => name.endsWith('.turns'));
    for (const [part, name] of [
      ['archive', segment],
      ['snapshots', snapshots[0]!],
    ] as const) {
      const kept = join(folder, 'kept');
      await cp(join(backup, part), kept, { recursive: true });
      await flip(join(backup, part, name));
      await refused('backup-damaged', 'restore', backup, restored);
      await rm(join(backup, part, name));
      await refused('backup-damaged', 'restore', backup, restored);
      await rm(join(backup, part), { recursive: true });
      await refused('backup-damaged', 'restore', backup, restored);
      await rename(kept, join(backup, part));
    }
    await cp(join(data, 'snapshots', snapshots[1]!), join(backup, 'snapshots', snapshots[1]!));
    await refused('backup-damaged', 'restore', backup, restored);
  });
});

describe('a backup', () => {
  it('is changed by no command: it could not be restored any more', async () => {
    await good('backup', data, backup);
    for (const command of [
      ['snapshot', 'create', backup],
      ['snapshot', 'create', data, '--snapshots', join(backup, 'snapshots')],
      ['snapshot', 'create', data, '--snapshots', backup],
      ['journal', 'archive', backup],
      ['journal', 'archive', data, '--to', join(backup, 'archive')],
      ['journal', 'repair', backup, '--accept-loss'],
    ]) {
      const { code, stderr } = await marie(command);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error is-a-backup: .*\n(?:.*\n)*.*marie restore/)]);
    }
    expect(await good('restore', backup, restored)).toMatchObject({ turn: head.turn });
  });

  it('is not what only has a manifest of something else', async () => {
    const other = join(data, 'other');
    await mkdir(other);
    await writeFile(join(other, 'manifest.json'), '{}');
    await good('snapshot', 'create', data, '--snapshots', join(other, 'snapshots'));
  });
});

describe('a backup of an earlier release', () => {
  it('of a cell that was archived is restored with what was copied beside it by hand', async () => {
    await good('backup', data, backup);
    await asBefore();
    await refused('no-snapshot', 'restore', backup, restored);
    await cp(join(data, 'snapshots'), join(backup, 'snapshots'), { recursive: true });
    expect(await good('restore', backup, restored)).toMatchObject({ after: turnOf(snapshots[0]!) });
    await rm(restored, { recursive: true });
    await cp(join(data, 'archive'), join(backup, 'archive'), { recursive: true });
    expect(await good('restore', backup, restored)).toMatchObject({ after: 0 });
    await expectRuns({ isWhole: true });
  });

  it('is refused with an archive that is not its own', async () => {
    await good('backup', data, backup);
    await asBefore();
    await writeDocuments(join(backup, 'archive'), 30_000, { retainTerminalJobs: 50 });
    await refused('backup-damaged', 'restore', backup, restored);
  });

  it('of a cell that has all of its turns is restored', async () => {
    await rm(data, { recursive: true });
    await writeDocuments(join(data, 'journal'), 3_000);
    const { turn } = await good('backup', data, backup);
    await asBefore();
    expect(await good('restore', backup, restored)).toMatchObject({ turn, after: 0 });
  });
});
