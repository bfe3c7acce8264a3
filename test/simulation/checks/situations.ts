import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import type { Met, Situation } from '../met.js';

/** Events that are a situation by themselves. */
const BY_EVENT: ReadonlyMap<number, Situation> = new Map([
  [Code.ExecutorLost, 'executor-lost'],
  [Code.LeaseAdopted, 'lease-adopted'],
  [Code.SlotReportedHeld, 'held-without-lease'],
  [Code.SlotWithdrawn, 'slot-withdrawn'],
  [Code.JobTimedOut, 'job-timed-out'],
  [Code.ClockAccepted, 'clock-accepted'],
  [Code.DagReopened, 'dag-reopened'],
  [Code.DagForgotten, 'dag-forgotten'],
  [Code.ExecutorForgotten, 'executor-forgotten'],
]);

/** Notes the situations that a journal tells of. */
export function noteSituations(turns: readonly TurnRecord[], met: Met): void {
  for (const { entries } of turns) {
    for (const [i, entry] of entries.entries()) {
      if ('envelope' in entry) continue;
      const situation = BY_EVENT.get(entry.code) ?? caused(entry, entry.cause < 0 ? undefined : entries[entry.cause]);
      if (situation !== undefined) met.note(situation);
      if (entry.code === Code.SlotReleased && entries[i - 1]?.code === Code.InputRefused)
        met.note('reclaimed-by-callback');
    }
  }
}

function caused(event: EventEntry, cause: AnyEntry | undefined): Situation | undefined {
  switch (event.code) {
    case Code.JobReleased:
      return event.body.reason === 'returned' ? 'returned' : undefined;
    case Code.DuplicateInput:
      if (event.body.code === 'duplicate-input') return 'control-repeated';
      return cause?.code === Code.SubmitDag ? 'submission-repeated' : 'callback-repeated';
    case Code.InputRefused:
      if (event.body.code === 'stale-token') return 'zombie-callback';
      if (event.body.code === 'stale-incarnation') return 'zombie-heartbeat';
      return cause?.code === Code.SubmitDag ? 'input-rejected' : undefined;
    default:
      return undefined;
  }
}
