/** The first number from `low` on that is not `before`, or `high`: all that are come before all that are not. */
export function lowerBound(low: number, high: number, before: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (before(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
