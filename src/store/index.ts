/** The store as its users see it. Which adapter it is, only the composition knows. */

export { StoreCorrupt } from './errors.js';
export * from './keys.js';
export { Packed, packedPairs } from './packed.js';
export type * from './port.js';
export { RowReader, RowWriter, wordAt } from './row-bytes.js';
export { BLOCK_ROWS, RowCodec, rowsOfBlock } from './row-codec.js';
