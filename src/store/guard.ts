import type { StoreIdentity, StorePosition } from './port.js';

/** Longest key; far longer than any key of this layout, short enough for every index of keys. */
const KEY_BYTES_MAX = 1024;

/** Asserts the caller's side of `Store.write`, as to the position. */
export function checkPosition(position: StorePosition, identity: StoreIdentity, before: StorePosition | null): void {
  if (position.cell !== identity.cell || position.layout !== identity.layout) {
    throw new Error(
      `assertion failed: a position of cell ${position.cell}, layout ${position.layout} ` +
        `for the store of cell ${identity.cell}, layout ${identity.layout}`,
    );
  }
  if (before !== null && position.turn < before.turn) {
    throw new Error(`assertion failed: turn ${position.turn} after turn ${before.turn}`);
  }
}

/** Asserts that a key may be the caller's. */
export function checkKey(key: Uint8Array): void {
  if (key.length === 0 || key.length > KEY_BYTES_MAX || key[0] === 0 || key[0] === 0xff) {
    throw new Error(`assertion failed: a key of ${key.length} bytes that begins with ${key[0]}`);
  }
}
