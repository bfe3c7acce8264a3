/** The one result of a batch, as `merger` gives it. */

import type { Invoice, Receipt } from './fields.js';
import type { Annotation, BlockKind, DocumentRef, FieldProblem, PageClass, TextSource } from './model.js';
import type { Decision } from './review.js';

/** One page of the result. */
export interface ResultPage {
  readonly page: number;
  readonly document: number;
  readonly class: PageClass;
  readonly classConfidence: number;
  readonly textSource: TextSource;
  readonly ocrConfidence: number | null;
  readonly textLines: number;
  readonly blocks: Readonly<Record<BlockKind, number>>;
}

/** One document of the result. */
export interface ResultDocument extends DocumentRef {
  readonly title: string | null;
  readonly invoice: Invoice | null;
  readonly receipt: Receipt | null;
  /** Null for a document without fields. After a correction, of the corrected fields. */
  readonly validation: { readonly valid: boolean; readonly problems: readonly FieldProblem[] } | null;
  /** What a person decided about it; null where nobody was asked. */
  readonly decision: Decision['decision'] | null;
  readonly account: string | null;
  readonly annotation: Annotation;
}

/** Sums over the documents of one currency that count, in minor units. */
export interface CurrencyTotal {
  readonly currency: string;
  readonly invoices: number;
  readonly receipts: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  /** Of the invoices. */
  readonly totalMinor: number;
  readonly receiptsMinor: number;
}

/** The result. */
export interface BatchResult {
  readonly pageCount: number;
  readonly documentCount: number;
  readonly pages: readonly ResultPage[];
  readonly documents: readonly ResultDocument[];
  readonly totals: {
    readonly byClass: Readonly<Record<PageClass, number>>;
    readonly bySource: Readonly<Record<TextSource, number>>;
    /** Documents that are wrong and that no person accepted or put right. */
    readonly invalidDocuments: readonly number[];
    readonly byCurrency: readonly CurrencyTotal[];
  };
}
