import Table from 'cli-table3';
import type { Io } from '../terminal/io.js';
import { widthOf } from './width.js';

/** Nothing but spaces between columns, so that a table can be cut up by other programs. */
const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
const GAP = NO_BORDERS.middle.length;

/** Narrower than this, words that are wrapped can't be read. */
const LEAST_WRAPPED = 16;

/** What stands in a cell; the other form is for a terminal that is too narrow for this one. */
export type Cell = string | { readonly wide: string; readonly narrow: string };

export interface Column {
  readonly title: string;
  /** What it tells of, where columns side by side tell of the same: that stands before the title of the first. */
  readonly of?: string;
  readonly right?: boolean;
  /** Left out where a terminal is too narrow for all columns: those with 1 first. Those without it always stay. */
  readonly spare?: number;
  /** Its words go on in the next line where there is no room for them. */
  readonly wraps?: boolean;
}

/** A column, and what stands in it of each thing that a table is of. */
export interface ColumnOf<T> extends Column {
  readonly cell: (one: T, io: Io) => Cell;
}

/** A table with a row for each of some things. */
export function tableOf<T>(io: Io, columns: readonly ColumnOf<T>[], things: readonly T[]): string {
  return tableText(
    io,
    columns,
    things.map((one) => columns.map(({ cell }) => cell(one, io))),
  );
}

/** Columns with their cells, of which the widths can be told. */
interface Part {
  readonly column: Column;
  /** Its title as it stands above its cells. */
  readonly title: string;
  readonly cells: readonly string[];
}

/**
 * A table as text, its header set apart in colour where there is any. On a terminal that is too narrow for it, cells
 * say less, and columns are left out and named below; elsewhere it has whatever width it needs.
 */
export function tableText(io: Io, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const wide = partsOf(columns, rows, 'wide');
  if (!io.isTerminal || rowWidth(wide) <= io.columns) return drawn(io, wide);
  const { kept, leftOut } = fitted(partsOf(columns, rows, 'narrow'), io.columns);
  const titles = leftOut.map(({ column }) => fullTitle(column)).join(', ');
  const note = titles === '' ? [] : [io.colors.dim(`(no room for: ${titles})`)];
  return [drawn(io, kept), ...note].join('\n');
}

function partsOf(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  form: 'wide' | 'narrow',
): readonly Part[] {
  const parts = columns.map((column, at) => ({
    column,
    title: column.title,
    cells: rows.map((row) => {
      const cell = row[at] ?? '';
      return typeof cell === 'string' ? cell : cell[form];
    }),
  }));
  return titled(parts);
}

function fullTitle({ title, of }: Column): string {
  return of === undefined ? title : `${of} ${title}`;
}

/** The same parts; the first of those that tell of the same says of what. */
function titled(parts: readonly Part[]): readonly Part[] {
  return parts.map((part, at) => {
    const { column } = part;
    return { ...part, title: parts[at - 1]?.column.of === column.of ? column.title : fullTitle(column) };
  });
}

/** Leaves out what is empty, then what is spare, until the rest has room. */
function fitted(parts: readonly Part[], room: number) {
  const order = [
    ...parts.filter(({ column, cells }) => column.spare !== undefined && cells.every((text) => text === '')),
    ...parts.filter(({ column }) => column.spare !== undefined).sort((a, b) => a.column.spare! - b.column.spare!),
  ];
  let kept = parts;
  for (const part of order) {
    if (leastWidthOf(kept) <= room) break;
    kept = titled(kept.filter(({ column }) => column !== part.column));
  }
  const leftOut = parts.filter(
    (part) => !kept.some(({ column }) => column === part.column) && part.cells.some((text) => text !== ''),
  );
  return { kept, leftOut };
}

function rowWidth(parts: readonly Part[], width = textWidth): number {
  return parts.reduce((sum, part) => sum + width(part), 0) + GAP * (parts.length - 1);
}

function leastWidthOf(parts: readonly Part[]): number {
  return rowWidth(parts, (part) => {
    const width = textWidth(part);
    return part.column.wraps ? Math.min(width, LEAST_WRAPPED) : width;
  });
}

function textWidth({ title, cells }: Part): number {
  return [title, ...cells].reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** The library compares each row with all before it: a DAG may have a hundred thousand. */
const ROWS_AT_ONCE = 64;

function drawn(io: Io, parts: readonly Part[]): string {
  const over = io.isTerminal ? Math.max(0, rowWidth(parts) - io.columns) : 0;
  const widths = parts.map((part) => {
    return part.column.wraps && over > 0 ? Math.max(LEAST_WRAPPED, textWidth(part) - over) : null;
  });
  const options = {
    colAligns: parts.map(({ column }) => (column.right ? ('right' as const) : ('left' as const))),
    colWidths: widths,
    wordWrap: true,
    chars: NO_BORDERS,
    style: { border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  };
  // As wide as every row needs, it stands before those that are drawn at once, and is left out.
  const ruler = parts.map((part, at) => (widths[at] === null ? '-'.repeat(textWidth(part)) : ''));
  const titles = parts.map(({ title }) => io.colors.dim(title));
  const count = parts[0]?.cells.length ?? 0;
  const lines: string[] = [];
  // Its first row are the titles.
  for (let first = 0; first <= count; first += ROWS_AT_ONCE) {
    const table = new Table(options);
    table.push(ruler);
    for (let row = first; row < Math.min(count + 1, first + ROWS_AT_ONCE); row++) {
      table.push(row === 0 ? titles : parts.map(({ cells }) => cells[row - 1]!));
    }
    const [, ...drawn] = table.toString().split('\n');
    lines.push(...drawn.map((line) => line.trimEnd()));
  }
  return lines.join('\n');
}
