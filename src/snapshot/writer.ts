import { createHash } from 'node:crypto';
import { FrameBuffer, type FrameKind, SECTOR_BYTES } from '../journal/files/frame.js';
import { Packed, type StoreEntry } from '../store/index.js';
import { encodeHead } from './head.js';
import { snapshotName } from './names.js';
import type { SnapshotHead, SnapshotSink, SnapshotStorage } from './port.js';

/** Bytes of rows in a block, about: what is read to find one row, and what one checksum stands for. */
const BLOCK_BYTES = 64 * 1024;

/** What was written. */
export interface WrittenSnapshot {
  /** Rows of all kinds: those of tables, blocks of jobs, cold ones. */
  readonly entries: number;
  readonly bytes: number;
  /** SHA-256 of everything before the last frame, in hex. */
  readonly sha256: string;
}

/** The last frame: where the index is, and what all that comes before it must be. */
export interface EndJson extends WrittenSnapshot {
  readonly blocks: number;
  readonly indexAt: number;
}

/**
 * Writes the rows of a store as a snapshot: frames as in a journal (ADR 0002), so each has its checksums and begins at a
 * sector. First the head, then blocks of rows in the order of their keys, then the first key of each block with its
 * place, then the end. The caller commits the sink, or aborts it when this rejects (`putSnapshot` does).
 */
export async function writeSnapshot(
  sink: SnapshotSink,
  head: SnapshotHead,
  entries: AsyncIterable<readonly StoreEntry[]>,
): Promise<WrittenSnapshot> {
  const writer = new BlockWriter(sink);
  await writer.frame('snapshot', encodeHead(head));
  for await (const chunk of entries) {
    for (const entry of chunk) {
      writer.add(entry);
      if (writer.isFull) await writer.flush();
    }
  }
  return writer.end();
}

/** Puts the rows of a store into a place as a snapshot. When it rejects, nothing of it is left there. */
export async function putSnapshot(
  storage: SnapshotStorage,
  head: SnapshotHead,
  entries: AsyncIterable<readonly StoreEntry[]>,
): Promise<WrittenSnapshot & { readonly name: string }> {
  const name = snapshotName(head);
  const sink = await storage.create(name);
  try {
    const written = await writeSnapshot(sink, head, entries);
    await sink.commit();
    return { name, ...written };
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

class BlockWriter {
  readonly #frames = new FrameBuffer();
  readonly #sha256 = createHash('sha256');
  readonly #block = Packed.empty(2 * BLOCK_BYTES);
  readonly #index = Packed.empty();
  readonly #place = Buffer.alloc(4);
  #firstKey: Uint8Array | null = null;
  #at = 0;
  #entries = 0;

  constructor(private readonly sink: SnapshotSink) {}

  get isFull(): boolean {
    return this.#block.length >= BLOCK_BYTES;
  }

  add({ key, value }: StoreEntry): void {
    this.#firstKey ??= key;
    this.#block.put(key, value);
    this.#entries += 1;
  }

  /** Ends the block under way. */
  async flush(): Promise<void> {
    if (this.#firstKey === null) return;
    this.#place.writeUInt32LE(this.#at / SECTOR_BYTES, 0);
    this.#index.put(this.#firstKey, this.#place);
    await this.frame('rows', this.#block.view());
    this.#block.clear();
    this.#firstKey = null;
  }

  async frame(kind: Exclude<FrameKind, 'inverted'>, contents: Uint8Array): Promise<void> {
    const frame = this.#frames.encode(kind, contents);
    this.#sha256.update(frame);
    this.#at += frame.length;
    await this.sink.write(frame);
  }

  async end(): Promise<WrittenSnapshot> {
    await this.flush();
    const indexAt = this.#at;
    await this.frame('index', this.#index.view());
    const written = { entries: this.#entries, bytes: this.#at, sha256: this.#sha256.digest('hex') };
    const end: EndJson = { ...written, blocks: this.#index.count, indexAt };
    const last = this.#frames.encode('end', Buffer.from(`${JSON.stringify(end)}\n`));
    await this.sink.write(last);
    return { ...written, bytes: this.#at + last.length };
  }
}
