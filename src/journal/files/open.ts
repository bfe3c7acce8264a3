import { type Damage, JournalDamaged, JournalError } from '../errors.js';
import type { Head, Journal } from '../port.js';
import { emptyHead, ReaderRule, sameBytes } from '../rule.js';
import { AppendSegment } from './active.js';
import { CHECKPOINT_BYTES, type Checkpoint, loadCheckpoint } from './checkpoint.js';
import { type Disk, pathIn } from './disk.js';
import type { JournalFolder } from './folder.js';
import { asAppendError, FileJournal, placeOf, SEGMENT_BYTES, type SyncPolicy } from './journal.js';
import { listSegments } from './segment.js';
import { FolderWalk } from './walk.js';
import { removeUnfinished } from './whole-file.js';

export interface OpenOptions {
  readonly disk: Disk;
  /** The journal's folder; made if it doesn't exist. */
  readonly folder: string;
  /** The cell that the journal must be of, and is made for. */
  readonly cell: string;
  readonly sync: SyncPolicy;
  /** Size at which a segment ends, in bytes. */
  readonly segmentBytes?: number | undefined;
  /** Bytes between two checkpoints. */
  readonly checkpointBytes?: number;
  /** The highest turn that a store or snapshot stands for; 0 without one. It is never cut. */
  readonly coveredTurn?: number | undefined;
  /** The hash of that turn, if it is known: then the journal must have the same turn. */
  readonly coveredHash?: Uint8Array | undefined;
  /** Records from this turn on are checked at opening; without it those after the checkpoint of the last segment. */
  readonly verifyFrom?: number;
  /** Where a journal begins that is made: what its first turn chains on. Without it, at turn 1. */
  readonly beginAt?: Head | undefined;
}

export interface OpenedJournal {
  readonly journal: Journal;
  /** The torn record that was cut from the end, or null. No turn that was acknowledged as durable is lost by it. */
  readonly cut: (Damage & { readonly bytes: number }) | null;
}

/** Name of the lock in a journal's folder. */
export const LOCK_NAME = 'lock';

/**
 * Opens a folder for appending, or makes it. Holds its lock until the journal is closed or the process ends.
 *
 * Throws `JournalDamaged`, or `JournalError`: `journal-locked`, `journal-foreign-cell`, `journal-ahead` (the store
 * stands for a turn that isn't there), `disk-full`, `append-failed`, `unknown-version`; and what the system says where it
 * can't read a file.
 */
export async function openFileJournal(options: OpenOptions): Promise<OpenedJournal> {
  const { disk, folder } = options;
  const release = await changing(async () => {
    await disk.makeFolder(folder);
    return disk.lock(pathIn(folder, LOCK_NAME));
  });
  try {
    await changing(() => removeUnfinished(disk, folder));
    return await openLocked(options, release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Does what changes the folder: of that, and of nothing that is only read, it is said that it could not be written. */
async function changing<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof JournalDamaged ? error : asAppendError(error);
  }
}

async function openLocked(options: OpenOptions, release: () => Promise<void>): Promise<OpenedJournal> {
  const { disk, folder, cell, sync, segmentBytes = SEGMENT_BYTES, checkpointBytes = CHECKPOINT_BYTES } = options;
  const segments = await listSegments(disk, folder);
  const { head, segment, cut, checkpointed } = await (segments.length === 0 ? begin(options) : goOn(options, segments));
  const parts = { disk, folder, cell, sync, segmentBytes, checkpointBytes, checkpointed, segment, release };
  const firstTurn = segments[0] ?? head.turn + 1;
  const journal = new FileJournal({ ...parts, firstTurn, rule: new ReaderRule({ cell, head }) });
  return { journal, cut };
}

interface Tail extends Omit<OpenedJournal, 'journal'> {
  readonly head: Head;
  readonly segment: AppendSegment;
  /** Where the turn ends that the checkpoint of the segment stands for, in bytes; 0 where there is none. */
  readonly checkpointed: number;
}

async function begin(options: OpenOptions): Promise<Tail> {
  const head = options.beginAt ?? emptyHead();
  await checkCovered(options, options, head);
  const segment = await changing(() => AppendSegment.create(placeOf(options), options.cell, head));
  return { head, segment, cut: null, checkpointed: 0 };
}

async function goOn(options: OpenOptions, segments: readonly number[]): Promise<Tail> {
  const { fromTurn, checkpoint } = await placeToVerify(options, segments);
  const walk = new FolderWalk(options);
  let cut: OpenedJournal['cut'] = null;
  try {
    for await (const _ of walk.from(fromTurn, checkpoint)) {
      // The walk itself checks.
    }
  } catch (error) {
    if (!(error instanceof JournalDamaged && error.torn)) throw error;
    cut = await changing(() => cutTail(options, error));
  }
  const head = walk.head();
  const active = { firstTurn: walk.segment(), end: walk.end(), offsets: walk.offsets() };
  await checkCovered(options, { ...options, active: () => active }, head);
  const checkpointed = checkpoint?.end ?? 0;
  const segment = await changing(() => AppendSegment.reopen(placeOf(options), active, checkpointed));
  return { head, segment, cut, checkpointed };
}

/** Where the check of an opening begins. */
async function placeToVerify(
  { disk, folder, cell, verifyFrom }: OpenOptions,
  segments: readonly number[],
): Promise<{ fromTurn: number; checkpoint: Checkpoint | null }> {
  const last = segments.at(-1)!;
  if (verifyFrom !== undefined) {
    return { fromTurn: segments.findLast((turn) => turn <= verifyFrom) ?? segments[0]!, checkpoint: null };
  }
  const checkpoint = await loadCheckpoint(disk, folder, cell, last);
  return { fromTurn: checkpoint === null ? last : checkpoint.head.turn + 1, checkpoint };
}

async function cutTail(
  { disk, folder, coveredTurn = 0 }: OpenOptions,
  torn: JournalDamaged,
): Promise<OpenedJournal['cut']> {
  const { turn, file: name, offset, reason } = torn;
  if (coveredTurn >= turn) {
    throw new JournalDamaged({
      turn,
      file: name,
      offset,
      reason: `${reason}, and the store stands for turn ${coveredTurn}`,
    });
  }
  const file = await disk.open(pathIn(folder, name), 'write');
  try {
    const bytes = file.status().size - offset;
    // Made durable when the segment is reopened; until then it would be cut again.
    await file.truncate(offset);
    return { turn, file: name, offset, unit: 'byte', reason, torn: true, bytes };
  } finally {
    await file.close();
  }
}

/** The store must stand for a turn of this journal. */
async function checkCovered(
  { coveredTurn = 0, coveredHash }: OpenOptions,
  journal: JournalFolder,
  head: Head,
): Promise<void> {
  if (coveredTurn > head.turn) {
    throw new JournalError(
      'journal-ahead',
      `the store stands for turn ${coveredTurn}, the journal ends at ${head.turn}`,
    );
  }
  if (coveredHash === undefined || coveredTurn === 0) return;
  const hash = coveredTurn === head.turn ? head.hash : await hashOfTurn(journal, coveredTurn);
  if (hash !== null && !sameBytes(hash, coveredHash)) {
    throw new JournalError('journal-ahead', `the store stands for another turn ${coveredTurn} than the journal has`);
  }
}

/** The hash of a turn's record; null if it was archived. */
async function hashOfTurn(journal: JournalFolder, turn: number): Promise<Uint8Array | null> {
  const [first = 1] = await listSegments(journal.disk, journal.folder);
  if (turn < first) return null;
  for await (const [record] of new FolderWalk(journal).from(turn)) return record?.hash ?? null;
  return null;
}
