/** One journal, folded by processes that have nothing in common but the journal: every turn comes to the same hashes. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { turnHash } from '../../../src/catalogue/digest.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { listSegments } from '../../../src/journal/files/segment.js';
import { testProgram } from '../../support/fabric/program.js';
import { inFolder, turnsOf } from './history.js';

const CORPUS = 'replay/corpus/busy-minute';
/** Small enough that the journal gets a dozen segments. */
const SEGMENT_BYTES = 64 * 1024;

interface Surroundings {
  readonly store: 'memory' | 'rocksdb';
  readonly order: 'forwards' | 'backwards';
  /** Rows that may wait to be stored. */
  readonly dirty: number;
  readonly heapMiB: number;
  readonly zone: string;
  readonly locale: string;
}

const ALL: readonly Surroundings[] = [
  { store: 'memory', order: 'forwards', dirty: 200_000, heapMiB: 512, zone: 'UTC', locale: 'C' },
  { store: 'rocksdb', order: 'forwards', dirty: 300, heapMiB: 64, zone: 'Pacific/Chatham', locale: 'tr_TR.UTF-8' },
  { store: 'memory', order: 'backwards', dirty: 300, heapMiB: 64, zone: 'America/Caracas', locale: 'de_DE.UTF-8' },
  { store: 'rocksdb', order: 'backwards', dirty: 5_000, heapMiB: 256, zone: 'Asia/Kathmandu', locale: 'ar_EG.UTF-8' },
];

/** The journal in many segments; record by record it is the same. */
async function inSegments(folder: string): Promise<void> {
  const turns = await turnsOf(CORPUS);
  const options = { disk: nodeDisk, folder, cell: turns[0]!.cell, sync: 'off', segmentBytes: SEGMENT_BYTES } as const;
  const { journal } = await openFileJournal(options);
  for (const turn of turns) {
    const bytes = encodeTurn(turn);
    await journal.append(bytes, turnHash(bytes));
  }
  await journal.close();
}

async function fold(folder: string, around: string, { store, order, dirty, heapMiB, zone, locale }: Surroundings) {
  const at = store === 'memory' ? store : join(around, `store-${order}`);
  const args = [`--max-old-space-size=${heapMiB}`, ...testProgram('fold-process'), folder, at, String(dirty), order];
  const env = { ...process.env, TZ: zone, LC_ALL: locale, LANG: locale };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

it('comes to the same hashes in every store, order of segments, time zone, locale and heap', {
  timeout: 600_000,
}, async () => {
  const { head } = JSON.parse(await readFile(join(CORPUS, 'expected.json'), 'utf8'));
  await inFolder(async (around) => {
    const folder = join(around, 'journal');
    await inSegments(folder);
    expect((await listSegments(nodeDisk, folder)).length).toBeGreaterThan(5);
    const reports = [];
    for (const one of ALL) reports.push(await fold(folder, around, one));
    const zones = new Set<number>();
    for (const { surroundings, ...report } of reports) {
      zones.add(surroundings.zone);
      expect(report).toMatchObject(head);
      expect(report.restored).toBe(head.stateHash);
      // The hash of every turn, and the bytes of every row.
      expect({ turns: report.turns, rows: report.rows }).toEqual({ turns: reports[0].turns, rows: reports[0].rows });
    }
    expect(zones.size).toBe(ALL.length);
    expect(new Set(reports.map(({ surroundings }) => surroundings.comma)).size).toBeGreaterThan(1);
  });
});
