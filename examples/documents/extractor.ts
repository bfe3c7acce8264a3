import { defineExecutor } from '../../src/executor/index.js';
import { parseDate } from './dates.js';
import { readItems } from './extract/items.js';
import { findLabelled } from './extract/labels.js';
import { pageOf, samePage } from './inputs.js';
import type { ClassifyOutput, ExtractOutput, Field, Invoice, Line, PageText } from './model.js';
import { findCurrency, parseMinor } from './money.js';

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

/** Reads the fields of an invoice from the lines of its page; what is not found is null, never guessed. */
export function extractInvoice({ page, lines }: Pick<PageText, 'page' | 'lines'>): Invoice {
  const all = lines.map((line) => line.text).join('\n');
  const currency = findCurrency(all);
  const monthFirst = currency?.code === 'USD';
  const find = <T>(label: RegExp, below: boolean, read: (text: string) => T | null) =>
    findLabelled(page, lines, { label, below, read }, isLabel);
  return {
    number: find(LABELS.number, true, readNumber),
    date: find(LABELS.date, true, (text) => parseDate(text, monthFirst)),
    seller: find(LABELS.seller, true, readName) ?? letterhead(page, lines),
    buyer: find(LABELS.buyer, true, readName),
    currency: currency && currencyField(page, lines, currency),
    items: readItems(page, lines),
    netMinor: find(LABELS.net, false, parseMinor),
    taxMinor: find(LABELS.tax, false, parseMinor),
    totalMinor: find(LABELS.total, false, parseMinor),
  };
}

/** `extractor`: the fields of an invoice with the places that they came from; nothing for other pages yet. */
export const extractor = defineExecutor({
  class: 'extractor',
  slots: 4,
  async run(ctx, input): Promise<ExtractOutput> {
    const { page } = pageOf(input);
    const found = await samePage<ClassifyOutput>(ctx, input, 'class');
    if (found.class !== 'invoice') return { page, invoice: null };
    return { page, invoice: extractInvoice(await samePage<PageText>(ctx, input, 'text')) };
  },
});

function isLabel(text: string): boolean {
  return Object.values(LABELS).some((label) => label.exec(text)?.[0].length === text.replace(/[\s:]+$/, '').length);
}

function readNumber(text: string): string | null {
  return /^[A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*$/i.test(text) ? text : null;
}

function readName(text: string): string | null {
  return /\p{L}{2}/u.test(text) ? text : null;
}

/** Where no label names the seller, it is the largest print in the page's upper quarter that is not the title. */
function letterhead(page: number, lines: readonly Line[]): Field<string> | null {
  const bottom = Math.max(0, ...lines.map((line) => line.box[3]));
  const heads = lines.filter((line) => line.box[3] < bottom / 4 && !TITLES.test(line.text) && readName(line.text));
  const head = heads.reduce<Line | null>((best, line) => (best && best.size >= line.size ? best : line), null);
  return head && { value: head.text, text: head.text, place: { page, box: head.box } };
}

function currencyField(
  page: number,
  lines: readonly Line[],
  { code, mark }: { code: string; mark: string },
): Field<string> | null {
  const line = lines.find(({ text }) => text.includes(mark));
  return line ? { value: code, text: mark, place: { page, box: line.box } } : null;
}
