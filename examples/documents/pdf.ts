import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getDocument, OPS, type PDFPageProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { documentError } from './errors.js';
import { roundBox } from './geometry.js';
import type { Run } from './model.js';

/** Where pdfjs finds what a PDF need not embed: the outlines of 14 fonts, the encodings of Chinese, Japanese, Korean. */
const home = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const standardFontDataUrl = `${join(home, 'standard_fonts')}/`;
const cMapUrl = `${join(home, 'cmaps')}/`;
/** Where it finds the decoder of JPEG 2000. */
const wasmUrl = `${join(home, 'wasm')}/`;

/** Pixels of a rendered page: A0 at 150 dpi has 35 million. A page may say that it is 5 m wide, which no memory holds. */
const MAX_PIXELS = 40_000_000;
/** Pixels along one side of it: Tesseract counts them in 16 bits with a sign. */
const MAX_SIDE = 32_767;
/** Pixels of an image on a page: A0 at 300 dpi has 140 million, which take 3 GB to be drawn. */
const MAX_IMAGE_PIXELS = 200_000_000;

/** A page of an open PDF, as far as its text is concerned. */
export interface OpenPage {
  readonly width: number;
  readonly height: number;
  /** The text layer: runs of text with their places, in the order of the content stream. */
  runs(): Promise<Run[]>;
  /** What was filled in or typed onto the page, which the text layer has not: a run for each line, as wide as its field. */
  fields(): Promise<Run[]>;
  /**
   * What the page paints: an image among other things; text or lines, but no image; nothing.
   * @throws JobError `page-too-large` if an image has more pixels than can be drawn.
   */
  paints(): Promise<'image' | 'marks' | 'nothing'>;
}

/** Grey pixels, row by row from the top left. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Opens a PDF, gives its first page to `use` and closes it afterwards.
 * @throws JobError `pdf-unreadable` if it is no PDF or has no page.
 */
export async function readFirstPage<T>(bytes: Uint8Array, use: (page: OpenPage) => Promise<T>): Promise<T> {
  // Without the outlines of the standard fonts, whose parsing takes as long as everything else together. Their widths
  // are built in.
  return withFirstPage(bytes, {}, (page) => {
    const { width, height } = page.getViewport({ scale: 1 });
    return use({ width, height, runs: () => runsOf(page), fields: () => fieldsOf(page), paints: () => paints(page) });
  });
}

/**
 * Renders the first page of a PDF as 8-bit grey pixels.
 * @throws JobError `pdf-unreadable` if it is no PDF or has no page, `page-too-large` if it has too many pixels.
 */
export async function renderFirstPage(bytes: Uint8Array, dpi: number): Promise<GreyImage> {
  return withFirstPage(bytes, { standardFontDataUrl }, (page) => render(page, dpi));
}

async function withFirstPage<T>(
  bytes: Uint8Array,
  options: { readonly standardFontDataUrl?: string },
  use: (page: PDFPageProxy) => Promise<T>,
): Promise<T> {
  const loading = getDocument({
    // pdfjs takes the buffer over, so it gets a copy.
    data: Uint8Array.from(bytes),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    useSystemFonts: false,
    cMapUrl,
    wasmUrl,
    ...options,
  });
  try {
    const page = await loading.promise.then(
      (document) => document.getPage(1),
      (cause: unknown) => {
        throw documentError('pdf-unreadable', `the page cannot be read: ${String(cause)}`, cause);
      },
    );
    return await use(page);
  } finally {
    await loading.destroy();
  }
}

async function runsOf(page: PDFPageProxy): Promise<Run[]> {
  const viewport = page.getViewport({ scale: 1 });
  const content = await page.getTextContent();
  const runs: Run[] = [];
  for (const item of content.items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [, , c, d, e, f] = item.transform as [number, number, number, number, number, number];
    const size = Math.hypot(c, d);
    const [x, baseline] = viewport.convertToViewportPoint(e, f) as [number, number];
    // Four fifths of the em stand above the baseline in the usual faces.
    runs.push({ text: item.str, box: roundBox([x, baseline - 0.8 * size, x + item.width, baseline]), size });
  }
  return runs;
}

/**
 * What pdfjs says of a field that is typed into or chosen from, of text that was typed onto the page, and of other
 * annotations, which are neither.
 */
interface Field {
  readonly subtype: string;
  readonly fieldType?: string;
  readonly fieldValue?: string | readonly string[] | null;
  readonly contentsObj: { readonly str: string };
  readonly options?: readonly { readonly exportValue: string; readonly displayValue: string }[];
  readonly rect: readonly number[];
  readonly hidden?: boolean;
  readonly annotationFlags: number;
  readonly multiLine?: boolean;
  /** The size is 0 where the field is to choose it. */
  readonly defaultAppearanceData?: { readonly fontSize: number };
}

