/** The ids of lifecycle events, `cell:turn:index:mark`, and the places that they name. */

const PLACE = /^(\d{1,15}):(-1|\d{1,15})(?::([0-9a-f]{16}))?$/u;

/** Where a reader stopped: it wants what comes after. */
export interface Position {
  readonly turn: number;
  readonly index: number;
}

/** A place as its reader named it, with the mark of its turn; null for one that the reader made up from a turn's number. */
export interface NamedPosition extends Position {
  readonly mark: string | null;
}

/** Where a reader stopped, or null where the text is no id of this cell. An index of -1 is before the turn. */
export function parsePosition(id: string, cell: string): NamedPosition | null {
  if (!id.startsWith(`${cell}:`)) return null;
  const match = PLACE.exec(id.slice(cell.length + 1));
  return match === null ? null : { turn: Number(match[1]), index: Number(match[2]), mark: match[3] ?? null };
}

/** What tells a turn from one of the same number in another history: the beginning of its record's hash. */
export function markOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, 8).toString('hex');
}
