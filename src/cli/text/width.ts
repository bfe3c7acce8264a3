/** How much room text takes on a terminal: names come in any writing, and a character may take two columns, or none. */
import { stripVTControlCharacters } from 'node:util';

const ASCII = /^[ -~]*$/;

/** What takes two columns: East Asian wide and full-width forms, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** What takes none: it changes what stands before it. */
const NONE = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** The columns that a text takes; its colours take none. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  const shown = stripVTControlCharacters(text);
  if (ASCII.test(shown)) return shown.length;
  let width = 0;
  for (const character of shown) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (NONE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text with spaces behind it, so many columns wide if it has no more. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** The text without colours in at most so many columns; where something is cut off, its last one says so. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [kept, width] = ['', 0];
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
