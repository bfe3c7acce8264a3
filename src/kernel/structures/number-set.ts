import { MAX_EXECUTOR_SLOTS } from '../limits.js';

const WORDS = (MAX_EXECUTOR_SLOTS >>> 5) + 1;
const SUMMARIES = (WORDS >>> 5) + 1;

/** Numbers of slots, 0 to `MAX_EXECUTOR_SLOTS`: a bit for each, and a bit for each word of 32 that has one. */
export class NumberSet {
  private readonly words = new Uint32Array(WORDS);
  private readonly summaries = new Uint32Array(SUMMARIES);

  add(number: number): void {
    const word = number >>> 5;
    this.words[word]! |= 1 << (number & 31);
    this.summaries[word >>> 5]! |= 1 << (word & 31);
  }

  remove(number: number): void {
    const word = number >>> 5;
    this.words[word]! &= ~(1 << (number & 31));
    if (this.words[word] === 0) this.summaries[word >>> 5]! &= ~(1 << (word & 31));
  }

  /** The least number that is at least this one, -1 when there is none. */
  atLeast(number: number): number {
    const own = number >>> 5;
    const bits = this.words[own]! & (-1 << (number & 31));
    if (bits !== 0) return own * 32 + lowest(bits);
    const after = own + 1;
    let mask = -1 << (after & 31);
    for (let i = after >>> 5; i < SUMMARIES; i++) {
      const summary = this.summaries[i]! & mask;
      if (summary !== 0) {
        const word = i * 32 + lowest(summary);
        return word * 32 + lowest(this.words[word]!);
      }
      mask = -1;
    }
    return -1;
  }

  /** The greatest number, 0 when there is none. */
  greatest(): number {
    for (let i = SUMMARIES - 1; i >= 0; i--) {
      if (this.summaries[i] === 0) continue;
      const word = i * 32 + highest(this.summaries[i]!);
      return word * 32 + highest(this.words[word]!);
    }
    return 0;
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}
