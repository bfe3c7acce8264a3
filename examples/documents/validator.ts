import { z } from 'zod';
import { defineExecutor } from '../../src/executor/index.js';
import { pageOf, samePage } from './inputs.js';
import type { ExtractOutput, FieldProblem, Invoice, ValidateOutput } from './model.js';
import { multiply } from './money.js';

/** Arithmetic that is off by more than this many minor units is a problem; rounding per item may cost one. */
const TOLERANCE_MINOR = 1;

const field = <T extends z.ZodType>(value: T) => z.object({ value });
const minor = z.number().int();

/** What an invoice must have. */
const invoiceSchema = z.object({
  number: field(z.string().min(1)),
  date: field(z.iso.date()),
  seller: field(z.string().min(2)),
  buyer: field(z.string().min(2)),
  currency: field(z.string().regex(/^[A-Z]{3}$/)),
  items: z.array(z.object({ description: z.string().min(1), amountMinor: minor })).min(1),
  netMinor: field(minor),
  taxMinor: field(minor),
  totalMinor: field(minor),
});

/** Everything that is wrong with an invoice: fields that are missing or malformed, then sums that do not add up. */
export function validateInvoice(invoice: Invoice): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const parsed = invoiceSchema.safeParse(invoice);
  for (const { path, message } of parsed.error?.issues ?? []) {
    problems.push({ code: 'schema', path: `/${path.map(String).join('/')}`, detail: message });
  }
  const { items, netMinor, taxMinor, totalMinor } = invoice;
  const compare = (code: FieldProblem['code'], path: string, expected: number, actual: number) => {
    if (Math.abs(expected - actual) <= TOLERANCE_MINOR) return;
    problems.push({ code, path, detail: `expected ${expected} minor units, found ${actual}` });
  };
  items.forEach(({ quantity, unitPriceMinor, amountMinor }, index) => {
    if (quantity === null || unitPriceMinor === null) return;
    compare('item-product', `/items/${index}/amountMinor`, multiply(quantity, unitPriceMinor), amountMinor);
  });
  if (netMinor && items.length > 0) {
    const sum = items.reduce((total, item) => total + item.amountMinor, 0);
    compare('items-sum', '/netMinor', sum, netMinor.value);
  }
  if (netMinor && taxMinor && totalMinor) {
    compare('net-plus-tax', '/totalMinor', netMinor.value + taxMinor.value, totalMinor.value);
  }
  return problems;
}

/** `validator`: checks the fields of a page; what is wrong with a document is a result, not a failure. */
export const validator = defineExecutor({
  class: 'validator',
  slots: 4,
  async run(ctx, input): Promise<ValidateOutput> {
    const { page } = pageOf(input);
    const { invoice } = await samePage<ExtractOutput>(ctx, input, 'fields');
    if (!invoice) return { page, checked: false, problems: [] };
    return { page, checked: true, problems: validateInvoice(invoice) };
  },
});
