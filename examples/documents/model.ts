/**
 * What the stages of the document pipeline hand to each other. Everything here is plain JSON: it travels as job output.
 * Boxes are `[x0, y0, x1, y1]` in PDF points (1/72 inch), origin at the page's top left, rounded to a tenth.
 */

/** A place on a page, in points from the top left. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** One page of a split batch: its 1-based number and the blob that holds it as a PDF of one page. */
export interface PageRef {
  readonly page: number;
  readonly uri: string;
}

/** What `splitter` gives when it splits by page; `pages` is the list that the next stages fan out over. */
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

/** Where a page's text came from; `none` is a page on which there is nothing to read. */
export type TextSource = 'text-layer' | 'ocr' | 'none';

/** What `ocr` gives: the text of a page, read or recognised. */
export interface PageText {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly source: TextSource;
  /** The OCR's own confidence in percent; null if the text was not recognised but read. */
  readonly confidence: number | null;
  readonly runs: readonly Run[];
}

/** Text on one baseline without a wide gap in it; a table row is several of them. In reading order. */
export interface Line {
  readonly text: string;
  readonly box: Box;
  /** Font size in points, rounded to a half. */
  readonly size: number;
  /** Number of its block on the page, from 0, in reading order. */
  readonly block: number;
}

/** What a block of a page is; `pairs` are labels with their values beside them. */
export type BlockKind = 'heading' | 'paragraph' | 'pairs' | 'table';

/** Lines that belong together. */
export interface Block {
  readonly kind: BlockKind;
  readonly box: Box;
}

/** What `layout` gives: lines in reading order and the blocks that they form. */
export interface LayoutOutput extends Omit<PageText, 'runs'> {
  readonly lines: readonly Line[];
  readonly blocks: readonly Block[];
}

/** What a page, and so a document, is. */
export type PageClass = 'invoice' | 'receipt' | 'letter' | 'other';

/** What `classifier` gives. */
export interface ClassifyOutput {
  readonly page: number;
  readonly class: PageClass;
  /** Posterior probability in percent, rounded down. */
  readonly confidence: number;
  /** Whether it has what the first page of a document of its class has. */
  readonly begins: boolean;
  /** `Page 2 of 3`, where that is printed. */
  readonly folio: { readonly page: number; readonly of: number } | null;
}

/** One document of a batch: pages `from` to `to`, both included, and the blob that holds them as a PDF. */
export interface DocumentRef {
  readonly document: number;
  readonly class: PageClass;
  readonly from: number;
  readonly to: number;
  readonly uri: string;
}

/** What `splitter` gives when it splits by class; `documents` is the list that the next stages fan out over. */
export interface CutOutput {
  readonly documentCount: number;
  readonly documents: readonly DocumentRef[];
}

/** One thing that is wrong with extracted fields. */
export interface FieldProblem {
  readonly code: 'schema' | 'item-product' | 'items-sum' | 'net-plus-tax' | 'paid-minus-change';
  /** JSON pointer into the fields. */
  readonly path: string;
  readonly detail: string;
}

/** What `validator` gives about a document; `checked` is false for one that has no fields. */
export interface ValidateOutput {
  readonly document: number;
  readonly checked: boolean;
  readonly problems: readonly FieldProblem[];
}

/** What `validator` gives about a batch: what a person has to look at. The DAG asks for one where `invalid` is not 0. */
export interface FindingsOutput {
  readonly checked: number;
  readonly invalid: number;
  /** The first of them. */
  readonly documents: readonly { readonly document: number; readonly problems: readonly FieldProblem[] }[];
}

/** What `custom` gives: the account that a document is proposed for, and the word that says so. */
export interface PostingOutput {
  readonly document: number;
  readonly account: string | null;
  readonly because: string | null;
}

/** What `llm` gives. */
export type Annotation =
  | { readonly skipped: true; readonly reason: string }
  | { readonly skipped: false; readonly model: string; readonly summary: string };
