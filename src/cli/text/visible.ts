/**
 * Names, reasons and messages come from whoever submits and runs jobs. What a terminal would obey in them (colours,
 * moves of the cursor, new lines, turned writing) is shown to people as it would be written in JSON, so that no data
 * can hide a row or forge one. Programs read JSON, in which it is whole.
 */

const ESCAPE = '\u001b';

/** C0, DEL and C1, and what changes the direction of writing. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The same; an escape code of a colour is one match. */
const CONTROLS_AND_COLORS = /\p{Cc}\[[\d;]*m|[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Text out of data, which becomes a part of a line. */
export function visible(text: string): string {
  return text.replace(CONTROLS, escaped);
}

function escaped(control: string): string {
  return SHORT.get(control) ?? `\\u${control.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}

/** A copy of a value with all text in it, and the names of its fields, made visible. */
export function visibleIn<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [copied(key), copied(one)]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [visible(name), copied(one)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whole lines as they are about to be written: lines, tabs and colours (where there are any) are our own. */
export function visibleLines(text: string, hasColors: boolean): string {
  return text.replace(CONTROLS_AND_COLORS, (found) => {
    const [first] = found;
    const isOurs = first === '\n' || first === '\t' || (hasColors && first === ESCAPE && found.length > 1);
    return isOurs ? found : visible(found);
  });
}
