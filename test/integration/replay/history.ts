/** Small histories on the disk, right ones and such as no fabric writes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { turnHash } from '../../../src/catalogue/digest.js';
import type { TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn, encodeTurn } from '../../../src/catalogue/turn.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { openForReading } from '../../../src/journal/files/reader.js';

/** Runs with a folder that is gone afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'marie-replay-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All turns of a journal. */
export async function turnsOf(folder: string): Promise<TurnRecord[]> {
  const reader = await openForReading(nodeDisk, folder);
  const turns: TurnRecord[] = [];
  for await (const { bytes } of reader.read(reader.firstTurn())) turns.push(decodeTurn(bytes));
  return turns;
}

/** Writes turns as a journal of its own, each chained on the one before it. */
export async function writeTurns(folder: string, turns: readonly TurnRecord[]): Promise<void> {
  const { journal } = await openFileJournal({ disk: nodeDisk, folder, cell: turns[0]!.cell, sync: 'off' });
  let prev: Uint8Array = Buffer.alloc(32);
  for (const turn of turns) {
    const bytes = encodeTurn({ ...turn, prev });
    prev = turnHash(bytes);
    await journal.append(bytes, prev);
  }
  await journal.close();
}
