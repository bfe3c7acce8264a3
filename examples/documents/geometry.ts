import type { Box } from './model.js';

/** Rounds a box to a tenth of a point. */
export function roundBox([x0, y0, x1, y1]: Box): Box {
  return [tenth(x0), tenth(y0), tenth(x1), tenth(y1)];
}

/** The smallest box around some boxes; at least one is needed. */
export function unionBox(boxes: Iterable<Box>): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    x0 = Math.min(x0, box[0]);
    y0 = Math.min(y0, box[1]);
    x1 = Math.max(x1, box[2]);
    y1 = Math.max(y1, box[3]);
  }
  return [x0, y0, x1, y1];
}

/** The middle value of some numbers (the lower one of two); 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

/** Whether two boxes share some height: more than half of the lower one's. */
export function sameRow(a: Box, b: Box): boolean {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return shared > 0.5 * Math.min(a[3] - a[1], b[3] - b[1]);
}

/** Whether two boxes share some width. */
export function sameColumn(a: Box, b: Box): boolean {
  return Math.min(a[2], b[2]) > Math.max(a[0], b[0]);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
