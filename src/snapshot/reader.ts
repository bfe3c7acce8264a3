import { createHash } from 'node:crypto';
import { lowerBound } from '../catalogue/lower-bound.js';
import { Recent } from '../catalogue/recent.js';
import { isMissing, messageOf } from '../catalogue/thrown.js';
import {
  FRAME_HEADER_BYTES,
  type FrameKind,
  frameSize,
  readFrameHeader,
  SECTOR_BYTES,
} from '../journal/files/frame.js';
import { checkFrame, type Frame } from '../journal/files/read-frame.js';
import { compareKeys, type KeyRange, packedPairs, type StoreEntry, type StorePosition } from '../store/index.js';
import { SnapshotError } from './errors.js';
import { decodeHead } from './head.js';
import type { SnapshotHead, SnapshotSource, SnapshotStorage } from './port.js';
import type { EndJson } from './writer.js';

/** Blocks that stay in memory for look-ups of single rows, at least. */
const KEPT_BLOCKS = 32;
/** A scan reads so many bytes at once. */
const RUN_BYTES = 1024 * 1024;
/** The index and the end are read whole. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads the rows of a snapshot where they are, without bringing it into memory: each block is checked when it is read.
 * Damage is met there (`SnapshotError`), or by `checkAll`.
 */
export class SnapshotReader {
  readonly head: SnapshotHead;
  readonly name: string;
  readonly #source: SnapshotSource;
  readonly #end: EndJson;
  /** First keys of the blocks, and where they begin, in bytes; the last place is that of the index. */
  readonly #keys: readonly Uint8Array[];
  readonly #places: readonly number[];
  readonly #kept = new Recent<number, readonly StoreEntry[]>(KEPT_BLOCKS);

  private constructor(name: string, source: SnapshotSource, head: SnapshotHead, end: EndJson, index: Uint8Array) {
    this.name = name;
    this.head = head;
    this.#source = source;
    this.#end = end;
    const keys: Uint8Array[] = [];
    const places: number[] = [];
    for (const { key, value } of packedPairs(index)) {
      keys.push(key);
      places.push(value!.readUInt32LE(0) * SECTOR_BYTES);
    }
    this.#keys = keys;
    this.#places = [...places, end.indexAt];
    if (keys.length !== end.blocks) throw this.#damaged(end.indexAt, 'the index has another number of blocks');
  }

