import type { Field } from '../fields.js';
import type { Line } from '../model.js';
import type { PageLines } from './labels.js';

/** A text that can be somebody's name: it has two letters in a row. */
export function readName(text: string): string | null {
  return /\p{L}{2}/u.test(text) ? text : null;
}

/** Where no label names the seller, it is the largest print in the first page's upper quarter that is no title. */
export function letterhead([first]: readonly PageLines[], titles: RegExp): Field<string> | null {
  if (first === undefined) return null;
  const { page, lines } = first;
  const bottom = Math.max(0, ...lines.map((line) => line.box[3]));
  const heads = lines.filter((line) => line.box[3] < bottom / 4 && !titles.test(line.text) && readName(line.text));
  const head = heads.reduce<Line | null>((best, line) => (best && best.size >= line.size ? best : line), null);
  return head && { value: head.text, text: head.text, place: { page, box: head.box } };
}

/** The first line in which something can be read. */
export function firstField<T>(pages: readonly PageLines[], read: (text: string) => T | null): Field<T> | null {
  for (const { page, lines } of pages) {
    for (const { text, box } of lines) {
      const value = read(text);
      if (value !== null) return { value, text, place: { page, box } };
    }
  }
  return null;
}

/** A currency, with the first line that names it. */
export function currencyField(
  pages: readonly PageLines[],
  { code, mark }: { readonly code: string; readonly mark: string },
): Field<string> | null {
  const found = firstField(pages, (text) => (text.includes(mark) ? code : null));
  return found && { ...found, text: mark };
}
