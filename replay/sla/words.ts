import { partWords } from '../why/words.js';
import type { PartKind } from './blame.js';

/** What a part of a path was, in words. */
export function blameWords(kind: PartKind, on: string | null): string {
  switch (kind) {
    case 'run':
      return `ran on ${on}`;
    case 'slow-executor':
      return `${on} is slower than the other executors of its class`;
    case 'failed-attempt':
      return `an attempt on ${on} failed`;
    case 'timed-out-attempt':
      return `an attempt on ${on} ran out of time`;
    case 'lost-executor':
      return `${on} was lost with an attempt`;
    case 'returned-attempt':
      return `${on} gave an attempt back`;
    case 'no-free-slot':
      return on === null ? 'waited for a slot' : `waited for a slot, most of them ${on}`;
    default:
      return partWords({ reason: kind, on });
  }
}
