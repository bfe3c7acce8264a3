/**
 * The checkpoint: how far the segment that is written to was right, and on the disk. An opening checks the records after
 * it and not the whole segment. Two frames in one file: where the turns up to it begin (as beside a sealed segment, as if
 * that ended there), and the head that they lead to, as JSON. Like an index it is a hint: one that is missing, damaged or
 * doesn't fit is passed over, and the segment is read from its beginning. So it is written without waiting for the disk.
 */
import { turnHash } from '../../catalogue/digest.js';
import { hex } from '../../catalogue/hex.js';
import type { Head } from '../port.js';
import { sameBytes } from '../rule.js';
import { type Disk, type DiskFile, pathIn, withFile } from './disk.js';
import { FrameBuffer } from './frame.js';
import { Offsets } from './offsets.js';
import { readFrame } from './read-frame.js';
import { segmentName } from './segment.js';
import { replaceFile } from './whole-file.js';

/** Name of the checkpoint in a journal's folder. */
export const CHECKPOINT_NAME = 'checkpoint';

/** Bytes that are appended between two checkpoints: an opening checks about as many, in some ten milliseconds. */
export const CHECKPOINT_BYTES = 4 * 1024 * 1024;

/** What a checkpoint stands for. */
export interface Checkpoint {
  /** The head after its last turn, with the positions of all input partitions. */
  readonly head: Head;
  /** Where the segment's turns up to that one begin. Who reads on from here adds those that follow. */
  readonly offsets: Offsets;
  /** Where its last turn ends, in bytes. */
  readonly end: number;
}

interface HeadJson {
  readonly cell: string;
  readonly turn: number;
  readonly hash: string;
  readonly epoch: number;
  readonly at: number;
  readonly positions: readonly (readonly [string, number])[];
}

/** The bytes of a checkpoint; they stay as they are when the offsets grow. */
export function encodeCheckpoint(cell: string, { head, offsets, end }: Checkpoint): Uint8Array {
  const { turn, hash, epoch, at, positions } = head;
  const json: HeadJson = { cell, turn, hash: hex(hash), epoch, at, positions: [...positions] };
  const frames = new FrameBuffer();
  const index = Buffer.from(offsets.encode(end, frames));
  return Buffer.concat([index, frames.encode('head', Buffer.from(`${JSON.stringify(json)}\n`))]);
}

/** Puts a checkpoint in the place of the one before. */
export function writeCheckpoint(disk: Disk, folder: string, bytes: Uint8Array): Promise<void> {
  return replaceFile(disk, folder, CHECKPOINT_NAME, bytes);
}

/** The checkpoint of the segment that begins with `firstTurn`; null where there is none that can be relied on. */
export async function loadCheckpoint(
  disk: Disk,
  folder: string,
  cell: string,
  firstTurn: number,
): Promise<Checkpoint | null> {
  if (!(await disk.list(folder)).includes(CHECKPOINT_NAME)) return null;
  const found = await withFile(disk, pathIn(folder, CHECKPOINT_NAME), (file) => readCheckpoint(file, cell));
  if (found === null || found.head.turn !== firstTurn + found.offsets.count - 1) return null;
  const path = pathIn(folder, segmentName(firstTurn));
  return (await withFile(disk, path, (file) => ends(file, found))) ? found : null;
}

async function readCheckpoint(file: DiskFile, cell: string): Promise<Checkpoint | null> {
  const index = await readFrame(file, 0);
  const last = index === null ? null : await readFrame(file, index.size);
  if (index?.kind !== 'index' || last?.kind !== 'head') return null;
  const json = JSON.parse(Buffer.from(last.contents).toString('utf8')) as HeadJson;
  const found = Offsets.decodeAny(index.contents);
  if (found === null || json.cell !== cell) return null;
  const { turn, epoch, at } = json;
  const hash = new Uint8Array(Buffer.from(json.hash, 'hex'));
  return { head: { turn, hash, epoch, at, positions: new Map(json.positions) }, ...found };
}

/** Whether the segment has the very record with which the checkpoint ends, at its place; its version is no matter here. */
async function ends(file: DiskFile, { head, offsets, end }: Checkpoint): Promise<boolean> {
  const offset = offsets.at(offsets.count - 1);
  const frame = offset === null ? null : await readFrame(file, offset);
  if (frame === null || (frame.kind !== 'turn' && frame.kind !== 'inverted')) return false;
  return frame.offset + frame.size === end && sameBytes(turnHash(frame.contents), head.hash);
}