  /**
   * Opens a snapshot of a place: reads its head, its end and its index. Throws `SnapshotError`, and as the place does where
   * there is none.
   */
  static async open(storage: SnapshotStorage, name: string): Promise<SnapshotReader> {
    const opened = await given(name, storage.open(name));
    const source: SnapshotSource = {
      size: opened.size,
      read: (into, position) => given(name, opened.read(into, position)),
      close: () => opened.close(),
    };
    try {
      const end = await readEnd(name, source);
      const head = await readKind(name, source, 0, 'snapshot');
      const index = await readKind(name, source, end.indexAt, 'index');
      return new SnapshotReader(name, source, decodeHead(name, head.contents), end, index.contents);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** What a store with these rows stands for. */
  get position(): StorePosition {
    const { atMs: _, ...position } = this.head;
    return position;
  }

  /** Rows of all kinds. */
  get entries(): number {
    return this.#end.entries;
  }

  get bytes(): number {
    return this.#source.size;
  }

  /** The values of keys, in their order; null where there is none. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const values: (Uint8Array | null)[] = [];
    for (const key of keys) {
      const block = this.#blockOf(key);
      values.push(block < 0 ? null : find(await this.#load(block), key));
    }
    return values;
  }

  /** The entries with `from <= key < to` in the order of their keys. */
  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    let run = this.#runFrom(Math.max(0, this.#blockOf(from)), to);
    let reading = this.#readRun(run);
    while (run.end > run.first) {
      const bytes = await reading;
      const blocks = run;
      run = this.#runFrom(run.end, to);
      // One run is read ahead. Where nobody asks for more its failure concerns nobody.
      reading = this.#readRun(run);
      reading.catch(() => undefined);
      yield* this.#entriesIn(bytes, blocks, { from, to });
    }
  }

  /** Reads everything and compares it with the checksums of the blocks and of the whole. Throws `SnapshotError`. */
  async checkAll(onBytes: (more: number) => void = () => undefined): Promise<void> {
    const sha256 = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(RUN_BYTES);
    for (let at = 0; at < this.#end.bytes; at += buffer.length) {
      const wanted = buffer.subarray(0, Math.min(buffer.length, this.#end.bytes - at));
      if ((await this.#source.read(wanted, at)) < wanted.length) throw this.#damaged(at, 'it ends too early');
      sha256.update(wanted);
      onBytes(wanted.length);
    }
    if (sha256.digest('hex') !== this.#end.sha256) throw this.#damaged(0, 'it has another SHA-256 than its end says');
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** The last block whose first key is not behind the key; -1 where all begin behind it. */
  #blockOf(key: Uint8Array): number {
    return lowerBound(0, this.#keys.length, (block) => compareKeys(this.#keys[block]!, key) <= 0) - 1;
  }

  async #load(block: number): Promise<readonly StoreEntry[]> {
    const known = this.#kept.get(block);
    if (known !== undefined) return known;
    const run = { first: block, end: block + 1 };
    const entries = entriesOf(this.#framesIn(await this.#readRun(run), run)[0]!);
    this.#kept.set(block, entries);
    return entries;
  }

  /** The blocks from one on that are read at once, none of which begins at or behind `to`. */
  #runFrom(first: number, to: Uint8Array): Run {
    let end = first;
    while (
      end < this.#keys.length &&
      compareKeys(this.#keys[end]!, to) < 0 &&
      (end === first || this.#places[end + 1]! - this.#places[first]! <= RUN_BYTES)
    ) {
      end += 1;
    }
    return { first, end };
  }

  async #readRun({ first, end }: Run): Promise<Buffer> {
    const from = this.#places[first]!;
    const bytes = Buffer.allocUnsafeSlow(end === first ? 0 : this.#places[end]! - from);
    if ((await this.#source.read(bytes, from)) < bytes.length) throw this.#damaged(from, 'it ends too early');
    return bytes;
  }

  *#entriesIn(bytes: Buffer, run: Run, { from, to }: KeyRange): Generator<readonly StoreEntry[]> {
    for (const frame of this.#framesIn(bytes, run)) {
      const entries = entriesOf(frame);
      const isInside = compareKeys(entries[0]!.key, from) >= 0 && compareKeys(entries.at(-1)!.key, to) < 0;
      const wanted = isInside
        ? entries
        : entries.filter(({ key }) => compareKeys(key, from) >= 0 && compareKeys(key, to) < 0);
      if (wanted.length > 0) yield wanted;
    }
  }

  #framesIn(bytes: Buffer, { first, end }: Run): readonly Frame[] {
    const frames: Frame[] = [];
    const base = this.#places[first]!;
    for (let block = first; block < end; block++) {
      const [from, to] = [this.#places[block]!, this.#places[block + 1]!];
      frames.push(frameIn(this.name, bytes.subarray(from - base, to - base), from, 'rows'));
    }
    return frames;
  }

  #damaged(at: number, reason: string): SnapshotError {
    return damaged(this.name, at, reason);
  }
}

/** Blocks one after the other: the first, and the one behind the last. */
interface Run {
  readonly first: number;
  readonly end: number;
}

/** What a place doesn't give of a snapshot, be it a folder or on a bad disk, is a fault of that one alone. */
async function given<T>(name: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) throw error;
    throw new SnapshotError('unreadable-file', name, messageOf(error));
  }
}

function entriesOf({ contents }: Frame): StoreEntry[] {
  return [...packedPairs(contents)] as StoreEntry[];
}

function find(entries: readonly StoreEntry[], key: Uint8Array): Uint8Array | null {
  const entry = entries[lowerBound(0, entries.length, (i) => compareKeys(entries[i]!.key, key) < 0)];
  return entry !== undefined && compareKeys(entry.key, key) === 0 ? entry.value.slice() : null;
}

/** The end stands in the last sector. */
async function readEnd(name: string, source: SnapshotSource): Promise<EndJson> {
  const at = source.size - SECTOR_BYTES;
  if (at < SECTOR_BYTES) throw damaged(name, 0, 'it is too short');
  const { contents } = await readKind(name, source, at, 'end');
  const end = JSON.parse(Buffer.from(contents).toString('utf8')) as EndJson;
  if (end.bytes !== at) throw damaged(name, at, 'its end was written for another length');
  return end;
}

async function readKind(name: string, source: SnapshotSource, at: number, kind: FrameKind): Promise<Frame> {
  const sector = Buffer.alloc(SECTOR_BYTES);
  if ((await source.read(sector, at)) < FRAME_HEADER_BYTES) throw damaged(name, at, 'it ends too early');
  const header = readFrameHeader(sector, 0);
  if (header === null) throw damaged(name, at, 'a frame has a wrong header');
  const bytes = Buffer.allocUnsafeSlow(frameSize(header.length));
  for (let read = 0; read < bytes.length; read += CHUNK_BYTES) {
    const part = bytes.subarray(read, read + CHUNK_BYTES);
    if ((await source.read(part, at + read)) < part.length) throw damaged(name, at, 'it ends too early');
  }
  return frameIn(name, bytes, at, kind);
}

function frameIn(name: string, bytes: Uint8Array, at: number, kind: FrameKind): Frame {
  const header = readFrameHeader(bytes, 0);
  if (header === null || frameSize(header.length) !== bytes.length)
    throw damaged(name, at, 'a frame has a wrong header');
  const frame = checkFrame(bytes, header, at);
  if (frame === null) throw damaged(name, at, 'a frame has a wrong checksum');
  if (frame.kind !== kind) throw damaged(name, at, `a frame of kind ${frame.kind} stands where ${kind} should be`);
  return frame;
}

function damaged(name: string, at: number, reason: string): SnapshotError {
  return new SnapshotError('snapshot-damaged', name, `${reason} (byte ${at})`);
}
