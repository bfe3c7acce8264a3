/** JSON files as text: what people wrote is looked into and filled in without writing any value of it anew. */
import { eachElement, eachMember, isArrayAt, isObjectAt, keyOf, skipSpace, skipValue } from '../../edge/json/raw.js';
import { checkLevels } from '../../form/levels.js';

/** Reads JSON. Throws for text that is none, for depth, and for an object with a key twice, of which one would be lost. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkLevels(value, (part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  checkKeys(text, skipSpace(text, 0));
  return value;
}

/** Position after the value that begins at `at`. Throws for a key that an object in it has twice. */
function checkKeys(text: string, at: number): number {
  if (isArrayAt(text, at)) return eachElement(text, at, (_index, element) => checkKeys(text, element));
  if (!isObjectAt(text, at)) return skipValue(text, at);
  const keys = new Set<string>();
  return eachMember(text, at, (keyAt, keyEnd, member) => {
    const key = keyOf(text, keyAt, keyEnd);
    if (keys.has(key)) throw new Error(`an object has the key ${JSON.stringify(key)} twice, ${placeOf(text, keyAt)}`);
    keys.add(key);
    return checkKeys(text, member);
  });
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `again at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Where a value stands in a text. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What stands there instead. */
export interface Edit extends Stretch {
  readonly text: string;
}

/** The text with the edits made, which are in order and don't touch each other. */
export function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  return parts.join('') + text.slice(at);
}

/** Where the value of each member of an object stands, by its key; none for what is no object. Throws `TooDeep`. */
export function membersAt(text: string, at: number): ReadonlyMap<string, Stretch> {
  const members = new Map<string, Stretch>();
  if (!isObjectAt(text, at)) return members;
  eachMember(text, at, (keyAt, keyEnd, from) => {
    const to = skipValue(text, from);
    members.set(keyOf(text, keyAt, keyEnd), { from, to });
    return to;
  });
  return members;
}

/** Where each element of an array stands; none for what is no array. Throws `TooDeep`. */
export function elementsAt(text: string, at: number): readonly Stretch[] {
  const elements: Stretch[] = [];
  if (!isArrayAt(text, at)) return elements;
  eachElement(text, at, (_index, from) => {
    const to = skipValue(text, from);
    elements.push({ from, to });
    return to;
  });
  return elements;
}
