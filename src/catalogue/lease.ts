/** The lease on the wire: `<cell>.<dag>.<job>.<attempt>.<token>`, all numbers decimal. Opaque to executors. */
import type { LeaseRef } from './generated/types.js';

const NUMBERS = /^(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,9})\.(0|[1-9]\d{0,9})\.(0|[1-9]\d{0,15})$/;
const MAX_INT = 0x7fffffff;

/** The string that names a lease of this cell. */
export function formatLease(cell: string, { dag, job, attempt, token }: LeaseRef): string {
  return `${cell}.${dag}.${job}.${attempt}.${token}`;
}

/** The lease that a string names, or null if it is not one that `formatLease` makes for this cell. */
export function parseLease(cell: string, lease: string): LeaseRef | null {
  if (!lease.startsWith(`${cell}.`)) return null;
  const match = NUMBERS.exec(lease.slice(cell.length + 1));
  if (match === null) return null;
  const [dag, job, attempt, token] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
  if (!Number.isSafeInteger(dag) || !Number.isSafeInteger(token) || job > MAX_INT || attempt > MAX_INT) return null;
  return { dag, job, attempt, token };
}
