import type { Run } from './model.js';
import type { OpenPage } from './pdf.js';

/** A page with an image and fewer letters and digits than this is taken for a scan with a stamp on it. */
const MIN_CHARACTERS_BESIDE_IMAGE = 120;
/**
 * The part of a text layer that must be letters, marks on them (in Hindi and Thai vowels are), digits, blanks or common
 * punctuation for it to be believed.
 */
const MIN_READABLE_SHARE = 0.8;

/** Why a page's text layer can or cannot stand for the page. */
type Verdict = 'usable' | 'blank-page' | 'image-with-little-text' | 'no-text' | 'unreadable-text';

/** The text layer of a page, and whether it is worth anything. */
export interface TextLayer {
  readonly verdict: Verdict;
  readonly width: number;
  readonly height: number;
  readonly runs: Run[];
}

/** Reads the text layer of an open page and judges it by what is printed; what was filled in comes to it afterwards. */
export async function judgeTextLayer(open: OpenPage): Promise<TextLayer> {
  const printed = await open.runs();
  const verdict = await judge(printed, open);
  const runs = verdict === 'usable' ? [...printed, ...(await open.fields())] : printed;
  return { verdict, width: open.width, height: open.height, runs };
}

async function judge(runs: readonly Run[], open: OpenPage): Promise<Verdict> {
  const text = runs.map((run) => run.text).join(' ');
  const characters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  // Looking at what is painted costs a pass over the content stream, so only sparse pages are asked.
  if (characters < MIN_CHARACTERS_BESIDE_IMAGE) {
    const painted = await open.paints();
    if (characters === 0) return painted === 'nothing' ? 'blank-page' : 'no-text';
    if (painted === 'image') return 'image-with-little-text';
  }
  const readable = text.match(/[\p{L}\p{M}\p{N}\p{Zs}\p{P}\p{Sc}+=<>|^~°]/gu)?.length ?? 0;
  return readable < MIN_READABLE_SHARE * [...text].length ? 'unreadable-text' : 'usable';
}
