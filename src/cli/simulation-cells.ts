/** Columns and cells that the tables of a simulation share. */
import type { GroupReport, Spread } from '../simulate/index.js';
import { duration } from './format.js';
import type { Column } from './table.js';

/** A column of numbers; where a terminal is narrow, those with a small `spare` are left out first. */
export function right(title: string, spare?: number): Column {
  return { title, right: true, ...(spare === undefined ? {} : { spare }) };
}

/** Columns of a spread, as `spreadCells` fills them. */
export function spreadColumns(first: string): readonly Column[] {
  return [right(`${first} p50`, 3), right('p90', 2), right('p99'), right('longest', 4)];
}

export function spreadCells(spread: Spread | null): string[] {
  if (spread === null) return ['-', '-', '-', '-'];
  return [spread.p50Ms, spread.p90Ms, spread.p99Ms, spread.longestMs].map(duration);
}

/** The share of deadlines that were met, of those that were decided. */
export function inTime({ decided, met }: GroupReport['deadlines']): string {
  return decided === 0 ? '-' : percent(met / decided);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : 1)} %`;
}
