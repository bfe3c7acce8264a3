import { defineExecutor } from '../../src/executor/index.js';
import type { ExtractOutput, Invoice, Receipt } from './fields.js';
import { allOf, sameItem } from './inputs.js';
import type { FieldProblem, FindingsOutput, ValidateOutput } from './model.js';
import { validateInvoice, validateReceipt } from './validation.js';

/** Documents that the findings show with their problems: a condition reads this output, so it must stay small. */
const SHOWN = 100;

/**
 * `validator`: as a child, checks the fields of a document; alone, sums up what was found in the batch. What is wrong
 * with a document is a result, not a failure.
 */
export const validator = defineExecutor({
  class: 'validator',
  slots: 4,
  async run(ctx, input): Promise<ValidateOutput | FindingsOutput> {
    if (input['item'] === undefined) return findingsOf(await allOf<ValidateOutput>(ctx, input, 'checks'));
    return validate(await sameItem<ExtractOutput>(ctx, input, 'fields'));
  },
});

/** Checks what was extracted from a document. */
export function validate({ document, invoice, receipt }: ExtractOutput): ValidateOutput {
  const problems = problemsIn(invoice, receipt);
  return { document, checked: problems !== null, problems: problems ?? [] };
}

/** What is wrong with the fields of a document; null for one without fields. */
export function problemsIn(invoice: Invoice | null, receipt: Receipt | null): FieldProblem[] | null {
  if (invoice) return validateInvoice(invoice);
  return receipt && validateReceipt(receipt);
}

function findingsOf(checks: readonly ValidateOutput[]): FindingsOutput {
  const invalid = checks.filter(({ problems }) => problems.length > 0);
  return {
    checked: checks.filter(({ checked }) => checked).length,
    invalid: invalid.length,
    documents: invalid.slice(0, SHOWN).map(({ document, problems }) => ({ document, problems })),
  };
}
