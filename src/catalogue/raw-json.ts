/**
 * Reading JSON without losing how a part of it was written. User JSON is kept as it was received (a number of 30 digits
 * stays one), so the text of such fields is set aside before the rest is parsed.
 */

/** The text of a JSON value, as it was received. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** Which values to keep, as a tree of field names; `*` stands for every field or item. */
export interface KeptPaths {
  readonly fields: ReadonlyMap<string, KeptPaths>;
  /** The value at this place is kept. */
  readonly keep: boolean;
}

// A path is written with slashes: output, or jobs/*/inputs/*/value.
/** Makes the tree of paths; a `*` in a path stands for every field of an object and every item of an array. */
export function keptPaths(paths: readonly string[]): KeptPaths {
  const heads = new Map<string, string[]>();
  for (const path of paths) {
    if (path === '') continue;
    const [head = '', ...rest] = path.split('/');
    heads.set(head, [...(heads.get(head) ?? []), rest.join('/')]);
  }
  const fields = new Map([...heads].map(([head, rest]) => [head, keptPaths(rest)]));
  return { fields, keep: paths.includes('') };
}

/** Parses JSON; the values at `paths` become `RawJson`, whatever they are. Throws SyntaxError as JSON.parse does. */
export function parseKeeping(text: string, paths: KeptPaths): unknown {
  const plain: unknown = JSON.parse(text);
  // From here on the text is known to be JSON, so the scan needs no checks of its own.
  const scan: Scan = { text, at: skipSpace(text, 0), out: '', copied: 0 };
  lift(scan, paths);
  if (scan.copied === 0) return plain;
  return wrap(JSON.parse(scan.out + text.slice(scan.copied)), paths);
}

interface Scan {
  readonly text: string;
  /** Where the value starts that is looked at; after a call, where it ended. */
  at: number;
  /** The new text up to `copied`. */
  out: string;
  copied: number;
}

/** Copies the text with each kept value replaced by a string that holds its text. Recursion is as deep as the paths. */
function lift(scan: Scan, paths: KeptPaths | undefined): void {
  const { text, at: start } = scan;
  const open = text[start];
  if (paths === undefined || paths.keep || !(open === '{' || open === '[')) {
    scan.at = valueEnd(text, start);
    if (!paths?.keep) return;
    scan.out += text.slice(scan.copied, start) + JSON.stringify(text.slice(start, scan.at));
    scan.copied = scan.at;
    return;
  }
  scan.at = skipSpace(text, start + 1);
  while (text[scan.at] !== '}' && text[scan.at] !== ']') {
    lift(scan, fieldPaths(paths, open === '{' ? readKey(scan) : ''));
    scan.at = skipSpace(text, scan.at);
    if (text[scan.at] === ',') scan.at = skipSpace(text, scan.at + 1);
  }
  scan.at++;
}

function fieldPaths(paths: KeptPaths, key: string): KeptPaths | undefined {
  return paths.fields.get(key) ?? paths.fields.get('*');
}

/** Reads the key at the scan's place and goes on to its value. */
function readKey(scan: Scan): string {
  const { text, at } = scan;
  const end = stringEnd(text, at);
  const inner = text.slice(at + 1, end - 1);
  scan.at = skipSpace(text, skipSpace(text, end) + 1);
  return inner.includes('\\') ? (JSON.parse(text.slice(at, end)) as string) : inner;
}

/** In what `lift` made, kept values are strings; they become `RawJson`. */
function wrap(value: unknown, paths: KeptPaths | undefined): unknown {
  if (paths === undefined || (!paths.keep && (typeof value !== 'object' || value === null))) return value;
  if (paths.keep) return new RawJson(value as string);
  if (Array.isArray(value)) return value.map((item) => wrap(item, fieldPaths(paths, '')));
  for (const [key, field] of Object.entries(value as object)) {
    const wrapped = wrap(field, fieldPaths(paths, key));
    // Defined, not assigned: a field may be called __proto__.
    if (wrapped !== field) Object.defineProperty(value, key, { value: wrapped, enumerable: true, configurable: true });
  }
  return value;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** The position after the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (let char = text.charCodeAt(at); char !== QUOTE; char = text.charCodeAt(at)) at += char === BACKSLASH ? 2 : 1;
  return at + 1;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text[at])) at++;
  return at;
}

/** The position after the value that starts at `start`. */
function valueEnd(text: string, start: number): number {
  let at = start;
  let depth = 0;
  do {
    const char = text[at];
    if (char === '"') {
      at = stringEnd(text, at);
    } else if (char === '{' || char === '[') {
      depth++;
      at++;
    } else if (char === '}' || char === ']') {
      depth--;
      at++;
    } else {
      at = depth > 0 ? at + 1 : scalarEnd(text, at);
    }
  } while (depth > 0);
  return at;
}

/** The position after the number, boolean or null that starts at `start`. */
function scalarEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isSpace(text[at]) && !',]}'.includes(text[at] as string)) at++;
  return at;
}
