/** What ended a lease, as a turn tells of it. */
import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EntryOf, InputEntry } from '../../catalogue/generated/types.js';

/** An executor's own answer to a dispatch. */
export type OwnAnswer = Extract<
  InputEntry,
  { readonly code: typeof Code.CompleteJob | typeof Code.FailJob | typeof Code.ReturnJob }
>;

type Released = EntryOf<typeof Code.LeaseReleased>;

/**
 * What ended a lease that is released: its executor's answer, or its time-out; null: the scheduler ended it otherwise, which
 * says nothing of how long the work runs, and neither does what the executor answers to that. One job's failure releases
 * the leases of others, so that the answer must be that of this lease.
 */
export function leaseEnd({ body, cause }: Released, entries: readonly AnyEntry[]): OwnAnswer | 'timed-out' | null {
  if (body.reason === 'timed-out') return 'timed-out';
  const input = entries[cause];
  switch (input?.code) {
    case Code.CompleteJob:
    case Code.FailJob:
    case Code.ReturnJob:
      return input.body.lease.token === body.token ? input : null;
    default:
      return null;
  }
}
