import type { EventEntry, InputEntry } from '../catalogue/generated/types.js';
import type { Pending } from '../inbox/port.js';

/**
 * Tells the inputs of an accepted turn what became of them. `pending` are its inputs in their order; the events that an
 * input caused follow it at once.
 */
export function answer(
  pending: readonly Pending[],
  entries: readonly (InputEntry | EventEntry)[],
  turn: number,
  atMs: number,
): void {
  let next = 0;
  for (let index = 0; index < entries.length && next < pending.length; index++) {
    if (!('envelope' in entries[index]!)) continue;
    let end = index + 1;
    while (end < entries.length && isCausedBy(entries[end]!, index)) end += 1;
    const events = entries.slice(index + 1, end) as EventEntry[];
    pending[next]!.resolve({ turn, atMs, index, events });
    next += 1;
  }
}

function isCausedBy(entry: InputEntry | EventEntry, index: number): boolean {
  return !('envelope' in entry) && entry.cause === index;
}
