import { median, roundBox, sameRow, unionBox } from './geometry.js';
import type { Box, Line, Run } from './model.js';

/** A gap wider than this many font sizes ends a line: what follows is another column or another cell. */
const COLUMN_GAP_SIZES = 1.2;
/** A gap narrower than this many font sizes is kerning, not a space. */
const SPACE_GAP_SIZES = 0.15;
/** A vertical gap of more than this many font sizes between the text of two lines ends a block. */
const BLOCK_GAP_SIZES = 0.9;
/** Lines of a text column have at least this many words on average; cells of a table have fewer. */
const PROSE_WORDS = 3;

type Segment = Omit<Line, 'block'>;

/**
 * Brings runs of text into reading order: runs on one baseline become lines, lines become blocks, and side by side
 * columns of prose are read one after the other, while the cells of a table are read row by row. A recursive X-Y cut
 * (Nagy and Seth, 1984) that keeps a table together.
 */
export function toLines(runs: readonly Run[]): Line[] {
  let block = 0;
  return cut(joinRuns(runs)).flatMap((segments) => {
    const number = block++;
    return segments.map((segment) => ({ ...segment, block: number }));
  });
}

/** The rows of a page or of a part of it: lines that stand beside each other, from left to right, top to bottom. */
export function toRows<T extends { readonly box: Box }>(lines: readonly T[]): T[][] {
  const rows: T[][] = [];
  for (const line of [...lines].sort((a, b) => a.box[3] - b.box[3] || a.box[0] - b.box[0])) {
    const row = rows.findLast((candidate) => candidate.some((other) => sameRow(other.box, line.box)));
    if (row) row.push(line);
    else rows.push([line]);
  }
  for (const row of rows) row.sort((a, b) => a.box[0] - b.box[0]);
  return rows;
}

function joinRuns(runs: readonly Run[]): Segment[] {
  const segments: Segment[] = [];
  for (const row of toRows(runs)) {
    let open: Run[] = [];
    for (const run of row) {
      const last = open.at(-1);
      if (last && run.box[0] - last.box[2] > COLUMN_GAP_SIZES * Math.max(last.size, run.size)) {
        segments.push(toSegment(open));
        open = [];
      }
      open.push(run);
    }
    if (open.length > 0) segments.push(toSegment(open));
  }
  return segments;
}

function toSegment(runs: readonly Run[]): Segment {
  let text = '';
  let end = Infinity;
  for (const run of runs) {
    text += run.box[0] - end > SPACE_GAP_SIZES * run.size ? ` ${run.text}` : run.text;
    end = run.box[2];
  }
  const size = Math.round(2 * median(runs.map((run) => run.size))) / 2;
  return { text: text.replace(/\s+/g, ' ').trim(), box: roundBox(unionBox(runs.map((run) => run.box))), size };
}

/** Blocks in reading order. */
function cut(segments: readonly Segment[]): Segment[][] {
  const groups: { bands: Segment[][]; gap: Gap | null }[] = [];
  for (const band of bands(segments)) {
    const gap = columnGap(band);
    const last = groups.at(-1);
    const shared = last?.gap && gap ? intersect(last.gap, gap) : null;
    if (last && shared) {
      last.bands.push(band);
      last.gap = shared;
    } else {
      groups.push({ bands: [band], gap });
    }
  }
  return groups.flatMap(({ bands: group, gap }) => {
    if (!gap) return group.map((band) => toRows(band).flat());
    const all = group.flat();
    const left = all.filter((segment) => segment.box[2] <= gap.from);
    return [...cut(left), ...cut(all.filter((segment) => segment.box[2] > gap.from))];
  });
}

/** Cuts at blank stripes that go across all the segments. */
function bands(segments: readonly Segment[]): Segment[][] {
  const limit = BLOCK_GAP_SIZES * median(segments.map((segment) => segment.size));
  const result: Segment[][] = [];
  let bottom = Infinity;
  for (const segment of [...segments].sort((a, b) => a.box[1] - b.box[1])) {
    const band = result.at(-1);
    if (band && segment.box[1] - bottom <= limit) band.push(segment);
    else result.push([segment]);
    bottom = band && segment.box[1] - bottom <= limit ? Math.max(bottom, segment.box[3]) : segment.box[3];
  }
  return result;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The widest blank column that has prose on both sides, or null. */
function columnGap(band: readonly Segment[]): Gap | null {
  let best: Gap | null = null;
  let right = -Infinity;
  for (const segment of [...band].sort((a, b) => a.box[0] - b.box[0])) {
    const gap = { from: right, to: segment.box[0] };
    if (gap.to - gap.from > (best ? best.to - best.from : 0) && Number.isFinite(right)) best = gap;
    right = Math.max(right, segment.box[2]);
  }
  if (!best) return null;
  const edge = best.from;
  const sides = [band.filter((s) => s.box[2] <= edge), band.filter((s) => s.box[2] > edge)];
  return sides.every(isProse) ? best : null;
}

function isProse(segments: readonly Segment[]): boolean {
  const words = segments.reduce((sum, segment) => sum + segment.text.split(' ').length, 0);
  return words >= PROSE_WORDS * segments.length;
}

function intersect(a: Gap, b: Gap): Gap | null {
  const gap = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  return gap.to > gap.from ? gap : null;
}
