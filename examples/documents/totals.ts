import type { PageClass, TextSource } from './model.js';
import type { BatchResult, CurrencyTotal, ResultDocument, ResultPage } from './result.js';

/** Whether a document counts: its fields are right, or a person said that they are taken as they are. */
function counts({ validation, decision }: ResultDocument): boolean {
  return validation !== null && decision !== 'reject' && (validation.valid || decision === 'accept');
}

/** How many there are of what, what is wrong, and the sums over what counts. */
export function totalsOf(pages: readonly ResultPage[], documents: readonly ResultDocument[]): BatchResult['totals'] {
  const byClass: Record<PageClass, number> = { invoice: 0, receipt: 0, letter: 0, other: 0 };
  const bySource: Record<TextSource, number> = { 'text-layer': 0, ocr: 0, none: 0 };
  for (const { class: kind } of documents) byClass[kind]++;
  for (const { textSource } of pages) bySource[textSource]++;
  const invalid = documents.filter((document) => document.validation !== null && !counts(document));
  return {
    byClass,
    bySource,
    invalidDocuments: invalid.map(({ document }) => document),
    byCurrency: sumsOf(documents.filter(counts)),
  };
}

function sumsOf(documents: readonly ResultDocument[]): CurrencyTotal[] {
  const sums = new Map<string, CurrencyTotal>();
  for (const { invoice, receipt } of documents) {
    const currency = (invoice ?? receipt)?.currency?.value;
    if (currency === undefined) continue;
    const sum = sums.get(currency) ?? {
      currency,
      invoices: 0,
      receipts: 0,
      netMinor: 0,
      taxMinor: 0,
      totalMinor: 0,
      receiptsMinor: 0,
    };
    sums.set(currency, {
      currency,
      invoices: sum.invoices + (invoice ? 1 : 0),
      receipts: sum.receipts + (receipt ? 1 : 0),
      netMinor: sum.netMinor + (invoice?.netMinor?.value ?? 0),
      taxMinor: sum.taxMinor + (invoice?.taxMinor?.value ?? 0),
      totalMinor: sum.totalMinor + (invoice?.totalMinor?.value ?? 0),
      receiptsMinor: sum.receiptsMinor + (receipt?.totalMinor?.value ?? 0),
    });
  }
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
