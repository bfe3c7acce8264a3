/** Columns that the tables of a simulation share. */
import type { GroupReport, Spread } from '../../simulate/index.js';
import { duration, grouped } from '../text/format.js';
import type { ColumnOf } from '../text/table.js';

/** A column of numbers; where a terminal is narrow, those with a small `spare` are left out first. */
export function right<T>(title: string, cell: (one: T) => string, spare?: number): ColumnOf<T> {
  return { title, right: true, cell, ...(spare === undefined ? {} : { spare }) };
}

/** Columns of a spread. */
export function spreadColumns<T>(of: string, spreadOf: (one: T) => Spread | null): readonly ColumnOf<T>[] {
  const ms = (field: 'p50Ms' | 'p90Ms' | 'p99Ms' | 'longestMs') => (one: T) => duration(spreadOf(one)?.[field] ?? null);
  const columns = [
    right('p50', ms('p50Ms'), 3),
    right('p90', ms('p90Ms'), 2),
    right('p99', ms('p99Ms')),
    right('longest', ms('longestMs'), 4),
  ];
  return columns.map((column) => ({ ...column, of }));
}

/** A name of DAGs; they may have none. */
export function nameText(name: string): string {
  return name === '' ? '(no name)' : name;
}

type Due = Pick<GroupReport, 'deadlines'>;

/** Columns of deadlines; those that a run has not decided are counted where there are any. */
export function deadlineColumns(all: readonly Due[]): readonly ColumnOf<Due>[] {
  const undecided = [
    right<Due>('decided', ({ deadlines }) => grouped(deadlines.decided), 2),
    right<Due>('still due', ({ deadlines }) => grouped(deadlines.open)),
  ];
  return [right('in time', inTime), ...(all.some(({ deadlines }) => deadlines.open > 0) ? undecided : [])];
}

/** The share of deadlines that were met, of those that were decided. */
export function inTime({ deadlines: { decided, met } }: Due): string {
  // 100 % are all: that some were missed is not rounded away.
  const share = met === decided ? 1 : Math.min(met / decided, 0.999);
  return decided === 0 ? '-' : percent(share);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : 1)} %`;
}
