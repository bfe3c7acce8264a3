import type { LeaseRef, RegisterExecutor } from '../src/catalogue/generated/types.js';

/** The work of a token that a registration lists, by what it says: a lease that is over is nowhere else. */
export function reportedLease(token: number, { held }: RegisterExecutor): LeaseRef {
  return held.find(({ lease }) => lease.token === token)!.lease;
}
