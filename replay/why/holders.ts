/** Who held the slots that a job waited for, and how many of them. */
import type { Holder, Wait } from './wait.js';

/** Of no more than half of the slots it isn't said that they are most of them. */
const HALF_PERMILLE = 500;

/** Shares of those who held slots during a wait, in thousandths and in their order: the most first. */
export function sharesOf({
  holders,
  heldMs,
}: Pick<Wait, 'holders' | 'heldMs'>): readonly (Holder & { readonly permille: number })[] {
  return holders.map((holder) => ({ ...holder, permille: Math.floor((holder.slotMs * 1_000) / Math.max(1, heldMs)) }));
}

export function isMost(permille: number): boolean {
  return permille > HALF_PERMILLE;
}

/** A share as it is read. */
export function percentWords(permille: number): string {
  return `${Math.floor(permille / 10)} %`;
}
