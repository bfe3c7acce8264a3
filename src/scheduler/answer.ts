import type { AnyEntry } from '../catalogue/generated/types.js';
import { causedBy, type Pending } from '../inbox/port.js';

/** Tells the inputs of an accepted turn what became of them. `pending` are its inputs in their order. */
export function answer(pending: readonly Pending[], entries: readonly AnyEntry[], turn: number, atMs: number): void {
  let next = 0;
  for (let index = 0; index < entries.length && next < pending.length; index++) {
    if (!('envelope' in entries[index]!)) continue;
    pending[next]!.told({ turn, atMs, index, events: causedBy(index, entries) });
    next += 1;
  }
}

/** Tells inputs that are in no turn, or in one of which nobody knows, why. */
export function refuse(pending: readonly Pending[], error: Error): void {
  for (const { told } of pending) told(error);
}
