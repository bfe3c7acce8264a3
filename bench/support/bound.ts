import type { ProfileSummary } from './profile.js';
import type { PartCost } from './result.js';

/** What the parts cost for each of `count` jobs or events that were done while the profile was taken. */
export function costs(summary: ProfileSummary, count: number): PartCost[] {
  return summary.parts.map(({ name, ms, share }) => ({
    part: name,
    share,
    usEach: count === 0 ? null : (ms * 1_000) / count,
  }));
}

/** One sentence: how busy a thread was, and with what. */
export function boundOf(who: string, summary: ProfileSummary): string {
  const busy = summary.totalMs === 0 ? 0 : summary.busyMs / summary.totalMs;
  const top = summary.parts.slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`);
  return `${who} is ${percent(busy)} busy: ${top.join(', ')}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
