import { StoreCorrupt } from './errors.js';
import type { StorePosition } from './port.js';

/** Version of the adapters' own format: sealed values, batch records. A store of another one is of another layout. */
export const FORMAT = 1;

const HASH_BYTES = 32;
const STATE_HASH_BYTES = 16;
const FIXED_BYTES = 1 + 4 + 8 + HASH_BYTES + STATE_HASH_BYTES;

/** A position as bytes: format u8, layout u32, turn u64 (big-endian), hash, state hash, and the cell in UTF-8. */
export function encodePosition(position: StorePosition): Uint8Array {
  const { hash, stateHash } = position;
  if (hash.length !== HASH_BYTES || stateHash.length !== STATE_HASH_BYTES) {
    throw new Error('assertion failed: a position has a hash of 32 bytes and a state hash of 16');
  }
  const cell = Buffer.from(position.cell, 'utf8');
  const bytes = Buffer.alloc(FIXED_BYTES + cell.length);
  bytes.writeUInt8(FORMAT, 0);
  bytes.writeUInt32BE(position.layout, 1);
  bytes.writeBigUInt64BE(BigInt(position.turn), 5);
  bytes.set(hash, 13);
  bytes.set(stateHash, 13 + HASH_BYTES);
  bytes.set(cell, FIXED_BYTES);
  return bytes;
}

/** The position that was encoded, or the number of the unknown format; throws `StoreCorrupt`. */
export function decodePosition(value: Uint8Array): StorePosition | { readonly unknownFormat: number } {
  const bytes = Buffer.from(value);
  const format = bytes[0] ?? 0;
  if (format !== FORMAT) return { unknownFormat: format };
  if (bytes.length < FIXED_BYTES) throw new StoreCorrupt(`the position has ${bytes.length} bytes`);
  const turn = Number(bytes.readBigUInt64BE(5));
  if (!Number.isSafeInteger(turn)) throw new StoreCorrupt(`the position names turn ${turn}`);
  return {
    cell: bytes.toString('utf8', FIXED_BYTES),
    layout: bytes.readUInt32BE(1),
    turn,
    hash: new Uint8Array(bytes.subarray(13, 13 + HASH_BYTES)),
    stateHash: new Uint8Array(bytes.subarray(13 + HASH_BYTES, FIXED_BYTES)),
  };
}
