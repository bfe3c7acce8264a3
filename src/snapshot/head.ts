import { hex } from '../catalogue/hex.js';
import { SnapshotError } from './errors.js';
import type { SnapshotHead } from './port.js';

/** Version of the files' layout. */
export const SNAPSHOT_FORMAT = 1;

const MAGIC = 'marie-snapshot';
const HASH_BYTES = 32;
const STATE_HASH_BYTES = 16;

interface HeadJson {
  readonly magic: string;
  readonly format: number;
  readonly cell: string;
  readonly layout: number;
  readonly turn: number;
  readonly atMs: number;
  readonly hash: string;
  readonly stateHash: string;
}

/** The first frame's contents: JSON, so that a person can read it with `head`. */
export function encodeHead({ hash, stateHash, ...head }: SnapshotHead): Uint8Array {
  const json: HeadJson = { magic: MAGIC, format: SNAPSHOT_FORMAT, ...head, hash: hex(hash), stateHash: hex(stateHash) };
  return Buffer.from(`${JSON.stringify(json)}\n`);
}

/** Reads the first frame's contents. Throws `SnapshotError`. */
export function decodeHead(name: string, contents: Uint8Array): SnapshotHead {
  const json = JSON.parse(Buffer.from(contents).toString('utf8')) as HeadJson;
  if (json.magic !== MAGIC) throw new SnapshotError('snapshot-damaged', name, 'it is no snapshot');
  if (json.format !== SNAPSHOT_FORMAT) {
    const detail = `it has format ${json.format}, and this program knows ${SNAPSHOT_FORMAT}`;
    throw new SnapshotError('unknown-version', name, detail);
  }
  const { cell, layout, turn, atMs } = json;
  const hash = new Uint8Array(Buffer.from(json.hash, 'hex'));
  const stateHash = new Uint8Array(Buffer.from(json.stateHash, 'hex'));
  if (hash.length !== HASH_BYTES || stateHash.length !== STATE_HASH_BYTES) {
    throw new SnapshotError('snapshot-damaged', name, 'its hashes have another length');
  }
  return { cell, layout, turn, atMs, hash, stateHash };
}
