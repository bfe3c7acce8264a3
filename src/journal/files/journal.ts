import { errnoOf } from '../../catalogue/thrown.js';
import { judgeAppend, refusedAppend } from '../append.js';
import { JournalError } from '../errors.js';
import type { Head, Journal, JournalRecord } from '../port.js';
import type { ReaderRule } from '../rule.js';
import { type AppendPlace, AppendSegment } from './active.js';
import { encodeCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Disk, Timers } from './disk.js';
import { FrameBuffer } from './frame.js';
import { FolderWalk } from './walk.js';

/**
 * When an append is forced to the disk: before it resolves; at most so many ms after it; or when a segment ends only.
 * In the last two cases a loss of power may take turns that were acknowledged.
 */
export type SyncPolicy = 'every-turn' | { readonly everyMs: number; readonly timers: Timers } | 'off';

/** A policy as turns record it: 0 for every turn, -1 for never, else the interval in ms. */
export function syncEveryMs(sync: SyncPolicy): number {
  if (sync === 'every-turn') return 0;
  return sync === 'off' ? -1 : sync.everyMs;
}

/** How a journal with this policy writes its segments. */
export function placeOf({ disk, folder, sync }: Pick<FileJournalParts, 'disk' | 'folder' | 'sync'>): AppendPlace {
  return { disk, folder, mode: sync === 'every-turn' ? 'write-through' : 'write' };
}

/** Size at which a segment ends, in bytes: small enough to be checked in a fraction of a second at opening. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;

/** What a file journal goes on from. */
export interface FileJournalParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly cell: string;
  readonly sync: SyncPolicy;
  readonly segmentBytes: number;
  /** Bytes between two checkpoints. */
  readonly checkpointBytes: number;
  /** Where the turn ends that the checkpoint of the segment stands for, in bytes; 0 where there is none. */
  readonly checkpointed: number;
  readonly firstTurn: number;
  readonly rule: ReaderRule;
  readonly segment: AppendSegment;
  /** Gives the lock back. */
  readonly release: () => Promise<void>;
}

/**
 * The writer of a folder of segments; `openFileJournal` makes it.
 *
 * A write or sync that fails is never tried again: the system may have dropped the data and call the next sync a
 * success. The journal has failed then, and rejects everything with the error that it failed with.
 */
export class FileJournal implements Journal {
  readonly #parts: FileJournalParts;
  readonly #frames = new FrameBuffer();
  #segment: AppendSegment;
  #failure: JournalError | null = null;
  #closed = false;
  #append: Promise<void> | null = null;
  /** A sync at an interval that is under way. */
  #syncing: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  /** A checkpoint that is being written, and how far the last one came in the segment, in bytes. */
  #checkpointing: Promise<void> | null = null;
  #checkpointed: number;

  constructor(parts: FileJournalParts) {
    this.#parts = parts;
    this.#segment = parts.segment;
    this.#checkpointed = parts.checkpointed;
  }

  head(): Head {
    return this.#parts.rule.head();
  }

  firstTurn(): number {
    return this.#parts.firstTurn;
  }

  async *read(fromTurn: number): AsyncGenerator<JournalRecord> {
    if (fromTurn > this.head().turn) return;
    const { disk, folder, cell } = this.#parts;
    const walk = new FolderWalk({ disk, folder, cell, active: () => this.#segment });
    for await (const records of walk.from(fromTurn)) yield* records;
  }

  async append(bytes: Uint8Array, hash: Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed) throw refusedAppend('the journal is closed');
    if (this.#append !== null) throw refusedAppend('the append before is under way');
    const header = judgeAppend(this.#parts.rule, bytes);
    const frame = this.#frames.encode('turn', bytes);
    this.#append = this.#write(frame);
    try {
      await this.#append;
    } finally {
      this.#append = null;
    }
    this.#segment.accept(frame.length);
    this.#parts.rule.accept(header, hash);
    if (this.#parts.sync === 'every-turn') this.#keep(this.#dueCheckpoint());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#append?.catch(() => undefined);
    this.#cancelSync();
    await this.#syncing;
    await this.#checkpointing;
    try {
      if (this.#failure === null && this.#parts.sync !== 'every-turn') {
        await this.#attempt(() => this.#segment.sync());
        this.#keep(this.#dueCheckpoint());
        await this.#checkpointing;
      }
    } finally {
      // The lock must not stay with a process that goes on without the journal.
      await this.#segment.close().finally(() => this.#parts.release());
    }
  }

  async #write(frame: Uint8Array): Promise<void> {
    const { sync, segmentBytes } = this.#parts;
    await this.#attempt(async () => {
      await this.#segment.mustBeAsWritten(frame);
      const full = this.#segment.end + frame.length > segmentBytes;
      if (full && this.#segment.offsets.count > 0) await this.#rotate();
      await this.#segment.write(frame);
    });
    if (typeof sync === 'object') this.#syncAfter(sync.timers, sync.everyMs);
  }

  /**
   * Whatever the policy is, a segment is on the disk before the next begins: only the last one can be torn. A sync at
   * an interval that is due has nothing left to do then; it would meet a segment that is closed, or not there yet.
   */
  async #rotate(): Promise<void> {
    this.#cancelSync();
    await this.#syncing;
    const ended = this.#segment;
    await ended.seal();
    this.#segment = await AppendSegment.create(placeOf(this.#parts), this.#parts.cell, this.head());
    this.#checkpointed = 0;
    // Not before: where there is no next one, it is closed with the journal, and a descriptor must not be closed twice.
    await ended.close();
  }

  /** The checkpoint for what has been appended, once that is on the disk; null where none is due. */
  #dueCheckpoint(): Uint8Array | null {
    const { cell, checkpointBytes } = this.#parts;
    const end = this.#segment.end;
    if (this.#checkpointing !== null || end - this.#checkpointed < checkpointBytes) return null;
    this.#checkpointed = end;
    return encodeCheckpoint(cell, { head: this.head(), offsets: this.#segment.offsets, end });
  }

  /** Writes a checkpoint beside what goes on; nobody waits for it. */
  #keep(bytes: Uint8Array | null): void {
    if (bytes === null) return;
    const { disk, folder } = this.#parts;
    // A failure is kept, and met by the next append.
    this.#checkpointing = this.#attempt(() => writeCheckpoint(disk, folder, bytes))
      .catch(() => undefined)
      .finally(() => {
        this.#checkpointing = null;
      });
  }

  #syncAfter(timers: Timers, delayMs: number): void {
    this.#cancelTimer ??= timers.after(delayMs, () => {
      this.#cancelTimer = null;
      if (this.#failure !== null || this.#closed) return;
      const checkpoint = this.#dueCheckpoint();
      // A failure is kept, and met by the next append.
      this.#syncing = this.#attempt(() => this.#segment.sync()).then(
        () => this.#keep(checkpoint),
        () => undefined,
      );
    });
  }

  #cancelSync(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Does what may fail only once. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    try {
      await action();
    } catch (error) {
      this.#failure ??= asAppendError(error);
      throw this.#failure;
    }
  }
}

/** What went wrong on the disk, as an error of the journal. */
export function asAppendError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const errno = errnoOf(error);
  const code = errno === 'ENOSPC' || errno === 'EDQUOT' ? 'disk-full' : 'append-failed';
  return new JournalError(code, `the journal could not be written: ${String(error)}`, error);
}
