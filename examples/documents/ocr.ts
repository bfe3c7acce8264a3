import { pageOf, samePage } from './inputs.js';
import type { LayoutOutput, PageText } from './model.js';
import { withFirstPage } from './pdf.js';
import { toLines } from './reading-order.js';
import type { ExecutorDefinition } from './sdk.js';
import { defineExecutor } from './sdk.js';
import { TesseractPool } from './tesseract.js';

/** Pages recognised at once, and warm Tesseract instances. Each takes a core and about 150 MB while it works. */
export const OCR_SLOTS = 2;
/** Enough for 9 point print; twice the resolution takes three times as long and reads the samples no better. */
const RENDER_DPI = 150;

/** The `ocr` executor and what must be closed when it is no longer needed. */
export interface OcrExecutor {
  readonly executor: ExecutorDefinition;
  /** Starts the instances, so that the first page doesn't wait for it. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** `ocr`: passes a usable text layer on; renders every other page and recognises it. */
export function createOcr(slots = OCR_SLOTS): OcrExecutor {
  const pool = new TesseractPool(slots);
  const executor = defineExecutor({
    class: 'ocr',
    slots,
    async run(ctx, input): Promise<PageText> {
      const { page, uri } = pageOf(input);
      const { verdict, width, height, lines } = await samePage<LayoutOutput>(ctx, input, 'layout');
      if (verdict === 'usable') return { page, width, height, source: 'text-layer', confidence: null, lines };
      if (verdict === 'blank-page') return { page, width, height, source: 'none', confidence: null, lines: [] };
      const bytes = await ctx.blobs.get(uri);
      ctx.signal.throwIfAborted();
      const image = await withFirstPage(bytes, (open) => open.render(RENDER_DPI));
      ctx.progress(0.2, 'rendered');
      const { runs, confidence } = await pool.recognise(image, RENDER_DPI, ctx.signal);
      ctx.log.info({ page, verdict, confidence, words: runs.length }, 'page recognised');
      return { page, width, height, source: 'ocr', confidence, lines: toLines(runs) };
    },
  });
  return { executor, warm: () => pool.warm(), close: () => pool.close() };
}
