import { defineExecutor } from '../../src/executor/index.js';
import { extractInvoice } from './extract/invoice.js';
import { extractReceipt } from './extract/receipt.js';
import type { ExtractOutput } from './fields.js';
import { documentOf, pagesOf } from './inputs.js';
import type { LayoutOutput } from './model.js';

/** `extractor`: the fields of an invoice or a receipt with the places that they came from; of the rest, the title. */
export const extractor = defineExecutor({
  class: 'extractor',
  slots: 4,
  async run(ctx, input): Promise<ExtractOutput> {
    const { document, class: kind } = documentOf(input);
    const pages = await pagesOf<LayoutOutput>(ctx, input, 'layout');
    return {
      document,
      title: titleOf(pages),
      invoice: kind === 'invoice' ? extractInvoice(pages) : null,
      receipt: kind === 'receipt' ? extractReceipt(pages) : null,
    };
  },
});

function titleOf(pages: readonly LayoutOutput[]): string | null {
  for (const { blocks, lines } of pages) {
    const heading = blocks.findIndex(({ kind }) => kind === 'heading');
    if (heading >= 0) return lines.find(({ block }) => block === heading)?.text ?? null;
  }
  return null;
}
