import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRocksStore } from '../../src/store/rocksdb/open.js';
import { historyStates, IDENTITY } from './store-history.js';
import { contents } from './store-support.js';

const WRITER = fileURLToPath(new URL('./store-writer.ts', import.meta.url));

let around: string;
beforeAll(async () => {
  around = await mkdtemp(join(tmpdir(), 'marie-store-kill-'));
});
afterAll(() => rm(around, { recursive: true, force: true }));

/** Lets a process write until it has said so many turns, kills it in the middle of the next; returns the last turn. */
async function writeAndKill(dir: string, turns: number): Promise<number> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => writer.on('close', () => resolve()));
  let last = 0;
  let said = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    said += 1;
    if (said === turns) writer.kill('SIGKILL');
  }
  await ended;
  expect(said).toBeGreaterThanOrEqual(turns);
  return last;
}

it('a process that is killed while it writes leaves every batch that it knew to be stored, and no part of another', async () => {
  const dir = join(around, 'store');
  for (const turns of [1, 37, 150, 400]) {
    const known = await writeAndKill(dir, turns);
    const { store, setAside } = await openRocksStore({ ...IDENTITY, dir });
    const turn = store.position()?.turn ?? 0;
    const rows = historyStates(turn)[turn]!;
    const expected = [...rows]
      .sort(([a], [b]) => a - b)
      .map(([row, value]) => `row-${String(row).padStart(4, '0')}=${value}`);
    expect(setAside).toBe(null);
    expect(turn).toBeGreaterThanOrEqual(known);
    expect(await contents(store)).toEqual(expected);
    await store.close();
  }
});
