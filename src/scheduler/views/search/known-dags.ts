import type { State } from '../../../kernel/rows/state.js';

const WORD = 32;
/** Marks beyond the DAGs that there are, before they are made afresh. */
const STALE = 65_536;

/**
 * The DAGs that the cell knows, in the order in which they were accepted: one bit for each sequence number from the
 * oldest one on. An index over rows and the list of terminal DAGs, made when somebody first asks. Marks of DAGs that
 * were forgotten go when a search finds nothing behind them, or when there are many.
 */
export class KnownDags {
  #words = new Uint32Array(0);
  /** Sequence number of the first bit. */
  #base = 0;
  /** The highest number that has been marked. */
  #last = 0;
  #marked = 0;

  constructor(private readonly state: State) {}

  /** Marks what was accepted since the last call. */
  refresh(): void {
    const { cell, cellRow } = this.state;
    const { nextDag, openDags, nextRetired, firstRetired } = cell.c;
    const newest = nextDag[cellRow]!;
    const expected = openDags[cellRow]! + nextRetired[cellRow]! - firstRetired[cellRow]!;
    if (this.#base === 0 || this.#marked + newest - this.#last > 2 * expected + STALE) this.#rebuild(newest);
    while (this.#last < newest) {
      this.#last += 1;
      this.#mark(this.#last);
    }
  }

  /** At most `most` numbers after (`step` 1) or before (`step` -1) `from`, in that direction. */
  next(from: number, step: 1 | -1, most: number): number[] {
    const found: number[] = [];
    const first = this.#base;
    const last = this.#last;
    let seq = step === 1 ? Math.max(from + 1, first) : Math.min(from - 1, last);
    while (seq >= first && seq <= last && found.length < most) {
      const bit = seq - first;
      const word = this.#words[bit >>> 5]!;
      if (word === 0) seq = first + (step === 1 ? (bit | 31) + 1 : (bit & ~31) - 1);
      else {
        if ((word >>> (bit & 31)) & 1) found.push(seq);
        seq += step;
      }
    }
    return found;
  }

  /** All numbers after (`step` 1) or before (`step` -1) `from`, in that direction, in pieces of at most `most`. */
  *pieces(from: number, step: 1 | -1, most: number): Generator<readonly number[]> {
    this.refresh();
    for (let piece = this.next(from, step, most); piece.length > 0; piece = this.next(piece.at(-1)!, step, most)) {
      yield piece;
    }
  }

  /** Nothing is behind this number any more. */
  forget(seq: number): void {
    const bit = seq - this.#base;
    const mask = 1 << (bit & 31);
    if ((this.#words[bit >>> 5]! & mask) === 0) return;
    this.#words[bit >>> 5]! &= ~mask;
    this.#marked -= 1;
  }

  #rebuild(newest: number): void {
    let oldest = newest + 1;
    this.#eachDag((seq) => {
      oldest = Math.min(oldest, seq);
    });
    this.#base = Math.max(1, oldest);
    this.#last = newest;
    this.#marked = 0;
    this.#words = new Uint32Array(Math.ceil((newest - this.#base + 1) / WORD) + 1);
    this.#eachDag((seq) => this.#mark(seq));
  }

  #eachDag(each: (seq: number) => void): void {
    const { dags, retired } = this.state;
    dags.table.eachRow((row) => each(dags.keyA[row]!));
    retired.table.eachRow((row) => {
      if (retired.c.dag[row] !== 0) each(retired.c.dag[row]!);
    });
  }

  #mark(seq: number): void {
    const bit = seq - this.#base;
    const at = bit >>> 5;
    if (at >= this.#words.length) {
      const grown = new Uint32Array(Math.max(64, 2 * at));
      grown.set(this.#words);
      this.#words = grown;
    }
    const mask = 1 << (bit & 31);
    if ((this.#words[at]! & mask) !== 0) return;
    this.#words[at]! |= mask;
    this.#marked += 1;
  }
}
