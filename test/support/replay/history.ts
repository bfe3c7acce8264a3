import { type History, historyOf } from '../../../replay/index.js';
import { turnHash } from '../../../src/catalogue/digest.js';
import type { TurnRecord } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';

/** Turns as a history, each chained on the one before it. */
export function chained(turns: readonly TurnRecord[]): History {
  let prev: Uint8Array = new Uint8Array(32);
  const records = turns.map((turn) => {
    const record = { ...turn, prev };
    prev = turnHash(encodeTurn(record));
    return { record, hash: prev };
  });
  return historyOf(records);
}
