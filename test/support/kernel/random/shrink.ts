/** Checks that fast-check tries again and again, to find the least that fails. */

/**
 * So many tries after the first failure are checked, those behind them pass: fast-check then ends with the least that it
 * has found. A history takes too long for all that it would try, and no time-out of a test ends what never waits.
 */
export function shrunkBy<T>(tries: number, check: (value: T) => void): (value: T) => void {
  let left = Number.POSITIVE_INFINITY;
  return (value) => {
    if (left === 0) return;
    left -= 1;
    try {
      check(value);
    } catch (error) {
      if (left === Number.POSITIVE_INFINITY) left = tries;
      throw error;
    }
  };
}
