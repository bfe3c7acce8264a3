import { JournalError } from '../errors.js';
import type { Head } from '../port.js';
import { type Disk, type DiskFile, type OpenMode, pathIn } from './disk.js';
import type { ActiveSegment } from './folder.js';
import { FrameBuffer } from './frame.js';
import { Offsets } from './offsets.js';
import { createSegment, indexName, segmentName } from './segment.js';
import { writeWhole } from './whole-file.js';

/** Where a segment is, and how it is written to. */
export interface AppendPlace {
  readonly disk: Disk;
  readonly folder: string;
  /** Whether a frame is on the disk when `write` resolves. */
  readonly mode: Extract<OpenMode, 'write' | 'write-through'>;
}

/** How much is written over itself at once, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The segment that is appended to. Records become visible to readers by `accept`, after they are durable. */
export class AppendSegment implements ActiveSegment {
  readonly #place: AppendPlace;
  readonly #file: DiskFile;
  readonly firstTurn: number;
  readonly offsets: Offsets;
  #end: number;

  private constructor(place: AppendPlace, file: DiskFile, from: ActiveSegment) {
    this.#place = place;
    this.#file = file;
    this.firstTurn = from.firstTurn;
    this.offsets = from.offsets;
    this.#end = from.end;
  }

  /** Makes the segment for the turns after `head`, durably. */
  static async create(place: AppendPlace, cell: string, head: Head): Promise<AppendSegment> {
    await createSegment(place.disk, place.folder, cell, head);
    const firstTurn = head.turn + 1;
    const file = await openSegment(place, firstTurn);
    return new AppendSegment(place, file, { firstTurn, end: file.status().size, offsets: new Offsets() });
  }

  /**
   * Opens a segment that was read to its end. What was read may be in the system's memory only, and a sync that failed
   * in another process may have left it marked as written; who made the segment may have ended before its name was on the
   * disk. So what comes after `durable`, a place up to which all was synced, is written once more, the same bytes over
   * themselves, and all of it is synced, with its name, before anybody relies on it.
   */
  static async reopen(place: AppendPlace, state: ActiveSegment, durable: number): Promise<AppendSegment> {
    const file = await openSegment(place, state.firstTurn);
    const from = Math.max(durable, state.offsets.at(0) ?? state.end);
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, state.end - from));
    for (let at = from; at < state.end; at += chunk.length) {
      const bytes = chunk.subarray(0, state.end - at);
      await file.read(bytes, at);
      await file.write(bytes, at);
    }
    await file.sync();
    await place.disk.syncFolder(place.folder);
    return new AppendSegment(place, file, state);
  }

  get end(): number {
    return this.#end;
  }

  /**
   * Throws `JournalError` where its path leads to another file, or none, or where it has another length: a folder that was
   * moved may have another journal in its place, whose files the next segment and the store would overwrite. What somebody
   * has cut off, the next start would take for a torn record, and go on without it: with a frame behind it, here `next`, it
   * is refused as damage.
   */
  async mustBeAsWritten(next: Uint8Array): Promise<void> {
    const path = pathIn(this.#place.folder, segmentName(this.firstTurn));
    if (!this.#file.isAt(path)) throw this.#changed(`it was removed or moved from ${this.#place.folder}`);
    const { size } = this.#file.status();
    if (size === this.#end) return;
    if (size < this.#end) await this.#file.write(next, this.#end);
    throw this.#changed(`it has ${size} bytes instead of ${this.#end}`);
  }

  /** Writes a frame after the last record. */
  write(frame: Uint8Array): Promise<void> {
    return this.#file.write(frame, this.#end);
  }

  #changed(how: string): JournalError {
    return new JournalError('append-failed', `somebody else has changed ${segmentName(this.firstTurn)}: ${how}`);
  }

  /** Forces what was written to the disk. */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** The frame that was written last counts. */
  accept(frameBytes: number): void {
    this.offsets.push(this.#end);
    this.#end += frameBytes;
  }

  /** Ends the segment for good: all of it is on the disk, and its index is beside it. */
  async seal(): Promise<void> {
    await this.#file.sync();
    const index = this.offsets.encode(this.#end, new FrameBuffer());
    await writeWhole(this.#place.disk, this.#place.folder, indexName(this.firstTurn), index);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function openSegment({ disk, folder, mode }: AppendPlace, firstTurn: number): Promise<DiskFile> {
  return disk.open(pathIn(folder, segmentName(firstTurn)), mode);
}
