import type { Field } from '../fields.js';
import { sameColumn, sameRow } from '../geometry.js';
import type { LayoutOutput, Line } from '../model.js';

/** The lines of a page. */
export type PageLines = Pick<LayoutOutput, 'page' | 'lines'>;

/** A value is looked for at most this many font sizes below its label. */
const BELOW_SIZES = 2.6;

/** What a label looks like and where its value may stand. */
export interface LabelRule<T> {
  /** Matches the label at a line's start; the rest of the line, without a colon, may be the value. */
  readonly label: RegExp;
  /** Also looks below the label. Sums never stand there: below `Total` as a column's heading is an item. */
  readonly below: boolean;
  /** Reads the value, or gives null if the text is none: then the next candidate is tried. */
  read(text: string): T | null;
}

/**
 * Finds labelled values on the pages of a document: `Label: value` on one line, else the nearest line to the right on
 * the same row, else the nearest line below. Where a label occurs more than once, the first one with a value counts.
 * @param labels All labels: what is a label itself is no value of another.
 */
export function fieldFinder(pages: readonly PageLines[], labels: readonly RegExp[]) {
  const isLabel = (text: string) =>
    labels.some((label) => label.exec(text)?.[0].length === text.replace(/[\s:]+$/, '').length);
  return <T>(rule: LabelRule<T>): Field<T> | null => {
    for (const page of pages) {
      const found = findLabelled(page, rule, isLabel);
      if (found !== null) return found;
    }
    return null;
  };
}

function findLabelled<T>(
  { page, lines }: PageLines,
  rule: LabelRule<T>,
  isLabel: (text: string) => boolean,
): Field<T> | null {
  for (const line of lines) {
    const found = rule.label.exec(line.text);
    if (!found) continue;
    const rest = line.text.slice(found[0].length).replace(/^\s*[:#.]?\s*/, '');
    const beside = nearestRight(line, lines);
    const below = rule.below ? nearestBelow(line, lines) : undefined;
    for (const candidate of [{ text: rest, box: line.box }, beside, below]) {
      if (!candidate || candidate.text === '' || isLabel(candidate.text)) continue;
      const value = rule.read(candidate.text);
      if (value !== null) return { value, text: candidate.text, place: { page, box: candidate.box } };
    }
  }
  return null;
}

function nearestRight(label: Line, lines: readonly Line[]): Line | undefined {
  return lines
    .filter((line) => line !== label && sameRow(line.box, label.box) && line.box[0] >= label.box[2])
    .sort((a, b) => a.box[0] - b.box[0])[0];
}

function nearestBelow(label: Line, lines: readonly Line[]): Line | undefined {
  return lines
    .filter((line) => line.box[1] >= label.box[3] - 1 && sameColumn(line.box, label.box))
    .filter((line) => line.box[1] - label.box[3] <= BELOW_SIZES * label.size)
    .sort((a, b) => a.box[1] - b.box[1])[0];
}
