import { decodeTurnHeader } from '../../catalogue/turn.js';
import { type Damage, JournalDamaged } from '../errors.js';
import type { Head } from '../port.js';
import { type Disk, pathIn, withFile } from './disk.js';
import { SECTOR_BYTES } from './frame.js';
import { FrameScanner } from './scanner.js';
import { listSegments, segmentName } from './segment.js';
import { nextFrame } from './torn.js';
import { FolderWalk } from './walk.js';

/** One file of a journal. */
export interface SegmentReport {
  readonly file: string;
  readonly firstTurn: number;
  readonly bytes: number;
  /** How many of its turns are right and chain on all those before. */
  readonly turns: number;
}

/** What is after the first record that cannot be trusted. */
export interface LossReport {
  /** The files that end there or are lost whole. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** How many records with right checksums are among it. They cannot be used: the chain is broken before them. */
  readonly readableTurns: number;
  /** The highest number that one of them has; null if there is none. */
  readonly lastReadableTurn: number | null;
}

/** What a journal's folder holds. */
export interface Examination {
  readonly segments: readonly SegmentReport[];
  /** The head up to which all is right. */
  readonly head: Head;
  /** The first thing that is wrong, or null. If it is torn, a writer cuts it at opening. */
  readonly damage: Damage | null;
  /** What a repair would cut, or null. */
  readonly loss: LossReport | null;
}

/**
 * Reads a whole journal and says what is wrong with it; changes nothing. Throws `JournalError` where it can't be
 * judged: another cell, a version that this program doesn't know.
 */
export async function examineJournal(disk: Disk, folder: string, cell?: string): Promise<Examination> {
  const firstTurns = await listSegments(disk, folder);
  const turns = new Map<number, number>();
  const walk = new FolderWalk({ disk, folder, cell });
  let damage: Damage | null = null;
  try {
    for await (const records of walk.from(firstTurns[0] ?? 1)) {
      turns.set(walk.segment(), (turns.get(walk.segment()) ?? 0) + records.length);
    }
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error;
    damage = error;
  }
  const segments: SegmentReport[] = [];
  for (const firstTurn of firstTurns) {
    const file = segmentName(firstTurn);
    segments.push({ file, firstTurn, bytes: await sizeOf(disk, folder, file), turns: turns.get(firstTurn) ?? 0 });
  }
  const loss = damage === null ? null : await examineLoss(disk, folder, segments, damage);
  return { segments, head: walk.head(), damage, loss };
}

function sizeOf(disk: Disk, folder: string, name: string): Promise<number> {
  return withFile(disk, pathIn(folder, name), async (file) => file.status().size);
}

async function examineLoss(
  disk: Disk,
  folder: string,
  segments: readonly SegmentReport[],
  damage: Damage,
): Promise<LossReport> {
  const lost = segments.filter(({ file }) => file >= damage.file);
  let bytes = 0;
  let readableTurns = 0;
  let lastReadableTurn: number | null = null;
  for (const segment of lost) {
    const from = segment.file === damage.file ? damage.offset : 0;
    bytes += segment.bytes - from;
    for await (const turn of readableTurnsFrom(disk, pathIn(folder, segment.file), from)) {
      readableTurns++;
      lastReadableTurn = Math.max(lastReadableTurn ?? 0, turn);
    }
  }
  return { files: lost.map(({ file }) => file), bytes, readableTurns, lastReadableTurn };
}

/** The numbers of all records with right checksums in a file from `offset` on, whatever is between them. */
async function* readableTurnsFrom(disk: Disk, path: string, offset: number): AsyncGenerator<number> {
  const file = await disk.open(path, 'read');
  try {
    const { size } = file.status();
    for (let at = await nextFrame(file, offset, size); at !== null; ) {
      const scanner = new FrameScanner(file, at, size);
      for (let frames = await scanner.next(); frames !== null; frames = await scanner.next()) {
        for (const { kind, contents } of frames) if (kind !== 'segment') yield decodeTurnHeader(contents).turn;
      }
      at = scanner.flaw === null ? null : await nextFrame(file, scanner.position + SECTOR_BYTES, size);
    }
  } finally {
    await file.close();
  }
}
