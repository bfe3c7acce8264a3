import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, pathIn } from '../../src/journal/files/disk.js';
import type { SyncPolicy } from '../../src/journal/files/journal.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import { listSegments, segmentName } from '../../src/journal/files/segment.js';
import type { Journal } from '../../src/journal/port.js';
import { MemoryJournal, type MemoryLog } from '../support/memory/journal.js';
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

/** Removes the segments that end before a turn. */
async function letGo(disk: Disk, folder: string, turn: number): Promise<void> {
  const segments = await listSegments(disk, folder);
  for (const [i, first] of segments.entries()) {
    if ((segments[i + 1] ?? turn + 1) <= turn) await disk.remove(pathIn(folder, segmentName(first)));
  }
}

journalContract(
  'memory',
  async () => {
    const log: MemoryLog = [];
    return { open: async () => new MemoryJournal(CELL, log), remove: async () => undefined };
  },
  false,
);

/** Segments so small that most tests meet several of them, and so large that none does. */
for (const segmentBytes of [8 * 1024, undefined]) {
  journalContract(
    `files, on a disk in memory, segments of ${segmentBytes ?? 'the usual'} bytes`,
    async () => {
      const disk = new FaultyDisk();
      const open = () => openOn(disk, 'journal', 'every-turn', segmentBytes);
      return { open, letGoBefore: (turn) => letGo(disk, 'journal', turn), remove: async () => undefined };
    },
    segmentBytes !== undefined,
  );
}

const policies: SyncPolicy[] = ['every-turn', { everyMs: 1, timers }, 'off'];
for (const sync of policies) {
  journalContract(`files, on this machine's disk, synced ${JSON.stringify(sync)}`, async () => {
    const around = await mkdtemp(join(tmpdir(), 'marie-journal-'));
    const folder = join(around, 'a', 'journal');
    return {
      open: () => openOn(nodeDisk, folder, sync, 100_000),
      letGoBefore: (turn) => letGo(nodeDisk, folder, turn),
      remove: () => rm(around, { recursive: true, force: true }),
    };
  });
}
