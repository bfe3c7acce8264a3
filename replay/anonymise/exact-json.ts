/** Strings and numbers of a JSON text; only numbers are captured. */
const TOKEN = /"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)/g;

/**
 * Changes a JSON text as a value, in which numbers stay digit by digit: as numbers of JavaScript long ones would come out
 * as others, by which conditions decide otherwise. They are strings of a mark of their own meanwhile, which `isNumber`
 * tells from those that somebody wrote.
 */
export function changedJson(
  bytes: Uint8Array,
  change: (value: unknown, isNumber: (text: string) => boolean) => unknown,
): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const mark = markFor(text);
  const marked = text.replaceAll(TOKEN, (token, number?: string) =>
    number === undefined ? token : `"${mark}${number}"`,
  );
  const changed = JSON.stringify(change(JSON.parse(marked), (one) => one.startsWith(mark)));
  return Uint8Array.from(Buffer.from(changed.replaceAll(new RegExp(`"${mark}([^"]+)"`, 'g'), '$1')));
}

/** What no string of the text has in it, however it is escaped there. */
function markFor(text: string): string {
  const plain = JSON.stringify(JSON.parse(text));
  let mark = '#';
  while (plain.includes(mark)) mark += '#';
  return mark;
}
