import { defineExecutor } from '../../src/executor/index.js';
import { pageOf } from './inputs.js';
import type { LayoutOutput, Line, TextLayerVerdict } from './model.js';
import type { OpenPage } from './pdf.js';
import { readFirstPage } from './pdf.js';
import { toLines } from './reading-order.js';

/** A page with an image and fewer letters and digits than this is taken for a scan with a stamp on it. */
const MIN_CHARACTERS_BESIDE_IMAGE = 120;
/** The part of a text layer that must be letters, digits, blanks or common punctuation for it to be believed. */
const MIN_READABLE_SHARE = 0.8;

/** `layout`: the text layer of a page as lines in reading order, and a verdict whether it can stand for the page. */
export const layout = defineExecutor({
  class: 'layout',
  slots: 4,
  async run(ctx, input): Promise<LayoutOutput> {
    const { page, uri } = pageOf(input);
    const bytes = await ctx.blobs.get(uri);
    ctx.signal.throwIfAborted();
    return readFirstPage(bytes, (open) => layOut(page, open));
  },
});

/** Reads the text layer of an open page. */
export async function layOut(page: number, open: OpenPage): Promise<LayoutOutput> {
  const lines = toLines(await open.runs());
  return { page, width: open.width, height: open.height, verdict: await judge(lines, open), lines };
}

async function judge(lines: readonly Line[], open: OpenPage): Promise<TextLayerVerdict> {
  const text = lines.map((line) => line.text).join(' ');
  const characters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  // Looking for images costs a pass over the content stream, so only sparse pages are asked.
  const sparse = characters < MIN_CHARACTERS_BESIDE_IMAGE;
  if (sparse && (await open.hasImage())) return characters === 0 ? 'no-text' : 'image-with-little-text';
  if (characters === 0) return 'blank-page';
  const readable = text.match(/[\p{L}\p{N}\p{Zs}\p{P}\p{Sc}+=<>|^~°]/gu)?.length ?? 0;
  return readable < MIN_READABLE_SHARE * text.length ? 'unreadable-text' : 'usable';
}
