/** Columns and cells that the tables of a simulation share. */
import type { GroupReport, Spread } from '../simulate/index.js';
import { duration, grouped } from './format.js';
import type { Column } from './table.js';

/** A column of numbers; where a terminal is narrow, those with a small `spare` are left out first. */
export function right(title: string, spare?: number): Column {
  return { title, right: true, ...(spare === undefined ? {} : { spare }) };
}

/** Columns of a spread, as `spreadCells` fills them. */
export function spreadColumns(of: string): readonly Column[] {
  return [right('p50', 3), right('p90', 2), right('p99'), right('longest', 4)].map((column) => ({ ...column, of }));
}

/** A name of DAGs; they may have none. */
export function nameText(name: string): string {
  return name === '' ? '(no name)' : name;
}

export function spreadCells(spread: Spread | null): string[] {
  if (spread === null) return ['-', '-', '-', '-'];
  return [spread.p50Ms, spread.p90Ms, spread.p99Ms, spread.longestMs].map(duration);
}

/** Columns of deadlines, as `deadlineCells` fills them; those that a run has not decided are counted where there are any. */
export function deadlineColumns(all: readonly Deadlines[]): readonly Column[] {
  return [right('in time'), ...(isUndecided(all) ? [right('decided', 2), right('still due')] : [])];
}

export function deadlineCells(deadlines: Deadlines, all: readonly Deadlines[]): string[] {
  const counts = isUndecided(all) ? [grouped(deadlines.decided), grouped(deadlines.open)] : [];
  return [inTime(deadlines), ...counts];
}

type Deadlines = GroupReport['deadlines'];

function isUndecided(all: readonly Deadlines[]): boolean {
  return all.some(({ open }) => open > 0);
}

/** The share of deadlines that were met, of those that were decided. */
export function inTime({ decided, met }: Deadlines): string {
  // 100 % are all: that some were missed is not rounded away.
  const share = met === decided ? 1 : Math.min(met / decided, 0.999);
  return decided === 0 ? '-' : percent(share);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : 1)} %`;
}
