import { cp, mkdir, open, readdir, rename, rm, rmdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { repairData } from '../../../src/main/repair.js';
import { marie, startFabric, startFabricHere, temporaryFolder } from './setup.js';

/** A data directory with some turns, and the path of its only segment. */
async function someHistory(): Promise<{ data: string; segment: string }> {
  const data = temporaryFolder();
  const fabric = await startFabricHere({ data });
  const client = new FabricClient({ url: fabric.url });
  for (let i = 0; i < 5; i++) {
    const { dagId } = await client.submit({ jobs: [{ id: 'a', kind: 'noop' }] });
    await client.wait(dagId);
  }
  await client.close();
  await fabric.close();
  const folder = join(data, 'journal');
  const name = (await readdir(folder)).find((file) => file.endsWith('.turns')) as string;
  return { data, segment: join(folder, name) };
}

/** A data directory goes on with turns of its own. */
async function goOn(data: string): Promise<void> {
  const fabric = await startFabricHere({ data });
  const client = new FabricClient({ url: fabric.url });
  await client.submit({ jobs: [{ id: 'a', kind: 'noop' }] });
  await client.close();
  await fabric.close();
}

async function flipByte(file: string, offset: number): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, offset);
  byte[0] = (byte[0] as number) ^ 0xff;
  await handle.write(byte, 0, 1, offset);
  await handle.close();
}

