import { isMost, percentWords } from '../why/holders.js';
import { partWords } from '../why/words.js';
import type { PartView } from './report.js';

/** What a part of a path was, in words. */
export function blameWords({ kind, on, heldPermille }: Omit<PartView, 'ms'>): string {
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
    case 'dag-ended':
      return 'the DAG had ended, and was run again';
    case 'no-free-slot':
      return slotWords(on, heldPermille);
    case 'class-limit':
      return partWords({ reason: kind, on: isLess(heldPermille) ? `${percentWords(heldPermille)} ${on}` : on });
    default:
      return partWords({ reason: kind, on });
  }
}

function slotWords(on: string | null, heldPermille: number | null): string {
  if (on === null) return 'waited for a slot';
  // Without a holder it is the rule by which others were before it.
  if (heldPermille === null) return partWords({ reason: 'no-free-slot', on });
  if (!isLess(heldPermille)) return `waited for a slot, most of them ${on}`;
  return `waited for a slot, the most ${on} (${percentWords(heldPermille)})`;
}

/** Whether somebody held slots, but not most of them. */
function isLess(heldPermille: number | null): heldPermille is number {
  return heldPermille !== null && !isMost(heldPermille);
}
