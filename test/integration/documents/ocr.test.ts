import { PDFName } from 'pdf-lib/dist/pdf-lib.esm.min.js';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readFirstPage, renderFirstPage } from '../../../examples/documents/pdf.js';
import { PDFDocument } from '../../../examples/documents/pdf-pages.js';
import { printMinor } from '../../../examples/documents/samples/numbers.js';
import { TesseractPool } from '../../../examples/documents/tesseract.js';
import { judgeTextLayer } from '../../../examples/documents/text-layer.js';
import { sample, singlePage } from './pages.js';

const DPI = 150;

describe('the OCR', () => {
  const pool = new TesseractPool(1, DPI);
  afterAll(() => pool.close());
  const scan = async (page: number) => renderFirstPage(await singlePage((await sample('mixed')).bytes, page), DPI);

  it('turns lines that are aslant upright: the cells of a table row stand at one height', async () => {
    const { invoice } = (await sample('mixed')).truth.documents[5] ?? {};
    const { runs } = await pool.recognise(await scan(8), new AbortController().signal);
    const row = ['Subtotal', printMinor(invoice?.netMinor ?? 0)].map(
      (text) => runs.find((run) => run.text === text)?.box[3] ?? Number.NaN,
    );
    expect(Math.abs((row[0] ?? 0) - (row[1] ?? 0))).toBeLessThan(1.5);
    const label = runs.find((run) => run.text === 'Subtotal');
    expect(label?.box[0]).toBeGreaterThan(340);
    expect(label?.box[0]).toBeLessThan(360);
  });

  it.each([
    ['what no memory holds', [14_400, 14_400]],
    ['what is too long to be recognised', [60, 16_000]],
  ] as const)('does not render %s, and says so for good', async (_, size) => {
    const document = await PDFDocument.create();
    document.addPage([...size]);
    const large = renderFirstPage(await document.save(), DPI);
    await expect(large).rejects.toMatchObject({ code: 'page-too-large', retryable: false });
  });

  it.each([{ ColorSpace: 'DeviceGray' }, { ImageMask: true }])('nor an image of more pixels: %o', async (kind) => {
    const [Width, Height] = [14_200, 14_100];
    const document = await PDFDocument.create();
    const { context } = document;
    const { node } = document.addPage([2_384, 3_370]);
    const about = { Type: 'XObject', Subtype: 'Image', Width, Height, BitsPerComponent: 1, ...kind };
    const image = context.register(context.flateStream(Buffer.alloc(((Width + 7) >> 3) * Height), about));
    node.set(PDFName.of('Resources'), context.obj({ XObject: { Plan: image } }));
    node.addContentStream(context.register(context.stream('q 2384 0 0 3370 0 0 cm /Plan Do Q')));
    const judged = readFirstPage(await document.save(), judgeTextLayer);
    await expect(judged).rejects.toMatchObject({ code: 'page-too-large', retryable: false });
  });

  it('tells of an image that cannot be recognised, and nobody else, and goes on with the next', async () => {
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    onTestFinished(() => void process.off('uncaughtException', uncaught));
    const { signal } = new AbortController();
    const long = { width: 40_000, height: 8, pixels: new Uint8Array(320_000) };
    await expect(pool.recognise(long, signal)).rejects.toThrow();
    expect((await pool.recognise(await scan(6), signal)).runs.map((run) => run.text)).toContain('TOTAL');
    expect(uncaught).not.toHaveBeenCalled();
  });

  it('stops a recognition that is aborted, and goes on with the next', async () => {
    const image = await scan(6);
    const stop = new AbortController();
    const stopped = pool.recognise(image, stop.signal);
    const waiting = pool.recognise(image, new AbortController().signal);
    stop.abort(new Error('lease lost'));
    await expect(stopped).rejects.toThrow('lease lost');
    expect((await waiting).runs.map((run) => run.text)).toContain('TOTAL');
  });
});
