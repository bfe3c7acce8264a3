import { madeOnce } from '../../src/catalogue/made-once.js';

/** Numbers below what a search has found that are tried at most, each by playing a history. */
const MOST_BELOW = 16;

/** What a search has come to. */
export interface Found {
  readonly value: number;
  /** Whether every smaller number of the range was tried, and wasn't enough; otherwise only the one before it was. */
  readonly isLeast: boolean;
}

/**
 * Finds a small number of a range that is enough; null when none of those that were tried is. More isn't always better:
 * with another slot jobs come in another order, which may be a worse one. So what a binary search has found is a number
 * that was tried itself; and of those below it, `below` at most are tried, too, from the smallest on.
 */
export async function smallest(
  from: number,
  to: number,
  isEnough: (n: number) => Promise<boolean>,
  below: number = MOST_BELOW,
): Promise<Found | null> {
  const tried = new Map<number, Promise<boolean>>();
  const attempt = (n: number): Promise<boolean> => madeOnce(tried, n, () => isEnough(n));
  const high = await search(from, to, attempt);
  const end = high ?? to + 1;
  let left = below;
  for (let n = from; n < end; n++) {
    if (tried.has(n)) continue;
    if (left === 0) return high === null ? null : { value: high, isLeast: false };
    left -= 1;
    if (await attempt(n)) return { value: n, isLeast: true };
  }
  return high === null ? null : { value: high, isLeast: true };
}

/** Doubles the distance until a number is enough, and halves it from there. */
async function search(from: number, to: number, isEnough: (n: number) => Promise<boolean>): Promise<number | null> {
  let low = from;
  let high = from;
  while (!(await isEnough(high))) {
    if (high >= to) return null;
    low = high + 1;
    high = Math.min(to, from + (high - from + 1) * 2);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
