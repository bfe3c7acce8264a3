import type { DiskFile } from './disk.js';
import { FRAME_HEADER_BYTES, frameSize, readFrameHeader } from './frame.js';
import { checkFrame, type Frame } from './read-frame.js';
import { diagnose, type Flaw } from './torn.js';

/**
 * How much is read at once, in bytes: little at first, as many want one record only, and twice as much each time, so that
 * a read's overhead doesn't count for who wants all.
 */
const FIRST_BYTES = 256 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;

interface Chunk {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Reads the frames of one file in order, large reads at a time and one read ahead, and checks their checksums. */
export class FrameScanner {
  readonly #file: DiskFile;
  #position: number;
  #limit: number;
  #chunkBytes = FIRST_BYTES;
  #ahead: Promise<Chunk> | null = null;
  #flaw: Flaw | null = null;

  /** Scans from `position` to `limit`, both in bytes. */
  constructor(file: DiskFile, position: number, limit: number) {
    this.#file = file;
    this.#position = position;
    this.#limit = limit;
  }

  /** Where the next frame begins; after a flaw, where that is. */
  get position(): number {
    return this.#position;
  }

  /** What is wrong at `position`, or null. */
  get flaw(): Flaw | null {
    return this.#flaw;
  }

  /** Goes on to a file's later end. A flaw at the end that it had before may have been a record under way. */
  extend(limit: number): void {
    if (limit > this.#limit) this.#flaw = null;
    this.#limit = limit;
  }

  /** The next frames, at least one; null at the end or at a flaw. */
  async next(): Promise<Frame[] | null> {
    let wanted = this.#chunkBytes;
    while (this.#flaw === null && this.#position < this.#limit) {
      const chunk = await this.#take(wanted);
      const frames: Frame[] = [];
      const needed = this.#parse(chunk, frames);
      if (frames.length > 0) {
        this.#readAhead();
        return frames;
      }
      if (needed > 0 && this.#position + needed <= this.#limit) {
        wanted = needed;
      } else if (this.#position < this.#limit) {
        const header = readFrameHeader(chunk.bytes, this.#position - chunk.position);
        this.#flaw = await diagnose(this.#file, this.#position, this.#limit, header);
      }
    }
    return null;
  }

  /** Waits for what is being read; the file may be closed then. */
  async settle(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
  }

  /**
   * Adds the whole frames of a chunk, and moves the position past them. Returns how many bytes from the position are
   * needed for the next frame if the chunk has too few, or 0 at the chunk's end or at a frame that is wrong.
   */
  #parse({ position, bytes }: Chunk, frames: Frame[]): number {
    for (let at = this.#position - position; at < bytes.length; at = this.#position - position) {
      if (bytes.length - at < FRAME_HEADER_BYTES) return FRAME_HEADER_BYTES;
      const header = readFrameHeader(bytes, at);
      if (header === null) return 0;
      const size = frameSize(header.length);
      if (bytes.length - at < size) return size;
      const frame = checkFrame(bytes.subarray(at, at + size), header, this.#position);
      if (frame === null) return 0;
      frames.push(frame);
      this.#position += size;
    }
    return 0;
  }

  /** The chunk that begins at the position: the one that was read ahead, if it is that. */
  async #take(wanted: number): Promise<Chunk> {
    const ahead = this.#ahead === null ? null : await this.#ahead;
    this.#ahead = null;
    if (ahead?.position === this.#position && ahead.bytes.length >= Math.min(wanted, this.#limit - this.#position)) {
      return ahead;
    }
    return this.#read(wanted);
  }

  #readAhead(): void {
    if (this.#position >= this.#limit) return;
    this.#chunkBytes = Math.min(2 * this.#chunkBytes, MOST_BYTES);
    this.#ahead = this.#read(this.#chunkBytes);
    // A failure is met when the chunk is taken; until then nobody waits for it.
    this.#ahead.catch(() => undefined);
  }

  async #read(wanted: number): Promise<Chunk> {
    const position = this.#position;
    const bytes = Buffer.allocUnsafeSlow(Math.min(wanted, this.#limit - position));
    const read = await this.#file.read(bytes, position);
    // A file that somebody cut in the meantime ends here.
    if (read < bytes.length) this.#limit = Math.min(this.#limit, position + read);
    return { position, bytes: bytes.subarray(0, read) };
  }
}
