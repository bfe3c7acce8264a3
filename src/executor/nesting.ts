const QUOTE = 34;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Whether more than so many objects and lists of a JSON text stand within each other. */
export function isDeeperThan(json: string, most: number): boolean {
  // Most outputs are short: there is no room in them for so many brackets.
  if (json.length <= 2 * most) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) at = endOfString(json, at);
    else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) depth--;
    else if (char === OPEN_ARRAY || char === OPEN_OBJECT) {
      depth++;
      if (depth > most) return true;
    }
  }
  return false;
}

/** Where the quote is that ends the string which begins at `from`. */
function endOfString(json: string, from: number): number {
  let at = from + 1;
  for (let char = json.charCodeAt(at); char !== QUOTE; char = json.charCodeAt(at)) at += char === BACKSLASH ? 2 : 1;
  return at;
}
