/** What a command says of a wall clock that journal time is not with. */
import { isClockNear } from '../../main/clock-watch.js';
import { duration } from './format.js';

/** The command that has journal time follow a clock that has leapt ahead. */
export const FOLLOW_CLOCK = 'marie cell accept-clock';

/** Whether the clock has leapt ahead, so that journal time follows it only when it is told to. */
export function isToFollow(aheadMs: number | null): aheadMs is number {
  return aheadMs !== null && aheadMs > 0 && !isClockNear(aheadMs);
}

/** A line about the clock, of at most 80 columns; null while there is nothing to say. */
export function clockText(aheadMs: number | null): string | null {
  if (isToFollow(aheadMs)) return `the clock is ${duration(aheadMs)} ahead and not followed: ${FOLLOW_CLOCK}`;
  if (aheadMs === null || isClockNear(aheadMs)) return null;
  return `the clock is ${duration(-aheadMs)} behind: journal time goes slower until it is reached`;
}
