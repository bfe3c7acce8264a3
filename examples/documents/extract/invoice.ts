import { parseDate } from '../dates.js';
import type { Invoice } from '../fields.js';
import { findCurrency, parseMinor } from '../money.js';
import { readItems } from './items.js';
import { fieldFinder, type LabelRule, type PageLines } from './labels.js';
import { currencyField, letterhead, readName } from './names.js';

const LABELS = {
  number: /^(tax )?(invoice|rechnung)\s*(number|no\b|nr\b|#)\.?/i,
  date: /^((invoice|issue) date|date of issue|date|issued( on)?)\b/i,
  seller: /^(from|seller|supplier)\b(?=\s*:|$)/i,
  buyer: /^(bill(ed)? to|invoice to|sold to|customer|buyer)\b(?=\s*:|$)/i,
  net: /^(sub\s?-?total|net( total| amount)?)\b/i,
  tax: /^(vat|sales tax|tax)\b(\s*\(?\s*\d+([.,]\d+)?\s*%\s*\)?)?/i,
  total: /^((grand |invoice )?total( due)?|amount due|balance due)\b/i,
};
const TITLES = /^(tax |sales )?(invoice|rechnung)\b/i;

/** Reads the fields of an invoice from the lines of its pages; what is not found is null, never guessed. */
export function extractInvoice(pages: readonly PageLines[]): Invoice {
  const currency = findCurrency(pages);
  const monthFirst = currency?.code === 'USD';
  const findLabelled = fieldFinder(pages, Object.values(LABELS));
  const find = <T>(label: RegExp, below: boolean, read: LabelRule<T>['read']) => findLabelled({ label, below, read });
  return {
    number: find(LABELS.number, true, readNumber),
    date: find(LABELS.date, true, (text) => parseDate(text, monthFirst)),
    seller: find(LABELS.seller, true, readName) ?? letterhead(pages, TITLES),
    buyer: find(LABELS.buyer, true, readName),
    currency: currency && currencyField(pages, currency),
    items: pages.flatMap((page) => readItems(page)),
    netMinor: find(LABELS.net, false, parseMinor),
    taxMinor: find(LABELS.tax, false, parseMinor),
    totalMinor: find(LABELS.total, false, parseMinor),
  };
}

function readNumber(text: string): string | null {
  return /^[A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*$/i.test(text) ? text : null;
}
