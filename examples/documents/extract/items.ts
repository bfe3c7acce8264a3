import type { LineItem } from '../fields.js';
import { unionBox } from '../geometry.js';
import type { Box, Line } from '../model.js';
import { parseMinor, parseQuantity } from '../money.js';
import { toRows } from '../reading-order.js';
import type { PageLines } from './labels.js';

type Column = 'description' | 'quantity' | 'unitPrice' | 'amount' | 'ignored';

const HEADINGS: readonly (readonly [Column, RegExp])[] = [
  ['description', /^(description|item|service|article|product)s?$/i],
  ['quantity', /^(qty\.?|quantity|hours|units)$/i],
  ['unitPrice', /^(unit price|price|rate)$/i],
  ['amount', /^(amount|total|line total)$/i],
  ['ignored', /^(pos\.?|no\.?|#)$/i],
];

/** A description goes on in the next row at most this many font sizes below; what is farther away is no part of it. */
const WRAP_SIZES = 1.2;

/** What ends the table of items. */
const SUMMARY = /^(sub\s?-?total|net\b|total|vat\b|tax\b|sales tax|amount due|balance due)/i;

/**
 * Reads the line items of a page: the first row with the headings of a description and an amount, and what follows as
 * long as it has an amount. A row with a description alone goes on with the item above it.
 */
export function readItems({ page, lines }: PageLines): LineItem[] {
  const rows = toRows(lines);
  const headerIndex = rows.findIndex((row) => {
    const columns = row.map(headingOf);
    return columns.includes('description') && columns.includes('amount');
  });
  if (headerIndex < 0) return [];
  const header = (rows[headerIndex] ?? []).map((line) => ({ line, column: headingOf(line) ?? 'ignored' }));
  const items: LineItem[] = [];
  for (const row of rows.slice(headerIndex + 1)) {
    if (row.some((line) => SUMMARY.test(line.text))) break;
    const cells = new Map<Column, string>();
    for (const line of row) {
      const column = columnOf(line, header);
      cells.set(column, `${cells.get(column) ?? ''} ${line.text}`.trim());
    }
    addRow(items, page, row, cells);
  }
  return items;
}

function addRow(items: LineItem[], page: number, row: readonly Line[], cells: ReadonlyMap<Column, string>): void {
  const amountMinor = parseMinor(cells.get('amount') ?? '');
  const description = cells.get('description') ?? '';
  const box = unionBox(row.map((line) => line.box));
  const last = items.at(-1);
  if (amountMinor !== null && description !== '') {
    const quantity = parseQuantity(cells.get('quantity') ?? '');
    const unitPriceMinor = parseMinor(cells.get('unitPrice') ?? '');
    items.push({ description, quantity, unitPriceMinor, amountMinor, place: { page, box } });
  } else if (last && description !== '' && cells.size === 1 && isNear(last.place.box, row)) {
    const place = { page, box: unionBox([last.place.box, box]) };
    items[items.length - 1] = { ...last, description: `${last.description} ${description}`, place };
  }
}

function isNear(above: Box, row: readonly Line[]): boolean {
  return row.every(({ box, size }) => box[1] - above[3] <= WRAP_SIZES * size);
}

function headingOf(line: Line): Column | undefined {
  return HEADINGS.find(([, pattern]) => pattern.test(line.text))?.[0];
}

/** The column whose heading is nearest: by left edges for text, by right edges for numbers, by middles for either. */
function columnOf(cell: Line, header: readonly { readonly line: Line; readonly column: Column }[]): Column {
  let best: Column = 'ignored';
  let least = Infinity;
  for (const { line, column } of header) {
    const [left, right] = [cell.box[0] - line.box[0], cell.box[2] - line.box[2]];
    const distance = Math.min(Math.abs(left), Math.abs(right), Math.abs(left + right) / 2);
    if (distance < least) [best, least] = [column, distance];
  }
  return best;
}
