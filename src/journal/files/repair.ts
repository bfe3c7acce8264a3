import { type Damage, JournalDamaged } from '../errors.js';
import { type Disk, pathIn } from './disk.js';
import { type Examination, examineJournal } from './examine.js';
import { LOCK_NAME } from './open.js';
import { indexName } from './segment.js';
import { removeUnfinished, UNFINISHED } from './whole-file.js';

export interface RepairOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** The cell that the journal must be of. */
  readonly cell?: string;
  /** The highest turn that a store or snapshot stands for; 0 without one. */
  readonly coveredTurn?: number;
  /** Whether turns may be given up that were, or may have been, acknowledged. */
  readonly acceptLoss?: boolean;
  /**
   * Called under the lock with the turn with which the journal will end, before anything of it is cut, and also where
   * nothing is. If it rejects, nothing is cut.
   */
  readonly beforeCut?: (headTurn: number) => Promise<void>;
}

/** What was taken out of a journal, and where it is kept. */
export interface CutFile {
  readonly file: string;
  readonly kept: string;
  readonly bytes: number;
}

export interface Repaired {
  /** What was found. */
  readonly before: Examination;
  /** What was cut, each kept in a file beside; nothing if nothing was wrong. */
  readonly cut: readonly CutFile[];
  /** The turn with which the journal ends now. A store that stands for a later one must be rebuilt. */
  readonly headTurn: number;
}

/** How much is copied at once, in bytes. */
const COPY_BYTES = 1024 * 1024;

/**
 * Makes a journal end before the first record that can't be trusted. Takes the journal's lock. A torn record that no
 * store stands for is always cut; anything else only with `acceptLoss`, or `JournalDamaged` is thrown. What is cut is
 * kept beside as `<file>.cut-<turn>`. If the repair itself is interrupted, the next one goes on.
 */
export async function repairJournal(options: RepairOptions): Promise<Repaired> {
  const { disk, folder, cell, coveredTurn = 0, acceptLoss = false, beforeCut } = options;
  const release = await disk.lock(pathIn(folder, LOCK_NAME));
  try {
    await removeUnfinished(disk, folder);
    const before = await examineJournal(disk, folder, cell);
    const { damage, head } = before;
    const mayCut = acceptLoss || damage === null || (damage.torn && damage.turn > coveredTurn);
    if (!mayCut) throw new JournalDamaged(damage);
    await beforeCut?.(head.turn);
    const cut = damage === null ? [] : await cutFrom(disk, folder, before, damage);
    return { before, cut, headTurn: head.turn };
  } finally {
    await release();
  }
}

/** Takes everything from the damage on out of the journal, the last file first. */
async function cutFrom(disk: Disk, folder: string, { segments }: Examination, damage: Damage): Promise<CutFile[]> {
  const cut: CutFile[] = [];
  for (const { file, firstTurn, bytes } of segments.toReversed()) {
    const keep = file < damage.file ? bytes : file === damage.file ? damage.offset : 0;
    if (keep === bytes) continue;
    const kept = await freeName(disk, folder, `${file}.cut-${damage.turn}`);
    const index = indexName(firstTurn);
    if ((await disk.list(folder)).includes(index)) await disk.remove(pathIn(folder, index));
    if (keep === 0) await disk.rename(pathIn(folder, file), pathIn(folder, kept));
    else await splitFile(disk, folder, file, kept, keep);
    await disk.syncFolder(folder);
    cut.push({ file, kept, bytes: bytes - keep });
  }
  return cut.reverse();
}

/** A name that no file has: a journal may be cut at the same turn twice. */
async function freeName(disk: Disk, folder: string, wanted: string): Promise<string> {
  const names = await disk.list(folder);
  let name = wanted;
  for (let i = 2; names.includes(name); i++) name = `${wanted}-${i}`;
  return name;
}

/** Moves what comes after `offset` into a file of its own, which is durable before anything is cut. */
async function splitFile(disk: Disk, folder: string, name: string, restName: string, offset: number): Promise<void> {
  const file = await disk.open(pathIn(folder, name), 'write');
  // What has no room for all of it is not left under a name that says that it is kept there.
  const unfinished = pathIn(folder, restName + UNFINISHED);
  const rest = await disk.open(unfinished, 'create');
  try {
    const { size } = file.status();
    const chunk = Buffer.alloc(COPY_BYTES);
    for (let at = offset; at < size; at += chunk.length) {
      const read = await file.read(chunk.subarray(0, Math.min(chunk.length, size - at)), at);
      await rest.write(chunk.subarray(0, read), at - offset);
    }
    await rest.sync();
    await disk.rename(unfinished, pathIn(folder, restName));
    await disk.syncFolder(folder);
    await file.truncate(offset);
    await file.sync();
  } finally {
    await rest.close();
    await file.close();
  }
}