/** The flags Hidden and NoView: `hidden` is said of fields only. */
const UNSEEN = 0b100010;
/** An annotation that is text on the page, as viewers add it. */
const FREE_TEXT = 'FreeText';

function typedInto({ subtype, contentsObj, fieldType, fieldValue }: Field): string | readonly string[] {
  if (subtype === FREE_TEXT) return contentsObj.str;
  return fieldType === 'Tx' || fieldType === 'Ch' ? (fieldValue ?? []) : [];
}

async function fieldsOf(page: PDFPageProxy): Promise<Run[]> {
  const viewport = page.getViewport({ scale: 1 });
  const runs: Run[] = [];
  for (const field of (await page.getAnnotations()) as Field[]) {
    if (field.hidden || field.annotationFlags & UNSEEN) continue;
    const shown = (value: string) =>
      field.options?.find(({ exportValue }) => exportValue === value)?.displayValue ?? value;
    const lines = [typedInto(field)].flat().flatMap((value) => shown(value).split(/\r\n|\r|\n/));
    const [left, bottom, right, top] = viewport.convertToViewportRectangle([...field.rect]) as [
      number,
      number,
      number,
      number,
    ];
    const size = field.defaultAppearanceData?.fontSize || Math.min(12, 0.7 * (bottom - top));
    let baseline = field.multiLine || field.subtype === FREE_TEXT ? top + size : (top + bottom) / 2 + 0.35 * size;
    for (const text of lines) {
      if (text.trim() !== '') runs.push({ text, box: roundBox([left, baseline - 0.8 * size, right, baseline]), size });
      baseline += 1.2 * size;
    }
  }
  return runs;
}

/** Operations that paint an image: one, or several at once. */
const IMAGES: ReadonlySet<number> = new Set([
  OPS.paintImageMaskXObject,
  OPS.paintImageMaskXObjectGroup,
  OPS.paintImageMaskXObjectRepeat,
  OPS.paintImageXObject,
  OPS.paintImageXObjectRepeat,
  OPS.paintInlineImageXObject,
  OPS.paintInlineImageXObjectGroup,
]);
/** Operations that paint anything else, such as the text of a form's fields, which the text layer has not. */
const MARKS: ReadonlySet<number> = new Set([OPS.showText, OPS.constructPath, OPS.rawFillPath, OPS.shadingFill]);

async function paints(page: PDFPageProxy): Promise<'image' | 'marks' | 'nothing'> {
  const { fnArray, argsArray }: Operations = await page.getOperatorList();
  if (fnArray.some((operation, index) => imagePixels(operation, argsArray[index] ?? []) > MAX_IMAGE_PIXELS)) {
    throw documentError('page-too-large', `an image on the page has over ${MAX_IMAGE_PIXELS} pixels`);
  }
  if (fnArray.some((operation) => IMAGES.has(operation))) return 'image';
  return fnArray.some((operation) => MARKS.has(operation)) ? 'marks' : 'nothing';
}

interface Operations {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly (readonly unknown[] | null)[];
}

/** How many pixels the image has that an operation paints, if it is one that may have many. */
function imagePixels(operation: number, [image, width, height]: readonly unknown[]): number {
  if (operation === OPS.paintImageXObject) return Number(width) * Number(height);
  if (operation !== OPS.paintImageMaskXObject) return 0;
  const mask = image as { readonly width: number; readonly height: number };
  return mask.width * mask.height;
}

async function render(page: PDFPageProxy, dpi: number): Promise<GreyImage> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const viewport = page.getViewport({ scale: dpi / 72 });
  const width = Math.ceil(viewport.width);
  const height = Math.ceil(viewport.height);
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
    const most = `at most ${MAX_PIXELS} are taken, ${MAX_SIDE} along one side`;
    throw documentError('page-too-large', `${width} x ${height} pixels at ${dpi} dpi, ${most}`);
  }
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  // pdfjs is typed for the browser's canvas; this one is what pdfjs itself uses on Node.
  await page.render({ canvas: canvas as never, canvasContext: context as never, viewport }).promise;
  const rgba = context.getImageData(0, 0, width, height).data;
  const pixels = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < pixels.length; i++, p += 4) {
    pixels[i] = ((rgba[p] ?? 0) * 77 + (rgba[p + 1] ?? 0) * 150 + (rgba[p + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, pixels };
}
