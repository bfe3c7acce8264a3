import { PDFName } from 'pdf-lib/dist/pdf-lib.esm.min.js';
import { describe, expect, it } from 'vitest';
import { readFirstPage, renderFirstPage } from '../../../examples/documents/pdf.js';
import { PDFDocument } from '../../../examples/documents/pdf-pages.js';
import { judgeTextLayer } from '../../../examples/documents/text-layer.js';
import { singlePage } from './pages.js';

/** A black square of 8 by 8 pixels as JPEG 2000. */
const SQUARE = `/0//UQApAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAABBwEB/1IADAAAAAEAAwQEAAH/XAANQEBISFBISFBISFD/ZAAl
AAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAAAVAAH/k9+ACAeAgID/2Q==`;

const HELVETICA = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** A page of 100 by 100 points with a content of its own. */
async function pageOf(content: string, resources: (context: PDFDocument['context']) => Named = () => ({})) {
  const document = await PDFDocument.create();
  const { context } = document;
  const { node } = document.addPage([100, 100]);
  node.set(PDFName.of('Resources'), context.obj(resources(context)));
  node.addContentStream(context.register(context.stream(content)));
  return document.save();
}
type Named = Parameters<PDFDocument['context']['stream']>[1] & object;

describe('a page', () => {
  it('is blank only if nothing is painted on it: letters that are nothing but outlines are recognised', async () => {
    const verdict = async (content: string) => (await readFirstPage(await pageOf(content), judgeTextLayer)).verdict;
    expect(await verdict('q Q')).toBe('blank-page');
    expect(await verdict('10 10 m 20 90 l 30 10 l f')).toBe('no-text');
  });

  it.each([
    ['usable', 'चालान संख्या १२३४ कुल राशि साठ रुपये'],
    ['usable', 'ใบแจ้งหนี้เลขที่ ๑๒๓๔ จำนวนเงินรวมทั้งสิ้นหกสิบบาท'],
    ['usable', 'brûlée à été'.normalize('NFD')],
    ['usable', '𝐈𝐧𝐯𝐨𝐢𝐜𝐞 𝟏𝟐𝟑𝟒'],
    ['unreadable-text', '\u{e001}\u{e002}\u{e003} 1'],
  ])('is %s by its letters and the marks on them: %s', async (verdict, text) => {
    const runs = [{ text, box: [0, 0, 100, 12] as const, size: 12 }];
    const page = { width: 100, height: 100, runs: async () => runs, fields: async () => [] };
    expect((await judgeTextLayer({ ...page, paints: async () => 'marks' })).verdict).toBe(verdict);
  });

  it('shows its pictures in JPEG 2000', async () => {
    const bytes = await pageOf('q 100 0 0 100 0 0 cm /Square Do Q', (context) => {
      const about = {
        Type: 'XObject',
        Subtype: 'Image',
        Width: 8,
        Height: 8,
        ColorSpace: 'DeviceGray',
        BitsPerComponent: 8,
      };
      const square = context.stream(Buffer.from(SQUARE, 'base64'), { ...about, Filter: 'JPXDecode' });
      return { XObject: { Square: context.register(square) } };
    });
    const { pixels } = await renderFirstPage(bytes, 72);
    expect(Math.max(...pixels)).toBe(0);
  });

  it('has its text where the encoding of the font is one that need not be embedded', async () => {
    const letters = [...'請求書'].map((letter) => letter.charCodeAt(0).toString(16)).join('');
    const descriptor =
      '/Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [0 0 9 9] /Ascent 8 /Descent 0';
    const system = '/Registry (Adobe) /Ordering (Japan1) /Supplement 2';
    const face = `/Type /Font /BaseFont /HeiseiMin-W3 /CIDSystemInfo << ${system} >> /FontDescriptor << ${descriptor} >>`;
    const font = `/Subtype /Type0 /Encoding /UniJIS-UCS2-H /DescendantFonts [<< ${face} /Subtype /CIDFontType0 >>]`;
    const content = `BT /F 12 Tf 10 50 Td <${letters}> Tj ET`;
    const bytes = Buffer.from(`%PDF-1.7
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 100 100] >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F << /Type /Font ${font} >> >> >> >> endobj
4 0 obj << /Length ${content.length} >> stream\n${content}\nendstream endobj
trailer << /Root 1 0 R >>`);
    const texts = await readFirstPage(bytes, async (page) => (await page.runs()).map(({ text }) => text));
    expect(texts).toEqual(['請求書']);
  });

  it('has what was filled in where it also has printed text', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([400, 400]);
    const form = document.getForm();
    const place = (x: number, y: number, height: number) => ({ x, y, width: 150, height, borderWidth: 0 });
    page.drawText('Name of the customer', { x: 20, y: 350, size: 12 });
    const name = form.createTextField('name');
    name.setText('Ada Lovelace');
    name.addToPage(page, place(200, 345, 20));
    name.setFontSize(12);
    const address = form.createTextField('address');
    address.enableMultiline();
    address.setText('12 First Street\nLondon');
    address.addToPage(page, place(200, 245, 80));
    const terms = form.createDropdown('terms');
    terms.addOptions(['30 days', '60 days']);
    terms.select('60 days');
    terms.addToPage(page, place(200, 200, 20));
    form.createTextField('empty').addToPage(page, place(200, 150, 20));
    form.createCheckBox('paid').addToPage(page, place(200, 100, 20));
    const { verdict, runs } = await readFirstPage(await singlePage(await document.save(), 1), judgeTextLayer);
    expect(verdict).toBe('usable');
    const texts = ['Name of the customer', 'Ada Lovelace', '12 First Street', 'London', '60 days'];
    expect(runs.map(({ text }) => text)).toEqual(texts);
    const [label, filled, first, second] = runs.map(({ box }) => box);
    // In one line with its label, and to the right of it.
    expect(Math.abs(label![3] - filled![3])).toBeLessThan(2);
    expect([filled![0], filled![2]]).toEqual([200, 350]);
    expect(second![1]).toBeGreaterThan(first![3]);
  });

  it('has what a viewer typed onto it where it also has printed text', async () => {
    const content = 'BT /F 12 Tf 10 80 Td (Total) Tj ET';
    const note = (kind: string, text: string) =>
      `<< /Type /Annot /Subtype /${kind} /Contents (${text}) /DA (/Helv 10 Tf) /Rect [10 30 90 60] >>`;
    const hidden = note('FreeText', 'taken back').replace('>>', '/F 2 >>');
    const notes = [note('FreeText', 'Approved\\rby Ada'), hidden, note('Text', 'for who opens it')].join(' ');
    const bytes = Buffer.from(`%PDF-1.7
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 100 100] >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [${notes}] /Resources << /Font << /F ${HELVETICA} >> >> >> endobj
4 0 obj << /Length ${content.length} >> stream\n${content}\nendstream endobj
trailer << /Root 1 0 R >>`);
    const { runs } = await readFirstPage(bytes, judgeTextLayer);
    expect(runs.map(({ text }) => text)).toEqual(['Total', 'Approved', 'by Ada']);
    expect(runs[1]?.box).toEqual([10, 42, 90, 50]);
  });
});
