import type { ClassifyOutput, DocumentRef, LayoutOutput, PageClass } from './model.js';

/** What stands on the first page of a document of a class. Every page of a class without an entry is a first one. */
const OPENINGS: Partial<Record<PageClass, RegExp>> = {
  invoice: /^(tax |sales )?(invoice|rechnung)$|^(tax )?(invoice|rechnung)\s*(number|no\b|nr\b|#)/i,
  letter: /^dear\b/i,
};
const FOLIO = /(?:^|\s)page (\d{1,3}) of (\d{1,3})$/i;

type Marks = Pick<ClassifyOutput, 'begins' | 'folio'>;

/** What a page of a class says about its place in a document: a printed page number, or how first pages look. */
export function marksOf(kind: PageClass, { lines }: Pick<LayoutOutput, 'lines'>): Marks {
  const match = lines.map(({ text }) => FOLIO.exec(text)).find((found) => found !== null);
  const folio = match ? { page: Number(match[1]), of: Number(match[2]) } : null;
  const opening = OPENINGS[kind];
  const begins = folio ? folio.page === 1 : opening === undefined || lines.some(({ text }) => opening.test(text));
  return { begins, folio };
}

/**
 * Cuts a batch into its documents. A page goes on with the document before it when its printed number says so, or when
 * it has the same class and nothing of a first page.
 */
export function documentsIn(pages: readonly ClassifyOutput[]): Omit<DocumentRef, 'uri'>[] {
  const documents: Omit<DocumentRef, 'uri'>[] = [];
  for (const [index, page] of pages.entries()) {
    const open = documents.at(-1);
    const before = pages[index - 1];
    if (open && before && continues(open.class, before, page)) documents.splice(-1, 1, { ...open, to: page.page });
    else documents.push({ document: documents.length + 1, class: page.class, from: page.page, to: page.page });
  }
  return documents;
}

function continues(kind: PageClass, before: ClassifyOutput, page: ClassifyOutput): boolean {
  const isNext = page.folio !== null && page.folio.page === (before.folio?.page ?? 0) + 1;
  if (isNext && page.folio?.of === before.folio?.of) return true;
  return page.class === kind && !page.begins;
}
