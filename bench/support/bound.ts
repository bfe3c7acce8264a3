import type { ProfileSummary } from './profile.js';
import type { PartCost } from './result.js';

/**
 * What the parts cost for each of `count` jobs or events that were done while the profile was taken. `processorMs` is
 * what the thread had of the processor meanwhile, where that is known better than from the profile.
 */
export function costs(summary: ProfileSummary, count: number, processorMs = summary.busyMs): PartCost[] {
  return summary.parts.map(({ name, share }) => ({
    part: name,
    share,
    usEach: count === 0 ? null : (share * processorMs * 1_000) / count,
  }));
}

/** One sentence: how busy a thread was, and with what. */
export function boundOf(who: string, summary: ProfileSummary): string {
  const { totalMs, busyMs, lostMs, parts } = summary;
  const busy = totalMs === 0 ? 0 : busyMs / totalMs;
  const top = parts.slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`);
  const lost = lostMs / Math.max(1, lostMs + totalMs);
  const others = lost < 0.05 ? '' : ` (and had no processor for ${percent(lost)} of the time)`;
  return `${who} is ${percent(busy)} busy${others}: ${top.join(', ')}`;
}

/** The functions that took the most time, with their shares; so many at most. */
export function functionsOf({ functions }: ProfileSummary, most?: number): readonly string[] {
  return functions.slice(0, most).map(({ name, share }) => `${(share * 100).toFixed(1)} % ${name}`);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
