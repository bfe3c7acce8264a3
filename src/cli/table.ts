import type { Io } from './io.js';
import { fitted as cutOff, padded, widthOf } from './width.js';

/** Nothing but spaces between columns, so that a table can be cut up by other programs. */
const BETWEEN = '  ';
const GAP = BETWEEN.length;

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
  return [title, ...cells].reduce((most, text) => Math.max(most, ...text.split('\n').map(widthOf)), 0);
}

function drawn(io: Io, parts: readonly Part[]): string {
  const over = io.isTerminal ? Math.max(0, rowWidth(parts) - io.columns) : 0;
  const places = parts.map((part) => {
    const width = textWidth(part);
    const isWrapped = part.column.wraps === true && over > 0;
    return { isRight: part.column.right === true, width: isWrapped ? Math.max(LEAST_WRAPPED, width - over) : width };
  });
  const lines = linesOf(
    places,
    parts.map(({ title }) => io.colors.dim(title)),
  );
  const count = parts[0]?.cells.length ?? 0;
  for (let row = 0; row < count; row++) {
    const cells = parts.map((part) => part.cells[row]!);
    for (const line of linesOf(places, cells)) lines.push(line);
  }
  return lines.join('\n');
}

/** Where the cells of a column stand. */
interface Place {
  readonly isRight: boolean;
  readonly width: number;
}

/** A row, in as many lines as its highest cell has. */
function linesOf(places: readonly Place[], cells: readonly string[]): string[] {
  const texts = cells.map((cell, at) => wrapped(cell, places[at]!.width));
  const height = Math.max(...texts.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const row = places.map(({ isRight, width }, at) => {
      const text = texts[at]![line] ?? '';
      return isRight ? ' '.repeat(Math.max(0, width - widthOf(text))) + text : padded(text, width);
    });
    return row.join(BETWEEN).trimEnd();
  });
}

/** A cell that has one colour; each of its lines has it then. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a colour begins and ends.
const COLOURED = /^(\u001b\[[\d;]*m)(.*)(\u001b\[[\d;]*m)$/s;

/** The lines of a text that has so many columns: broken between words, and a longer word is cut off. */
function wrapped(text: string, width: number): string[] {
  if (widthOf(text) <= width && !text.includes('\n')) return [text];
  const [, on = '', inner = text, off = ''] = COLOURED.exec(text) ?? [];
  return inner.split('\n').flatMap((line) => wordsIn(line, width).map((part) => on + part + off));
}

function wordsIn(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(widthOf(word) <= width ? word : cutOff(word, width));
  }
  return lines;
}
