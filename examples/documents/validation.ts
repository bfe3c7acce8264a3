import { z } from 'zod';
import type { Invoice, Receipt } from './fields.js';
import type { FieldProblem } from './model.js';
import { multiply } from './money.js';

/** Arithmetic that is off by more than this many minor units is a problem; rounding per item may cost one. */
const TOLERANCE_MINOR = 1;

const field = <T extends z.ZodType>(value: T) => z.object({ value });
const minor = z.int();
const currency = field(z.string().regex(/^[A-Z]{3}$/));
const item = z.object({ description: z.string().min(1), amountMinor: minor });

/** What an invoice must have. */
const invoiceSchema = z.object({
  number: field(z.string().min(1)),
  date: field(z.iso.date()),
  seller: field(z.string().min(2)),
  buyer: field(z.string().min(2)),
  currency,
  items: z.array(item).min(1),
  netMinor: field(minor),
  taxMinor: field(minor),
  totalMinor: field(minor),
});

/** What a receipt must have; how it was paid may be missing. */
const receiptSchema = z.object({
  seller: field(z.string().min(2)),
  date: field(z.iso.date()),
  currency,
  items: z.array(item).min(1),
  totalMinor: field(minor),
});

/** Everything that is wrong with an invoice: fields that are missing or malformed, then sums that do not add up. */
export function validateInvoice(invoice: Invoice): FieldProblem[] {
  const { problems, compare } = problemsOf(invoiceSchema, invoice);
  const { items, netMinor, taxMinor, totalMinor } = invoice;
  items.forEach(({ quantity, unitPriceMinor, amountMinor }, index) => {
    if (quantity === null || unitPriceMinor === null) return;
    compare('item-product', `/items/${index}/amountMinor`, multiply(quantity, unitPriceMinor), amountMinor);
  });
  if (netMinor && items.length > 0) compare('items-sum', '/netMinor', sumOf(items), netMinor.value);
  if (netMinor && taxMinor && totalMinor) {
    compare('net-plus-tax', '/totalMinor', netMinor.value + taxMinor.value, totalMinor.value);
  }
  return problems;
}

/** Everything that is wrong with a receipt. */
export function validateReceipt(receipt: Receipt): FieldProblem[] {
  const { problems, compare } = problemsOf(receiptSchema, receipt);
  const { items, totalMinor, paidMinor, changeMinor } = receipt;
  if (totalMinor && items.length > 0) compare('items-sum', '/totalMinor', sumOf(items), totalMinor.value);
  if (totalMinor && paidMinor) {
    compare('paid-minus-change', '/paidMinor', totalMinor.value + (changeMinor?.value ?? 0), paidMinor.value);
  }
  return problems;
}

/** What is wrong with the form of some fields, and how more is added to that. */
function problemsOf(schema: z.ZodType, fields: unknown) {
  const problems: FieldProblem[] = [];
  for (const { path, message } of schema.safeParse(fields).error?.issues ?? []) {
    problems.push({ code: 'schema', path: `/${path.map(String).join('/')}`, detail: message });
  }
  const compare = (code: FieldProblem['code'], path: string, expected: number, actual: number): void => {
    if (Math.abs(expected - actual) <= TOLERANCE_MINOR) return;
    problems.push({ code, path, detail: `expected ${expected} minor units, found ${actual}` });
  };
  return { problems, compare };
}

function sumOf(items: readonly { readonly amountMinor: number }[]): number {
  return items.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
