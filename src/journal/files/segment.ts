/**
 * Segments: the files of a journal. A name carries the number of the first turn, so names sort as turns do. The first
 * frame is the segment's header: JSON, so that a person can read it with `head`. It holds the head before the first
 * turn, so that a reader can begin here and check every record as one that has read everything.
 */
import { hex } from '../../catalogue/hex.js';
import { JournalDamaged, JournalError } from '../errors.js';
import type { Head } from '../port.js';
import { HASH_BYTES } from '../rule.js';
import type { Disk, DiskFile } from './disk.js';
import { FrameBuffer } from './frame.js';
import { readFrame } from './read-frame.js';
import { writeWhole } from './whole-file.js';

/** Version of the files' layout. */
export const FILE_FORMAT = 1;

const MAGIC = 'marie-journal';
const SUFFIX = '.turns';
const NAME = /^(\d{16})\.turns$/;

/** What a segment's first frame says. */
export interface SegmentHeader {
  readonly cell: string;
  /** The head before the segment's first turn. */
  readonly head: Head;
  /** Where the first record begins, in bytes. */
  readonly dataOffset: number;
}

interface HeaderJson {
  readonly magic: string;
  readonly format: number;
  readonly cell: string;
  readonly firstTurn: number;
  readonly prev: string;
  readonly epoch: number;
  readonly at: number;
  readonly positions: readonly (readonly [string, number])[];
}

/** The name of the segment that begins with a turn. */
export function segmentName(firstTurn: number): string {
  return String(firstTurn).padStart(16, '0') + SUFFIX;
}

/** The name of the index file of a segment. */
export function indexName(firstTurn: number): string {
  return segmentName(firstTurn).replace(SUFFIX, '.index');
}

/** The first turns of the segments in a folder, in order. */
export async function listSegments(disk: Disk, folder: string): Promise<number[]> {
  return firstTurnsIn(await disk.list(folder));
}

/** The first turns of the segments among these files, in order. */
export function firstTurnsIn(names: readonly string[]): number[] {
  const firstTurns = names.map(firstTurnOf).filter((turn) => turn !== null);
  return firstTurns.sort((a, b) => a - b);
}

/** The turn with which the segment of this name begins; null for another file. */
export function firstTurnOf(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Makes the segment for the turns after `head`, durably. */
export async function createSegment(disk: Disk, folder: string, cell: string, head: Head): Promise<void> {
  const json: HeaderJson = {
    magic: MAGIC,
    format: FILE_FORMAT,
    cell,
    firstTurn: head.turn + 1,
    prev: hex(head.hash),
    epoch: head.epoch,
    at: head.at,
    positions: [...head.positions],
  };
  const frame = new FrameBuffer().encode('segment', Buffer.from(`${JSON.stringify(json)}\n`));
  await writeWhole(disk, folder, segmentName(head.turn + 1), frame);
}

/**
 * Reads and checks a segment's header. Throws `JournalDamaged` (a header is never torn, see `writeWhole`), or
 * `JournalError` with `unknown-version`.
 */
export async function readSegmentHeader(file: DiskFile, firstTurn: number): Promise<SegmentHeader> {
  const frame = await readFrame(file, 0);
  if (frame === null || frame.kind !== 'segment') {
    throw damagedHeader(firstTurn, 'the header of the segment is not what was written');
  }
  return parseHeader(frame.contents, firstTurn, frame.size);
}

function parseHeader(contents: Uint8Array, firstTurn: number, dataOffset: number): SegmentHeader {
  const json = JSON.parse(Buffer.from(contents).toString('utf8')) as HeaderJson;
  if (json.magic !== MAGIC) throw damagedHeader(firstTurn, 'it is no segment of a journal');
  if (json.format !== FILE_FORMAT) {
    throw new JournalError(
      'unknown-version',
      `${segmentName(firstTurn)} has format ${json.format}, and this program knows ${FILE_FORMAT}`,
    );
  }
  if (json.firstTurn !== firstTurn) {
    throw damagedHeader(firstTurn, `its name says that it begins at turn ${firstTurn}, its header ${json.firstTurn}`);
  }
  const hash = new Uint8Array(Buffer.from(json.prev, 'hex'));
  if (hash.length !== HASH_BYTES) throw damagedHeader(firstTurn, 'its header has no hash of the turn before');
  const positions = new Map(json.positions);
  return {
    cell: json.cell,
    head: { turn: firstTurn - 1, hash, epoch: json.epoch, at: json.at, positions },
    dataOffset,
  };
}

function damagedHeader(firstTurn: number, reason: string): JournalDamaged {
  return new JournalDamaged({ turn: firstTurn, file: segmentName(firstTurn), offset: 0, reason });
}
