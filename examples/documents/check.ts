import type { DocumentResult, Invoice, ResultPage } from './model.js';
import type { TrueInvoice, TruePage, Truth } from './samples/truth.js';

/** A place where a result is not what it should be. */
export interface Difference {
  /** JSON pointer into the result. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Compares a result with the truth about its document, field by field. Nothing is tolerated, in pages that went
 * through OCR neither: the samples are clean enough to be read without a mistake.
 * @returns every difference; none means that the result is right.
 */
export function checkResult(result: DocumentResult, truth: Truth): Difference[] {
  const differences: Difference[] = [];
  const compare = (path: string, expected: unknown, actual: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(actual)) differences.push({ path, expected, actual });
  };
  compare('/pageCount', truth.pages.length, result.pageCount);
  for (const [index, page] of truth.pages.entries()) {
    const found = result.pages[index];
    if (found) comparePage(`/pages/${index}`, page, found, compare);
    else compare(`/pages/${index}`, 'a page', 'none');
  }
  const invalid = truth.pages.filter((page) => page.problems.length > 0).map((page) => page.page);
  compare('/totals/invalidPages', invalid, result.totals.invalidPages);
  return differences;
}

type Compare = (path: string, expected: unknown, actual: unknown) => void;

function comparePage(path: string, expected: TruePage, actual: ResultPage, compare: Compare): void {
  compare(`${path}/page`, expected.page, actual.page);
  compare(`${path}/class`, expected.class, actual.class);
  compare(`${path}/textSource`, expected.textSource, actual.textSource);
  if (expected.invoice && actual.invoice) compareInvoice(`${path}/invoice`, expected.invoice, actual.invoice, compare);
  else compare(`${path}/invoice`, expected.invoice !== null, actual.invoice !== null);
  compare(`${path}/validation`, expected.problems, actual.validation?.problems.map(({ code }) => code) ?? []);
}

function compareInvoice(path: string, expected: TrueInvoice, actual: Invoice, compare: Compare): void {
  for (const name of ['number', 'date', 'seller', 'buyer', 'currency', 'netMinor', 'taxMinor', 'totalMinor'] as const) {
    compare(`${path}/${name}`, expected[name], actual[name]?.value);
  }
  compare(`${path}/items/length`, expected.items.length, actual.items.length);
  for (const [index, item] of expected.items.entries()) {
    const found = actual.items[index];
    for (const name of ['description', 'quantity', 'unitPriceMinor', 'amountMinor'] as const) {
      compare(`${path}/items/${index}/${name}`, item[name], found?.[name]);
    }
  }
}
