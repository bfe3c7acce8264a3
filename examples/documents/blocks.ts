import { median, unionBox } from './geometry.js';
import type { Block, BlockKind, Line } from './model.js';
import { toRows } from './reading-order.js';

/** Print that is larger than the page's usual by this factor is a heading. */
const HEADING_FACTOR = 1.25;
/** Edges that differ by less than this are one edge of a column, in points. */
const ALIGNED = 3;
/** Columns from which on rows are a table, not labels with their values. */
const TABLE_COLUMNS = 3;

/**
 * Finds the blocks of a page: what stands close together is one already; rows of cells that stand farther apart, but
 * under each other, are one as well. The lines come back with the numbers of their blocks.
 */
export function toBlocks(lines: readonly Line[]): { readonly lines: Line[]; readonly blocks: Block[] } {
  const usual = median(lines.map((line) => line.size));
  const groups: Line[][] = [];
  for (const group of byBlock(lines)) {
    const last = groups.at(-1);
    if (last && areAligned(last, group)) last.push(...group);
    else groups.push([...group]);
  }
  return {
    lines: groups.flatMap((group, block) => group.map((line) => ({ ...line, block }))),
    blocks: groups.map((group) => ({ kind: kindOf(group, usual), box: unionBox(group.map(({ box }) => box)) })),
  };
}

function byBlock(lines: readonly Line[]): Iterable<Line[]> {
  const groups = new Map<number, Line[]>();
  for (const line of lines) {
    const group = groups.get(line.block);
    if (group) group.push(line);
    else groups.set(line.block, [line]);
  }
  return groups.values();
}

/** Whether the last row of one block and the first of another have at least two columns in common, and one size. */
function areAligned(above: readonly Line[], below: readonly Line[]): boolean {
  const last = toRows(above).at(-1) ?? [];
  const first = toRows(below)[0] ?? [];
  if (last.length < 2 || first.length < 2) return false;
  const shares = (a: Line, b: Line) =>
    Math.abs(a.box[0] - b.box[0]) < ALIGNED || Math.abs(a.box[2] - b.box[2]) < ALIGNED;
  return first.filter((cell) => last.some((other) => shares(cell, other))).length >= 2;
}

function kindOf(lines: readonly Line[], usual: number): BlockKind {
  const columns = median(toRows(lines).map((row) => row.length));
  if (columns >= TABLE_COLUMNS) return 'table';
  if (columns === 2) return 'pairs';
  return median(lines.map((line) => line.size)) >= HEADING_FACTOR * usual ? 'heading' : 'paragraph';
}
