import { type Moment, momentOf } from '../../../replay/moment.js';
import { CliError, Exit } from '../exit.js';

/** A moment of a history as a command line gives it. */
export function theMoment(text: string): Moment {
  const moment = momentOf(text);
  if (moment !== null) return moment;
  const todo = 'Give the number of a turn, or a time such as 2026-01-31T08:30:00Z.';
  throw new CliError(Exit.Usage, 'usage', `${text} is no turn and no time`, { todo });
}
