/**
 * What the stages of the document pipeline hand to each other. Everything here is plain JSON: it travels as job output.
 * Boxes are `[x0, y0, x1, y1]` in PDF points (1/72 inch), origin at the page's top left, rounded to a tenth.
 */

/** A place on a page, in points from the top left. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** One page of a split document: its 1-based number and the blob that holds it as a PDF of one page. */
export interface PageRef {
  readonly page: number;
  readonly uri: string;
}

/** What `splitter` gives; `pages` is the list that the later stages fan out over. */
export interface SplitOutput {
  readonly pageCount: number;
  readonly pages: readonly PageRef[];
}

/** A piece of text with its place, before lines are made of it: a text run of the PDF, or a word of the OCR. */
export interface Run {
  readonly text: string;
  readonly box: Box;
  /** Font size in points. */
  readonly size: number;
}

/** Text on one baseline without a wide gap in it; a table row is several of them. In reading order. */
export interface Line {
  readonly text: string;
  readonly box: Box;
  /** Font size in points, rounded to a half. */
  readonly size: number;
  /** Number of its block (paragraph, table, heading) on the page, from 0, in reading order. */
  readonly block: number;
}

/** Where a page's text came from; `none` is a page on which there is nothing to read. */
export type TextSource = 'text-layer' | 'ocr' | 'none';

/** The text of a page, as `ocr` passes it on. */
export interface PageText {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly source: TextSource;
  /** The OCR's own confidence in percent; null if the text was not recognised but read. */
  readonly confidence: number | null;
  readonly lines: readonly Line[];
}

/** Why `layout` decided that a page's text layer can or cannot be used. */
export type TextLayerVerdict = 'usable' | 'blank-page' | 'image-with-little-text' | 'no-text' | 'unreadable-text';

/** What `layout` gives: the text layer as it is, and whether it is worth anything. */
export interface LayoutOutput {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly verdict: TextLayerVerdict;
  readonly lines: readonly Line[];
}

/** What a page is. */
export type PageClass = 'invoice' | 'receipt' | 'letter' | 'other';

/** What `classifier` gives. */
export interface ClassifyOutput {
  readonly page: number;
  readonly class: PageClass;
  /** Posterior probability in percent, rounded down. */
  readonly confidence: number;
}

/** A value with the text that it was read from and where that stands. */
export interface Field<T> {
  readonly value: T;
  readonly text: string;
  readonly place: { readonly page: number; readonly box: Box };
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

/** What `extractor` gives; `invoice` is null for every other class of page. */
export interface ExtractOutput {
  readonly page: number;
  readonly invoice: Invoice | null;
}

/** One thing that is wrong with extracted fields. */
export interface FieldProblem {
  readonly code: 'schema' | 'item-product' | 'items-sum' | 'net-plus-tax';
  readonly path: string;
  readonly detail: string;
}

/** What `validator` gives; `checked` is false for a page that has no fields. */
export interface ValidateOutput {
  readonly page: number;
  readonly checked: boolean;
  readonly problems: readonly FieldProblem[];
}

/** What `llm` gives. */
export type Annotation =
  | { readonly skipped: true; readonly reason: string }
  | { readonly skipped: false; readonly model: string; readonly summary: string };

/** One page of the result. */
export interface ResultPage {
  readonly page: number;
  readonly class: PageClass;
  readonly classConfidence: number;
  readonly textSource: TextSource;
  readonly ocrConfidence: number | null;
  readonly textLines: number;
  readonly invoice: Invoice | null;
  /** Null for a page without fields. */
  readonly validation: { readonly valid: boolean; readonly problems: readonly FieldProblem[] } | null;
}

/** Sums over the valid invoices of one currency, in minor units. */
export interface CurrencyTotal {
  readonly currency: string;
  readonly invoices: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/** The one result of a document, as `merger` gives it. */
export interface DocumentResult {
  readonly pageCount: number;
  readonly pages: readonly ResultPage[];
  readonly annotation: Annotation;
  readonly totals: {
    readonly byClass: Readonly<Record<PageClass, number>>;
    readonly bySource: Readonly<Record<TextSource, number>>;
    readonly invalidPages: readonly number[];
    readonly byCurrency: readonly CurrencyTotal[];
  };
}
