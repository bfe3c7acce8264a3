import type { Disk } from '../../src/journal/files/disk.js';
import { pathIn } from '../../src/journal/files/disk.js';
import { FrameBuffer } from '../../src/journal/files/frame.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { readFrame } from '../../src/journal/files/read-frame.js';
import { replaceFile } from '../../src/journal/files/segment.js';
import type { FoldProgress } from '../fold.js';
import type { History } from '../history.js';
import { DagIndex, ROW_BYTES } from './dag-index.js';

/** Name of the index in a journal's folder. */
export const INDEX_NAME = 'dags.index';

const MAGIC = 'marie-dag-index';
const FORMAT = 1;
/** Rows of one frame. */
const FRAME_ROWS = 1_000_000;

interface HeadJson {
  readonly magic: string;
  readonly format: number;
  readonly turn: number;
  readonly hash: string;
  readonly dags: number;
}

/** What became of an index: it was made by a pass over everything, carried on, or was right as it stood. */
export type IndexNews = 'made' | 'carried-on' | 'current';

export interface OpenedIndex {
  readonly index: DagIndex;
  readonly news: IndexNews;
}

export interface IndexOptions {
  /** Whether one is made where there is none. */
  readonly make: boolean;
  readonly onProgress?: (done: FoldProgress) => void;
  readonly disk?: Disk;
}

/**
 * The index of a history that is in files, up to the end of the history, and kept; null where it has none and none is to
 * be made. Throws as reading the history does, and when it can't be written.
 */
export async function openDagIndex(history: History, options: IndexOptions): Promise<OpenedIndex | null> {
  const { make, onProgress, disk = nodeDisk } = options;
  const { folder } = history;
  if (folder === null) return null;
  const isThere = (await disk.list(folder)).includes(INDEX_NAME);
  if (!isThere && !make) return null;
  const kept = isThere ? await load(disk, folder) : null;
  const before = kept?.upTo.turn ?? 0;
  if (kept !== null && (await kept.carryOn(history, onProgress))) {
    if (kept.upTo.turn === before) return { index: kept, news: 'current' };
    await save(disk, folder, kept);
    return { index: kept, news: 'carried-on' };
  }
  const index = new DagIndex();
  await index.carryOn(history, onProgress);
  await save(disk, folder, index);
  return { index, news: 'made' };
}

async function load(disk: Disk, folder: string): Promise<DagIndex | null> {
  const file = await disk.open(pathIn(folder, INDEX_NAME), 'read');
  try {
    const head = await readFrame(file, 0);
    if (head?.kind !== 'head') return null;
    const json = JSON.parse(Buffer.from(head.contents).toString('utf8')) as HeadJson;
    if (json.magic !== MAGIC || json.format !== FORMAT) return null;
    const parts: Uint8Array[] = [];
    for (let at = head.size, left = json.dags; left > 0; left -= FRAME_ROWS) {
      const frame = await readFrame(file, at);
      if (frame?.kind !== 'index') return null;
      parts.push(frame.contents);
      at += frame.size;
    }
    const rows = Buffer.concat(parts);
    const upTo = { turn: json.turn, hash: new Uint8Array(Buffer.from(json.hash, 'hex')) };
    return rows.length === json.dags * ROW_BYTES ? DagIndex.decode(upTo, rows) : null;
  } finally {
    await file.close();
  }
}

async function save(disk: Disk, folder: string, index: DagIndex): Promise<void> {
  const { turn, hash } = index.upTo;
  const json: HeadJson = {
    magic: MAGIC,
    format: FORMAT,
    turn,
    hash: Buffer.from(hash).toString('hex'),
    dags: index.dags,
  };
  const frames = new FrameBuffer();
  const parts = [Buffer.from(frames.encode('head', Buffer.from(`${JSON.stringify(json)}\n`)))];
  const rows = index.encode();
  for (let at = 0; at < rows.length; at += FRAME_ROWS * ROW_BYTES) {
    parts.push(Buffer.from(frames.encode('index', rows.subarray(at, at + FRAME_ROWS * ROW_BYTES))));
  }
  await removeUnfinishedIndex(disk, folder);
  await replaceFile(disk, folder, INDEX_NAME, Buffer.concat(parts), true);
}

/** What a process has left that was killed while it wrote the index. */
async function removeUnfinishedIndex(disk: Disk, folder: string): Promise<void> {
  const name = `${INDEX_NAME}.new`;
  if ((await disk.list(folder)).includes(name)) await disk.remove(pathIn(folder, name));
}
