import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, OEM, type Page, PSM, type Worker as Tesseract } from 'tesseract.js';
import { median, roundBox } from './geometry.js';
import type { Run } from './model.js';
import type { GreyImage } from './pdf.js';

/** The language data comes with an npm package: nothing is downloaded. */
const require = createRequire(import.meta.url);
const langPath = join(dirname(require.resolve('@tesseract.js-data/eng')), '4.0.0_best_int');

/** What was recognised on a page: words with their places in points, and the mean confidence in percent. */
export interface Recognised {
  readonly runs: Run[];
  readonly confidence: number;
}

/**
 * Tesseract instances that stay warm, one for each OCR slot, each in a thread of its own. A recognition that is
 * aborted ends with its thread, so that the slot's work has really stopped; the next one starts a new instance.
 */
export class TesseractPool {
  readonly #idle: Promise<Tesseract>[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /**
   * @param size Instances at most.
   * @param dpi Resolution of the images.
   */
  constructor(
    private readonly size: number,
    private readonly dpi: number,
  ) {
    this.#free = size;
  }

  /** Starts all instances; the first recognitions wait for them. */
  start(): void {
    while (this.#idle.length < this.#free) {
      const instance = start(this.dpi);
      // The recognition that gets an instance which could not start says why.
      instance.catch(() => undefined);
      this.#idle.push(instance);
    }
  }

  /**
   * Lets each instance recognise an image, which the first time takes a quarter of a second more.
   * @param image A small image with some text.
   */
  async warm(image: GreyImage): Promise<void> {
    const never = new AbortController().signal;
    await Promise.all(Array.from({ length: this.size }, () => this.recognise(image, never)));
  }

  /**
   * Recognises the text of a page.
   * @param image Grey pixels of the page. The places in the answer are in points.
   * @param signal Aborts the recognition at once.
   */
  async recognise(image: GreyImage, signal: AbortSignal): Promise<Recognised> {
    await this.#take();
    const instance = this.#idle.pop() ?? start(this.dpi);
    let usable = true;
    try {
      const tesseract = await instance;
      return toRuns(await abortable(tesseract, encodePgm(image), signal), image, this.dpi);
    } catch (error) {
      usable = false;
      void instance.then((tesseract) => tesseract.terminate()).catch(() => undefined);
      throw error;
    } finally {
      if (usable) this.#idle.push(instance);
      this.#give();
    }
  }

  /** Ends the idle instances; recognitions under way are ended by their signals. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#idle.splice(0).map(async (instance) => (await instance).terminate()));
  }

  async #take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

/** One column reads the rows of a table as rows; `AUTO` splits them and `SPARSE_TEXT` loses single digits. */
async function start(dpi: number): Promise<Tesseract> {
  // Whoever asked is told of an error anyway. Without a handler it is also thrown where nobody can catch it.
  const errorHandler = () => undefined;
  const options = { langPath, cacheMethod: 'none', gzip: true, errorHandler };
  const tesseract = await createWorker('eng', OEM.LSTM_ONLY, options);
  await tesseract.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_COLUMN, user_defined_dpi: String(dpi) });
  return tesseract;
}

async function abortable(tesseract: Tesseract, image: Buffer, signal: AbortSignal): Promise<Page> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    tesseract
      .recognize(image, {}, { blocks: true, text: false })
      .then(({ data }) => resolve(data), reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A portable grey map: Tesseract reads it as it is, without the work of compressing and unpacking. */
function encodePgm({ width, height, pixels }: GreyImage): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), pixels]);
}

/** Words with places in points, turned upright about the page's middle by the median slope of the lines. */
function toRuns(page: Page, image: GreyImage, dpi: number): Recognised {
  const lines = (page.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
  const long = lines.filter(({ baseline }) => baseline.x1 - baseline.x0 > image.width / 10);
  const slope = median(long.map(({ baseline: b }) => (b.y1 - b.y0) / (b.x1 - b.x0)));
  const upright = (x: number, y: number): [number, number] => [
    x + slope * (y - image.height / 2),
    y - slope * (x - image.width / 2),
  ];
  const scale = 72 / dpi;
  const runs: Run[] = [];
  const confidences: number[] = [];
  for (const { baseline, rowAttributes, words } of lines) {
    const size = rowAttributes.rowHeight * scale;
    for (const { text, bbox, confidence } of words) {
      if (text.trim() === '') continue;
      const middle = (bbox.x0 + bbox.x1) / 2;
      const rise = (baseline.y1 - baseline.y0) / Math.max(1, baseline.x1 - baseline.x0);
      const [x, y] = upright(middle, baseline.y0 + rise * (middle - baseline.x0));
      const half = (bbox.x1 - bbox.x0) / 2;
      const bottom = y * scale;
      runs.push({ text, box: roundBox([(x - half) * scale, bottom - 0.8 * size, (x + half) * scale, bottom]), size });
      confidences.push(confidence);
    }
  }
  const sum = confidences.reduce((total, confidence) => total + confidence, 0);
  return { runs, confidence: confidences.length === 0 ? 0 : Math.floor(sum / confidences.length) };
}
