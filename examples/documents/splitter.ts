import { defineExecutor } from '../../src/executor/index.js';
import { documentError } from './errors.js';
import { uriOf } from './inputs.js';
import type { PageRef, SplitOutput } from './model.js';
import { EncryptedPDFError, PDFDocument } from './pdf-pages.js';

/** The list of pages travels inline, and an output holds 256 KiB: 1,500 page references stay well below that. */
const MAX_PAGES = 1_500;
/** Pages that are stored at one time. */
const PUTS_AT_ONCE = 8;

/** `splitter`: one PDF in, one blob with a PDF of one page per page out. The same PDF always gives the same blobs. */
export const splitter = defineExecutor({
  class: 'splitter',
  slots: 2,
  async run(ctx, input): Promise<SplitOutput> {
    const source = await openPdf(await ctx.blobs.get(uriOf(input, 'pdf')));
    const pageCount = source.getPageCount();
    if (pageCount > MAX_PAGES) {
      throw documentError('too-many-pages', `the document has ${pageCount} pages, at most ${MAX_PAGES} are taken`);
    }
    const pages: PageRef[] = [];
    while (pages.length < pageCount) {
      ctx.signal.throwIfAborted();
      const indexes = Array.from(
        { length: Math.min(PUTS_AT_ONCE, pageCount - pages.length) },
        (_, i) => pages.length + i,
      );
      const puts = indexes.map(async (index) => ctx.blobs.put(await extractPage(source, index)));
      for (const { uri } of await Promise.all(puts)) pages.push({ page: pages.length + 1, uri });
      ctx.progress(pages.length / pageCount);
    }
    return { pageCount, pages };
  },
});

async function openPdf(bytes: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(bytes, { updateMetadata: false });
  } catch (cause) {
    const code = cause instanceof EncryptedPDFError ? 'pdf-encrypted' : 'pdf-unreadable';
    throw documentError(code, `the document cannot be opened: ${String(cause)}`, cause);
  }
}

/** A PDF that holds one page of another. Without metadata, so that its bytes depend on the page alone. */
export async function extractPage(source: PDFDocument, index: number): Promise<Uint8Array> {
  const single = await PDFDocument.create({ updateMetadata: false });
  const [page] = await single.copyPages(source, [index]);
  if (page) single.addPage(page);
  return single.save({ addDefaultPage: false });
}
