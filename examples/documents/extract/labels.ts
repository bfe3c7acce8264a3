import { sameColumn, sameRow } from '../geometry.js';
import type { Field, Line } from '../model.js';

/** A value is looked for at most this many font sizes below its label. */
const BELOW_SIZES = 2.6;

/**
 * Finds a labelled value: `Label: value` on one line, else the nearest line to the right on the same row, else the
 * nearest line below.
 * @param label Matches the label at a line's start; the rest of the line, without a colon, is the value.
 * @param read Reads the value, or gives null if the text is none: then the next candidate is tried.
 */
export function findLabelled<T>(
  page: number,
  lines: readonly Line[],
  label: RegExp,
  read: (text: string) => T | null,
): Field<T> | null {
  for (const line of lines) {
    const found = label.exec(line.text);
    if (!found) continue;
    const rest = line.text.slice(found[0].length).replace(/^\s*[:#.]?\s*/, '');
    for (const { text, box } of [{ text: rest, box: line.box }, ...candidates(line, lines)]) {
      const value = text === '' ? null : read(text);
      if (value !== null) return { value, text, place: { page, box } };
    }
  }
  return null;
}

/** The nearest line to the right, and the nearest one below. */
function candidates(label: Line, lines: readonly Line[]): Line[] {
  const right = lines
    .filter((line) => line !== label && sameRow(line.box, label.box) && line.box[0] >= label.box[2])
    .sort((a, b) => a.box[0] - b.box[0]);
  const below = lines
    .filter((line) => line.box[1] >= label.box[3] - 1 && sameColumn(line.box, label.box))
    .filter((line) => line.box[1] - label.box[3] <= BELOW_SIZES * label.size)
    .sort((a, b) => a.box[1] - b.box[1]);
  return [...right.slice(0, 1), ...below.slice(0, 1)];
}
