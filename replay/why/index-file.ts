import { randomBytes } from 'node:crypto';
import { hex } from '../../src/catalogue/hex.js';
import { isMissing } from '../../src/catalogue/thrown.js';
import { type Disk, pathIn } from '../../src/journal/files/disk.js';
import { FrameBuffer } from '../../src/journal/files/frame.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { readFrame } from '../../src/journal/files/read-frame.js';
import { replaceFile, UNFINISHED } from '../../src/journal/files/whole-file.js';
import type { FoldProgress } from '../fold.js';
import type { History } from '../history.js';
import { DagIndex, ROW_BYTES } from './dag-index.js';

/** Name of the index in a journal's folder. */
export const INDEX_NAME = 'dags.index';

const MAGIC = 'marie-dag-index';
const FORMAT = 2;
/** Rows of one frame. */
const FRAME_ROWS = 1_000_000;
/** Bytes of a name that no other process chooses. */
const NAME_BYTES = 8;

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
  /** Whether it is kept beside the journal in any case, or only in the place of one that is there. */
  readonly keep: 'always' | 'if-there';
  readonly onProgress?: (done: FoldProgress) => void;
  /** Told why one that is there could not be read, or replaced. */
  readonly onUnkept?: (error: unknown) => void;
  readonly disk?: Disk;
}

/**
 * The index of a history, up to its end: the one beside the journal, carried on; otherwise one that is made. Throws as
 * reading the history does; and when it can't be written, if it is to be kept always.
 */
export async function openDagIndex(history: History, options: IndexOptions): Promise<OpenedIndex> {
  const { keep, onProgress, onUnkept = () => undefined, disk = nodeDisk } = options;
  const { folder } = history;
  const isThere = folder !== null && (await disk.list(folder)).includes(INDEX_NAME);
  // It is a hint: one that can't be read is as one that isn't there.
  const kept = isThere ? await load(disk, folder).catch(passOver(onUnkept)) : null;
  const before = kept?.upTo.turn ?? 0;
  const isRight = kept !== null && (await kept.carryOn(history, onProgress));
  if (isRight && kept.upTo.turn === before) return { index: kept, news: 'current' };
  const index = isRight ? kept : new DagIndex();
  if (!isRight) await index.carryOn(history, onProgress);
  if (folder !== null && keep === 'always') await save(disk, folder, index);
  else if (isThere) await save(disk, folder, index).catch(onUnkept);
  return { index, news: isRight ? 'carried-on' : 'made' };
}

function passOver(tell: (error: unknown) => void): (error: unknown) => null {
  return (error) => {
    tell(error);
    return null;
  };
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
    hash: hex(hash),
    dags: index.dags,
  };
  const frames = new FrameBuffer();
  const parts = [Buffer.from(frames.encode('head', Buffer.from(`${JSON.stringify(json)}\n`)))];
  const rows = index.encode();
  for (let at = 0; at < rows.length; at += FRAME_ROWS * ROW_BYTES) {
    parts.push(Buffer.from(frames.encode('index', rows.subarray(at, at + FRAME_ROWS * ROW_BYTES))));
  }
  await put(disk, folder, Buffer.concat(parts));
}

/** Each time that another process puts its own and takes away what others have begun, one has to begin again. */
const MOST_TRIES = 20;

/** Puts the index in its place, and removes what processes have left that were killed while they wrote it. */
async function put(disk: Disk, folder: string, bytes: Uint8Array): Promise<void> {
  for (let tries = 1; ; tries++) {
    const unfinished = `${INDEX_NAME}.${randomBytes(NAME_BYTES).toString('hex')}${UNFINISHED}`;
    try {
      await replaceFile(disk, folder, INDEX_NAME, bytes, { isDurable: true, unfinished });
      break;
    } catch (error) {
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
  }
  for (const name of (await disk.list(folder)).filter(isUnfinished)) {
    await disk.remove(pathIn(folder, name)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

function isUnfinished(name: string): boolean {
  return name.startsWith(`${INDEX_NAME}.`) && name.endsWith(UNFINISHED);
}
