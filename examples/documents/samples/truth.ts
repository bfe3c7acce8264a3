import type { PageClass, TextSource } from '../model.js';

/** A line item as it was printed. */
export interface TrueItem {
  readonly description: string;
  readonly quantity: string;
  readonly unitPriceMinor: number;
  readonly amountMinor: number;
}

/** The fields of an invoice as they were printed. */
export interface TrueInvoice {
  readonly number: string;
  /** ISO 8601. */
  readonly date: string;
  readonly seller: string;
  readonly buyer: string;
  readonly currency: string;
  readonly items: readonly TrueItem[];
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/** The fields of a receipt as they were printed. */
export interface TrueReceipt {
  readonly seller: string;
  /** ISO 8601. */
  readonly date: string;
  readonly currency: string;
  readonly items: readonly Pick<TrueItem, 'description' | 'amountMinor'>[];
  readonly totalMinor: number;
}

/** What the pipeline should say about a page. */
export interface TruePage {
  readonly page: number;
  readonly class: PageClass;
  readonly textSource: TextSource;
}

/** What the pipeline should say about a document of the batch. */
export interface TrueDocument {
  readonly class: PageClass;
  readonly from: number;
  readonly to: number;
  /** Null for a document that is no invoice. */
  readonly invoice: TrueInvoice | null;
  readonly receipt: TrueReceipt | null;
  /** Codes of the problems that the validator should find. */
  readonly problems: readonly string[];
}

/** What the pipeline should say about a batch. */
export interface Truth {
  readonly name: string;
  readonly pages: readonly TruePage[];
  readonly documents: readonly TrueDocument[];
}
