import type { SetAsideReason, StoreIdentity, StorePosition } from './port.js';
import { decodePosition } from './position.js';

/** Why a store that was found cannot be used. Adapters set it aside; nobody else sees this. */
export class Unusable extends Error {
  constructor(
    readonly reason: SetAsideReason,
    detail: string,
  ) {
    super(detail);
  }
}

/** The position that was encoded, if it is one of this cell and layout; throws `Unusable` or `StoreCorrupt`. */
export function usablePosition(encoded: Uint8Array, { cell, layout }: StoreIdentity): StorePosition {
  const position = decodePosition(encoded);
  if ('unknownFormat' in position) {
    throw new Unusable('other-layout', `the store has format ${position.unknownFormat}`);
  }
  if (position.cell !== cell) {
    throw new Unusable('other-cell', `the store belongs to cell ${position.cell}, not to ${cell}`);
  }
  if (position.layout !== layout) {
    const age = position.layout < layout ? 'older' : 'newer';
    throw new Unusable('other-layout', `the store has layout ${position.layout}, ${age} than ${layout}`);
  }
  return position;
}