describe('marie journal repair', () => {
  it('finds nothing wrong with a right journal', async () => {
    const { data } = await someHistory();
    const { code, stdout } = await marie(['journal', 'repair', data]);
    expect(stdout).toContain('nothing to repair');
    expect(code).toBe(0);
  });

  it('refuses to lose turns unless it is told to, then the fabric starts again', async () => {
    const { data, segment } = await someHistory();
    await flipByte(segment, Math.floor((await stat(segment)).size / 2));
    const refused = await marie(['up', '--data', data, '--port', '0']);
    expect(refused.stderr).toMatch(/^error journal-damaged: .* at turn \d+/);
    expect(refused.code).toBe(5);
    const verified = await marie(['replay', 'verify', data, '--json']);
    expect(verified.code).toBe(5);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: false, problem: { code: 'journal-damaged' } });

    const dry = await marie(['journal', 'repair', data, '--dry-run', '--json']);
    expect(dry.code).toBe(5);
    const { damage, rightUpToTurn } = JSON.parse(dry.stdout);
    expect(damage).toMatchObject({ torn: false, turn: rightUpToTurn + 1 });
    const careful = await marie(['journal', 'repair', data]);
    expect(careful.code).toBe(5);
    expect(careful.stderr).toContain('--accept-loss');

    const repaired = JSON.parse((await marie(['journal', 'repair', data, '--accept-loss', '--json'])).stdout);
    expect(repaired).toMatchObject({ headTurn: rightUpToTurn });
    expect(repaired.cut).toHaveLength(1);
    expect((await marie(['replay', 'verify', data])).code).toBe(0);
  });

  it('cuts a torn last record that the store beside stands for only when told to, and moves the store aside', async () => {
    const { data, segment } = await someHistory();
    await truncate(segment, (await stat(segment)).size - 7);
    const careful = await marie(['journal', 'repair', data]);
    expect(careful.code).toBe(5);
    expect(careful.stderr).toMatch(/^error journal-damaged: /);

    const { code, stdout } = await marie(['journal', 'repair', data, '--accept-loss', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ damage: { torn: true }, storeAside: expect.any(String) });
    const fabric = await startFabric(data);
    expect(await fabric.end()).toBe(0);
  });

  it.each([
    ['first turn', 512 + 20],
    ['header', 20],
  ])('gives up a journal whose %s is damaged when told to, and moves the store aside', async (_what, offset) => {
    const { data, segment } = await someHistory();
    await flipByte(segment, offset);
    const repaired = await marie(['journal', 'repair', data, '--accept-loss', '--json']);
    expect(JSON.parse(repaired.stdout)).toMatchObject({ headTurn: 0, storeAside: expect.any(String) });
    const fabric = await startFabric(data);
    expect(await fabric.end()).toBe(0);
  });

  it.each([
    ['a segment', '', (_data: string, segment: string) => rename(segment, `${segment}.cut-1`)],
    ['a segment (its folder is named)', 'journal', (_data: string, segment: string) => rm(segment)],
    ['its folder', '', (data: string) => rm(join(data, 'journal'), { recursive: true })],
  ])('moves the store of a journal without %s aside, as the start advises', async (_what, place, lose) => {
    const { data, segment } = await someHistory();
    await lose(data, segment);
    const refused = await marie(['up', '--data', data, '--port', '0']);
    expect(refused.stderr).toMatch(/^error journal-ahead: .*\n.*\n.*marie journal repair --accept-loss/);
    const careful = await marie(['journal', 'repair', join(data, place)]);
    expect(careful.stderr).toMatch(/^error journal-ahead: the store stands for turns that the journal does not have/);
    expect(careful.code).toBe(5);
    const repaired = await marie(['journal', 'repair', join(data, place), '--accept-loss', '--json']);
    expect(JSON.parse(repaired.stdout)).toMatchObject({ cut: [], headTurn: 0, storeAside: expect.any(String) });
    const fabric = await startFabric(data);
    expect(await fabric.end()).toBe(0);
  });

  it('moves the store aside before it cuts: interrupted in between, it goes on when it is called again', async () => {
    const { data, segment } = await someHistory();
    await flipByte(segment, 20);
    // A folder in the place of the index file can't be removed: the repair ends there.
    const index = segment.replace('.turns', '.index');
    await rm(index, { force: true });
    await mkdir(index);
    expect((await marie(['journal', 'repair', data, '--accept-loss'])).code).not.toBe(0);
    expect(await readdir(data)).toContain('store.ahead-of-0-1');
    expect(await readdir(data)).not.toContain('store');
    await rmdir(index);
    const refused = await marie(['up', '--data', data, '--port', '0']);
    expect(refused.stderr).toMatch(/^error journal-damaged: /);
    const repaired = await marie(['journal', 'repair', data, '--accept-loss', '--json']);
    expect(JSON.parse(repaired.stdout)).toMatchObject({ headTurn: 0, cut: [expect.anything()], storeAside: null });
    const fabric = await startFabric(data);
    expect(await fabric.end()).toBe(0);
  });

  it('has nothing to repair in a folder without a journal and a store', async () => {
    const data = temporaryFolder();
    await mkdir(join(data, 'journal'));
    const { code, stderr } = await marie(['journal', 'repair', data, '--accept-loss']);
    expect(stderr).toMatch(/^error no-journal: /);
    expect(code).toBe(2);
  });

  it('moves a store aside that stands for a turn of another history when told to', async () => {
    const { data } = await someHistory();
    const other = temporaryFolder();
    await cp(data, other, { recursive: true });
    await goOn(data);
    await goOn(other);
    await rm(join(data, 'journal'), { recursive: true });
    await cp(join(other, 'journal'), join(data, 'journal'), { recursive: true });
    const refused = await marie(['up', '--data', data, '--port', '0']);
    expect(refused.stderr).toMatch(/^error journal-ahead: .*\n.*\n.*marie journal repair --accept-loss/);
    const careful = await marie(['journal', 'repair', data]);
    expect(careful.stderr).toMatch(/^error journal-ahead: /);
    expect(careful.code).toBe(5);
    const repaired = await marie(['journal', 'repair', data, '--accept-loss', '--json']);
    expect(JSON.parse(repaired.stdout)).toMatchObject({ damage: null, cut: [], storeAside: expect.any(String) });
    const fabric = await startFabric(data);
    expect(await fabric.end()).toBe(0);
  });

  it('has a store that it moves aside out of the way of a loss of power before anything is cut', async () => {
    const { data, segment } = await someHistory();
    await truncate(segment, (await stat(segment)).size - 7);
    const synced: string[] = [];
    const { syncFolder } = nodeDisk;
    const watched = vi.spyOn(nodeDisk, 'syncFolder').mockImplementation(async (folder) => {
      synced.push(folder);
      await syncFolder(folder);
    });
    onTestFinished(() => watched.mockRestore());
    await repairData(join(data, 'journal'), true);
    // Then what is cut gets a name of its own.
    expect(synced.slice(0, 2)).toEqual([data, join(data, 'journal')]);
  });

  it('cuts a torn last record that no store stands for without more ado', async () => {
    const { data, segment } = await someHistory();
    await truncate(segment, (await stat(segment)).size - 7);
    await rm(join(data, 'store'), { recursive: true });
    const { code, stdout } = await marie(['journal', 'repair', data, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ damage: { torn: true } });
  });
});

describe('a cell on Kafka', () => {
  it.each([
    ['journal repair', ['journal', 'repair', 'kafka://127.0.0.1:1/main'], /is not repaired in place/],
    ['backup', ['backup', 'kafka://127.0.0.1:1/main', 'out'], /journal of this cell is a topic/],
  ])('is told by %s what is done instead', async (_name, words, what) => {
    const { code, stderr } = await marie(words);
    expect(stderr).toMatch(/^error journal-on-kafka: /);
    expect(stderr).toMatch(what);
    expect(stderr).toMatch(/what to do: .*marie export kafka:\/\/127.0.0.1:1\/main.*marie journal import/);
    expect(code).toBe(2);
  });

  it('has a data directory without a journal: a backup of it says where the journal is', async () => {
    const data = temporaryFolder();
    const { code, stderr } = await marie(['backup', data, 'out']);
    expect(stderr).toMatch(/^error no-journal: /);
    expect(stderr).toMatch(/If its cell is on Kafka.*marie export kafka:\/\/host:port\/cell/);
    expect(code).toBe(2);
  });
});
