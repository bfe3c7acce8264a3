import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../src/journal/files/disk.js';
import type { SyncPolicy } from '../../src/journal/files/journal.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { MemoryJournal, type MemoryLog } from '../../src/journal/memory.js';
import type { Journal } from '../../src/journal/port.js';
import { journalContract } from './journal.js';
import { FaultyDisk } from './journal-support/faulty-disk.js';
import { CELL } from './journal-support/turns.js';

const timers = {
  after(delayMs: number, run: () => void): () => void {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

async function openOn(disk: Disk, folder: string, sync: SyncPolicy, segmentBytes?: number): Promise<Journal> {
  const size = segmentBytes === undefined ? {} : { segmentBytes };
  return (await openFileJournal({ disk, folder, cell: CELL, sync, ...size })).journal;
}

journalContract('memory', async () => {
  const log: MemoryLog = [];
  return { open: async () => new MemoryJournal(CELL, log), remove: async () => undefined };
});

/** Segments so small that most tests meet several of them, and so large that none does. */
for (const segmentBytes of [8 * 1024, undefined]) {
  journalContract(`files, on a disk in memory, segments of ${segmentBytes ?? 'the usual'} bytes`, async () => {
    const disk = new FaultyDisk();
    return { open: () => openOn(disk, 'journal', 'every-turn', segmentBytes), remove: async () => undefined };
  });
}

const policies: SyncPolicy[] = ['every-turn', { everyMs: 1, timers }, 'off'];
for (const sync of policies) {
  journalContract(`files, on this machine's disk, synced ${JSON.stringify(sync)}`, async () => {
    const around = await mkdtemp(join(tmpdir(), 'marie-journal-'));
    return {
      open: () => openOn(nodeDisk, join(around, 'a', 'journal'), sync, 100_000),
      remove: () => rm(around, { recursive: true, force: true }),
    };
  });
}
