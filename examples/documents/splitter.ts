import { EncryptedPDFError, PDFDocument } from 'pdf-lib';
import { DocumentError } from './errors.js';
import { uriOf } from './inputs.js';
import type { PageRef, SplitOutput } from './model.js';
import { defineExecutor } from './sdk.js';

/** The list of pages travels inline, and an output holds 256 KiB: 1,500 page references stay well below that. */
export const MAX_PAGES = 1_500;

/** `splitter`: one PDF in, one blob with a PDF of one page per page out. The same PDF always gives the same blobs. */
export const splitter = defineExecutor({
  class: 'splitter',
  slots: 2,
  async run(ctx, input): Promise<SplitOutput> {
    const source = await openPdf(await ctx.blobs.get(uriOf(input, 'pdf')));
    const pageCount = source.getPageCount();
    if (pageCount > MAX_PAGES) {
      throw new DocumentError('too-many-pages', `the document has ${pageCount} pages, at most ${MAX_PAGES} are taken`);
    }
    const pages: PageRef[] = [];
    for (let index = 0; index < pageCount; index++) {
      ctx.signal.throwIfAborted();
      const { uri } = await ctx.blobs.put(await extractPage(source, index));
      pages.push({ page: index + 1, uri });
      ctx.progress((index + 1) / pageCount);
    }
    return { pageCount, pages };
  },
});

async function openPdf(bytes: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(bytes, { updateMetadata: false });
  } catch (cause) {
    const code = cause instanceof EncryptedPDFError ? 'pdf-encrypted' : 'pdf-unreadable';
    throw new DocumentError(code, `the document cannot be opened: ${String(cause)}`, false, { cause });
  }
}

/** A PDF that holds one page of another. Without metadata, so that its bytes depend on the page alone. */
export async function extractPage(source: PDFDocument, index: number): Promise<Uint8Array> {
  const single = await PDFDocument.create({ updateMetadata: false });
  const [page] = await single.copyPages(source, [index]);
  if (page) single.addPage(page);
  return single.save({ addDefaultPage: false });
}
