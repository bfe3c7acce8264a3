import type { BatchResult, ResultDocument, ResultPage } from './result.js';
import type { TrueDocument, TruePage, Truth } from './samples/truth.js';

/** A place where a result is not what it should be. */
export interface Difference {
  /** JSON pointer into the result. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

const INVOICE_FIELDS = ['number', 'date', 'seller', 'buyer', 'currency', 'netMinor', 'taxMinor', 'totalMinor'] as const;
const INVOICE_ITEM = ['description', 'quantity', 'unitPriceMinor', 'amountMinor'] as const;
const RECEIPT_FIELDS = ['seller', 'date', 'currency', 'totalMinor'] as const;
const RECEIPT_ITEM = ['description', 'amountMinor'] as const;

/**
 * Compares a result with the truth about its batch, field by field. Nothing is tolerated, in pages that went through
 * OCR neither: the samples are clean enough to be read without a mistake.
 * @returns every difference; none means that the result is right.
 */
export function checkResult(result: BatchResult, truth: Truth): Difference[] {
  const differences: Difference[] = [];
  const compare: Compare = (path, expected, actual) => {
    if (JSON.stringify(expected) !== JSON.stringify(actual)) differences.push({ path, expected, actual });
  };
  compare('/pageCount', truth.pages.length, result.pageCount);
  compare('/documentCount', truth.documents.length, result.documentCount);
  for (const [index, page] of truth.pages.entries()) {
    const found = result.pages[index];
    if (found) comparePage(`/pages/${index}`, page, found, compare);
    else compare(`/pages/${index}`, 'a page', 'none');
  }
  for (const [index, document] of truth.documents.entries()) {
    const found = result.documents[index];
    if (found) compareDocument(`/documents/${index}`, document, found, compare);
    else compare(`/documents/${index}`, 'a document', 'none');
  }
  return differences;
}

type Compare = (path: string, expected: unknown, actual: unknown) => void;

function comparePage(path: string, expected: TruePage, actual: ResultPage, compare: Compare): void {
  for (const name of ['page', 'class', 'textSource'] as const) compare(`${path}/${name}`, expected[name], actual[name]);
}

function compareDocument(path: string, expected: TrueDocument, actual: ResultDocument, compare: Compare): void {
  for (const name of ['class', 'from', 'to'] as const) compare(`${path}/${name}`, expected[name], actual[name]);
  const { invoice, receipt } = expected;
  compareFields(`${path}/invoice`, invoice, actual.invoice, INVOICE_FIELDS, INVOICE_ITEM, compare);
  compareFields(`${path}/receipt`, receipt, actual.receipt, RECEIPT_FIELDS, RECEIPT_ITEM, compare);
  // What a person put right is right: the problems are those of what was printed.
  if (actual.decision === 'correct') return;
  compare(`${path}/validation`, expected.problems, actual.validation?.problems.map(({ code }) => code) ?? []);
}

interface Printed<I extends string> {
  readonly items: readonly { readonly [K in I]: unknown }[];
}

/** Fields with the values that were printed, and those that were read. */
function compareFields<F extends string, I extends string>(
  path: string,
  expected: (Printed<I> & { readonly [K in F]: unknown }) | null,
  actual: (Printed<I> & { readonly [K in F]: { readonly value: unknown } | null }) | null,
  fields: readonly F[],
  itemFields: readonly I[],
  compare: Compare,
): void {
  if (expected === null || actual === null) {
    compare(path, expected !== null, actual !== null);
    return;
  }
  for (const name of fields) compare(`${path}/${name}`, expected[name], actual[name]?.value);
  compare(`${path}/items/length`, expected.items.length, actual.items.length);
  for (const [index, item] of expected.items.entries()) {
    for (const name of itemFields) compare(`${path}/items/${index}/${name}`, item[name], actual.items[index]?.[name]);
  }
}
