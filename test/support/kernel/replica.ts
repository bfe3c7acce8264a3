import type { AnyEntry } from '../../../src/catalogue/generated/types.js';
import { foldTurn } from '../../../src/kernel/fold-turn.js';
import { State } from '../../../src/kernel/rows/state.js';

/** A recorded turn, as far as the fold reads it. */
export interface Recorded {
  readonly turn: number;
  readonly at: number;
  readonly stoppedMs: number;
  readonly entries: readonly AnyEntry[];
  readonly stateHash: Uint8Array;
}

/** Folds recorded turns into a fresh state, and holds its hash against that of the record at every turn (I3). */
export class Replica {
  readonly state = new State();

  fold(record: Recorded): void {
    foldTurn(this.state, record, record.entries, () => undefined);
    this.state.accept();
    const found = hex(this.state.hash.toBytes());
    if (found !== hex(record.stateHash)) {
      throw new Error(`turn ${record.turn}: the fold gives ${found}, the turn says ${hex(record.stateHash)}`);
    }
  }
}

/** Bytes as text. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
