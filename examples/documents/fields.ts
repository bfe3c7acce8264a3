/** The fields of the documents that the pipeline reads. */

import type { Box } from './model.js';

/** A value with the text that it was read from and where that stands; no place is a value that a person gave. */
export interface Field<T> {
  readonly value: T;
  readonly text: string;
  readonly place: { readonly page: number; readonly box: Box } | null;
}

/** A line item of an invoice. Money is in minor units (cents), quantities are decimal strings. */
export interface LineItem {
  readonly description: string;
  readonly quantity: string | null;
  readonly unitPriceMinor: number | null;
  readonly amountMinor: number;
  readonly place: { readonly page: number; readonly box: Box };
}

/** The fields of an invoice; null is a field that was not found. */
export interface Invoice {
  readonly number: Field<string> | null;
  /** ISO 8601, `YYYY-MM-DD`. */
  readonly date: Field<string> | null;
  readonly seller: Field<string> | null;
  readonly buyer: Field<string> | null;
  /** ISO 4217. */
  readonly currency: Field<string> | null;
  readonly items: readonly LineItem[];
  readonly netMinor: Field<number> | null;
  readonly taxMinor: Field<number> | null;
  readonly totalMinor: Field<number> | null;
}

/** What was bought, as a till prints it. */
export interface ReceiptItem {
  readonly description: string;
  readonly amountMinor: number;
  readonly place: { readonly page: number; readonly box: Box };
}

/** The fields of a receipt; null is a field that was not found. */
export interface Receipt {
  readonly seller: Field<string> | null;
  readonly date: Field<string> | null;
  readonly currency: Field<string> | null;
  readonly items: readonly ReceiptItem[];
  readonly totalMinor: Field<number> | null;
  readonly paidMinor: Field<number> | null;
  readonly changeMinor: Field<number> | null;
}

/** What `extractor` gives; both fields are null for a document of another class. */
export interface ExtractOutput {
  readonly document: number;
  /** The first heading. */
  readonly title: string | null;
  readonly invoice: Invoice | null;
  readonly receipt: Receipt | null;
}
