/** JSON pointers (RFC 6901): where in an input something is wrong, or where in an output something stands. */

const WELL_FORMED = /^(?:\/(?:[^~/]|~[01])*)*$/u;

/** Pointer of a path of names and indexes. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${escapePart(String(part))}`).join('');
}

/** A pointer one part longer. */
export function below(pointer: string, part: string | number): string {
  return `${pointer}/${escapePart(String(part))}`;
}

/** Whether the text is a JSON pointer. */
export function isPointer(text: string): boolean {
  return WELL_FORMED.test(text);
}

function escapePart(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
