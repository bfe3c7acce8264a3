/** The ids of lifecycle events, `cell:turn:index`, as places to resume at. */
import type { Position } from './feed.js';

const PLACE = /^(\d{1,15}):(-1|\d{1,15})$/u;

/** Where a reader stopped, or null where the text is no id of this cell. An index of -1 is before the turn. */
export function parsePosition(id: string, cell: string): Position | null {
  if (!id.startsWith(`${cell}:`)) return null;
  const match = PLACE.exec(id.slice(cell.length + 1));
  return match === null ? null : { turn: Number(match[1]), index: Number(match[2]) };
}
