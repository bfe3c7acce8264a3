import { z } from 'zod';
import { defineExecutor, type JobContext, type JobInput } from '../../src/executor/index.js';
import { documentsIn } from './boundaries.js';
import { documentError } from './errors.js';
import { allOf, inputAs, uriOf } from './inputs.js';
import type { ClassifyOutput, CutOutput, DocumentRef, PageRef, SplitOutput } from './model.js';
import { EncryptedPDFError, PDFDict, PDFDocument, PDFName } from './pdf-pages.js';

/** The list of pages travels inline, and an output holds 256 KiB: 1,500 references stay well below that. */
const MAX_PAGES = 1_500;
/** Blobs that are stored at one time. */
const PUTS_AT_ONCE = 8;
/** Where the tree of pages, and a form, have their parts. */
const KIDS = PDFName.of('Kids');

const pageRefs = z.array(z.object({ page: z.int(), uri: z.string() }));

/**
 * `splitter`: one PDF in, many out, as blobs: one for each page (`by: page`), or, when the classes of its pages are
 * known, one for each document (`by: class`). The same PDF always gives the same blobs.
 */
export const splitter = defineExecutor({
  class: 'splitter',
  slots: 2,
  async run(ctx, input): Promise<SplitOutput | CutOutput> {
    const by = inputAs(z.enum(['page', 'class']), input, 'by');
    return by === 'page' ? splitByPage(ctx, input) : splitByClass(ctx, input);
  },
});

async function splitByPage(ctx: JobContext, input: JobInput): Promise<SplitOutput> {
  const source = await openPdf(await ctx.blobs.get(uriOf(input, 'pdf')));
  const pageCount = source.getPageCount();
  if (pageCount > MAX_PAGES) {
    throw documentError('too-many-pages', `the document has ${pageCount} pages, at most ${MAX_PAGES} are taken`);
  }
  const numbers = Array.from({ length: pageCount }, (_, index) => index + 1);
  const pages = await inGroups(ctx, numbers, async (page): Promise<PageRef> => {
    const { uri } = await ctx.blobs.put(await extractPages(source, page, page));
    return { page, uri };
  });
  return { pageCount, pages };
}

async function splitByClass(ctx: JobContext, input: JobInput): Promise<CutOutput> {
  const pages = inputAs(pageRefs, input, 'pages');
  const found = documentsIn(await allOf<ClassifyOutput>(ctx, input, 'classes'));
  let source: PDFDocument | null = null;
  if (found.some(({ from, to }) => to > from)) source = await openPdf(await ctx.blobs.get(uriOf(input, 'pdf')));
  const documents = await inGroups(ctx, found, async (ref): Promise<DocumentRef> => {
    const { from, to } = ref;
    // A document of one page is there already.
    const single = from === to ? pages[from - 1] : undefined;
    const { uri } = single ?? (await ctx.blobs.put(await extractPages(source as PDFDocument, from, to)));
    return { ...ref, uri };
  });
  return { documentCount: documents.length, documents };
}

/** Does something for each of a list, a few at one time, and reports how far it is. */
async function inGroups<T, R>(ctx: JobContext, list: readonly T[], make: (one: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  while (made.length < list.length) {
    ctx.signal.throwIfAborted();
    made.push(...(await Promise.all(list.slice(made.length, made.length + PUTS_AT_ONCE).map(make))));
    ctx.progress(made.length / list.length);
  }
  return made;
}

/**
 * Opens a PDF whose pages are to be taken out.
 * @throws JobError `pdf-encrypted` or `pdf-unreadable`
 */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocument> {
  try {
    const source = await PDFDocument.load(bytes, { updateMetadata: false });
    // A page takes along what it refers to: a link to another page that page, and all that it links to in its turn, and a
    // field the form, with the fields of all pages. A reference to nothing is read as null; the pages are remembered.
    for (const { ref } of source.getPages()) source.context.delete(ref);
    for (const [, object] of source.context.enumerateIndirectObjects()) {
      if (object instanceof PDFDict) object.delete(KIDS);
    }
    return source;
  } catch (cause) {
    const code = String(cause) === String(new EncryptedPDFError()) ? 'pdf-encrypted' : 'pdf-unreadable';
    throw documentError(code, `the document cannot be opened: ${String(cause)}`, cause);
  }
}

/**
 * A PDF that holds some pages of another. Without metadata, so that its bytes depend on the pages alone.
 * @param from Number of the first page, from 1.
 * @param to Number of the last one.
 */
export async function extractPages(source: PDFDocument, from: number, to: number): Promise<Uint8Array> {
  const part = await PDFDocument.create({ updateMetadata: false });
  const indexes = Array.from({ length: to - from + 1 }, (_, offset) => from - 1 + offset);
  for (const page of await part.copyPages(source, indexes)) part.addPage(page);
  return part.save({ addDefaultPage: false });
}
