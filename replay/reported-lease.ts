import { Code } from '../src/catalogue/generated/codes.js';
import type { AnyEntry, LeaseRef } from '../src/catalogue/generated/types.js';

/** The work of a token that a registration lists, by what it says: a lease that is over is nowhere else. */
export function reportedLease(token: number, input: AnyEntry): LeaseRef {
  if (input.code !== Code.RegisterExecutor) throw new Error('assertion failed: a registration without its input');
  return input.body.held.find(({ lease }) => lease.token === token)!.lease;
}
