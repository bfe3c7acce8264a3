import { defineExecutor, type ExecutorDefinition, type JobInput } from '../../src/executor/index.js';
import { pageOf } from './inputs.js';
import type { PageText } from './model.js';
import { readFirstPage, renderFirstPage } from './pdf.js';
import { PDFDocument } from './pdf-pages.js';
import { TesseractPool } from './tesseract.js';
import { judgeTextLayer } from './text-layer.js';

/** Pages recognised at once, and warm Tesseract instances. Each takes a core while it works. */
export const OCR_SLOTS = 2;
/** What the samples are scanned at. Tesseract reads their 9 point print; at 200 dpi it takes longer and errs more. */
const RENDER_DPI = 150;

/** The `ocr` executor and what must be closed when it is no longer needed. */
export interface OcrExecutor {
  readonly executor: ExecutorDefinition<JobInput, PageText>;
  /** Loads the PDF reader, starts the instances and lets them read something, so that the first page need not wait. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** `ocr`: the text of a page, with places. A usable text layer is read; any other page is rendered and recognised. */
export function createOcr(slots = OCR_SLOTS): OcrExecutor {
  const pool = new TesseractPool(slots, RENDER_DPI);
  const executor = defineExecutor({
    class: 'ocr',
    slots,
    async run(ctx, input): Promise<PageText> {
      const { page, uri } = pageOf(input);
      const bytes = await ctx.blobs.get(uri);
      ctx.signal.throwIfAborted();
      const { verdict, width, height, runs } = await readFirstPage(bytes, judgeTextLayer);
      const about = { page, width, height };
      if (verdict === 'usable') return { ...about, source: 'text-layer', confidence: null, runs };
      if (verdict === 'blank-page') return { ...about, source: 'none', confidence: null, runs: [] };
      const image = await renderFirstPage(bytes, RENDER_DPI);
      ctx.progress(0.2, 'rendered');
      const recognised = await pool.recognise(image, ctx.signal);
      const { confidence } = recognised;
      ctx.log.info({ page, verdict, confidence, words: recognised.runs.length }, 'page recognised');
      return { ...about, source: 'ocr', confidence, runs: recognised.runs };
    },
  });
  return { executor, warm: () => warm(pool), close: () => pool.close() };
}

/** Sends a page through all that a scanned page goes through. */
async function warm(pool: TesseractPool): Promise<void> {
  pool.start();
  const document = await PDFDocument.create({ updateMetadata: false });
  document.addPage([200, 50]).drawText('Ready to read 1,234.50', { x: 20, y: 20, size: 12 });
  const bytes = await document.save();
  await readFirstPage(bytes, (open) => open.runs());
  await pool.warm(await renderFirstPage(bytes, RENDER_DPI));
}
