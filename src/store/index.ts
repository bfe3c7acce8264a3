/** The store as its users see it. Which adapter it is, only the composition knows. */

export { StoreCorrupt, StoreError, type StoreErrorCode } from './errors.js';
export * from './keys.js';
export type * from './port.js';
export { RowWriter } from './row-bytes.js';
export { BLOCK_ROWS, RowCodec, type RowColumns, rowsOfBlock } from './row-codec.js';
