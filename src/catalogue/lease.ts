/** The lease on the wire: `<cell>.<dag>.<job>.<attempt>.<token>`, all numbers decimal. Opaque to executors. */
import type { LeaseRef } from './generated/types.js';

const MAX_INT = 0x7fffffff;
const ZERO = 48;
const DOT = 46;

/** The string that names a lease of this cell. */
export function formatLease(cell: string, { dag, job, attempt, token }: LeaseRef): string {
  return `${cell}.${dag}.${job}.${attempt}.${token}`;
}

/** The lease that a string names, or null if it is not one that `formatLease` makes for this cell. */
export function parseLease(cell: string, lease: string): LeaseRef | null {
  if (!lease.startsWith(cell)) return null;
  text = lease;
  at = cell.length;
  const dag = nextNumber(Number.MAX_SAFE_INTEGER);
  const job = nextNumber(MAX_INT);
  const attempt = nextNumber(MAX_INT);
  const token = nextNumber(Number.MAX_SAFE_INTEGER);
  if (dag < 0 || job < 0 || attempt < 0 || token < 0 || at < text.length) return null;
  return { dag, job, attempt, token };
}

// What is being read, and how far: every callback has a lease, and a pattern's groups would be five strings for each.
let text = '';
let at = 0;

/** A dot, and the number behind it; -1 where there is no such thing, as it is or of at most `most`. */
function nextNumber(most: number): number {
  if (text.charCodeAt(at) !== DOT) return -1;
  at += 1;
  const from = at;
  let value = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > most) return -1;
  }
  const isPadded = text.charCodeAt(from) === ZERO && at > from + 1;
  return at === from || isPadded ? -1 : value;
}
