import { crc32c } from '../../catalogue/crc32c.js';
import type { DiskFile } from './disk.js';
import {
  contentsOf,
  FRAME_HEADER_BYTES,
  type FrameHeader,
  type FrameKind,
  frameSize,
  paddingIntact,
  readFrameHeader,
} from './frame.js';

/** A frame whose checksums are right. */
export interface Frame {
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** What it takes in the file, in bytes. */
  readonly size: number;
  readonly kind: FrameKind;
  /** Stays valid: no buffer is used again. */
  readonly contents: Uint8Array;
}

/** The frame whose bytes these are, or null if its contents or padding aren't what was written. */
export function checkFrame(bytes: Uint8Array, header: FrameHeader, offset: number): Frame | null {
  const crc = crc32c(bytes, FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + header.length);
  if (crc !== header.crc || !paddingIntact(bytes, header.length)) return null;
  return { offset, size: bytes.length, kind: header.kind, contents: contentsOf(bytes, header) };
}

/** Reads the one frame that begins at `offset`; null if there is none that is whole and right. */
export async function readFrame(file: DiskFile, offset: number): Promise<Frame | null> {
  const head = Buffer.alloc(FRAME_HEADER_BYTES);
  if ((await file.read(head, offset)) < head.length) return null;
  const header = readFrameHeader(head, 0);
  if (header === null || offset + frameSize(header.length) > file.status().size) return null;
  const bytes = Buffer.allocUnsafeSlow(frameSize(header.length));
  return (await file.read(bytes, offset)) < bytes.length ? null : checkFrame(bytes, header, offset);
}
