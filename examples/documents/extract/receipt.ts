import { parseDate } from '../dates.js';
import type { Receipt, ReceiptItem } from '../fields.js';
import { unionBox } from '../geometry.js';
import { findCurrency, parseMinor } from '../money.js';
import { toRows } from '../reading-order.js';
import { fieldFinder, type PageLines } from './labels.js';
import { currencyField, firstField, letterhead } from './names.js';

const LABELS = {
  total: /^(total( due)?|amount due)\b(\s+[A-Z]{3}\b)?/i,
  paid: /^(card|cash|paid|visa|mastercard)\b/i,
  change: /^change\b/i,
};
/** What ends the list of what was bought. */
const SUMMARY = /^(sub\s?-?total|total|amount due)\b/i;

/** A till prints the time beside the date; a date without one may be a stamp of the post room. */
const TIME = /\b\d{1,2}:\d{2}\b/;

/** Reads the fields of a till receipt; what is not found is null, never guessed. */
export function extractReceipt(pages: readonly PageLines[]): Receipt {
  const currency = findCurrency(pages);
  const find = fieldFinder(pages, Object.values(LABELS));
  const readDate = (text: string) => parseDate(text, currency?.code === 'USD');
  const amount = (label: RegExp) => find({ label, below: false, read: parseMinor });
  return {
    seller: letterhead(pages, SUMMARY),
    date: firstField(pages, (text) => (TIME.test(text) ? readDate(text) : null)) ?? firstField(pages, readDate),
    currency: currency && currencyField(pages, currency),
    items: pages.flatMap(readItems),
    totalMinor: amount(LABELS.total),
    paidMinor: amount(LABELS.paid),
    changeMinor: amount(LABELS.change),
  };
}

/** Rows above the total that end in an amount with cents. */
function readItems({ page, lines }: PageLines): ReceiptItem[] {
  const items: ReceiptItem[] = [];
  for (const row of toRows(lines)) {
    const [first, ...others] = row;
    const last = others.at(-1);
    if (first === undefined) continue;
    if (SUMMARY.test(first.text)) break;
    const amountMinor = last && /[.,]\d{2}$/.test(last.text) ? parseMinor(last.text) : null;
    if (amountMinor === null) continue;
    const description = row
      .slice(0, -1)
      .map(({ text }) => text)
      .join(' ');
    items.push({ description, amountMinor, place: { page, box: unionBox(row.map(({ box }) => box)) } });
  }
  return items;
}
