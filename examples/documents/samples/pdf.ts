import { PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib';
import type { Sheet } from './sheet.js';

/** A page of a sample: a printed sheet, or the picture of one with what a scanner may have stamped on it as text. */
export type SamplePage =
  | { readonly kind: 'text'; readonly sheet: Sheet }
  | { readonly kind: 'scan'; readonly sheet: Sheet; readonly jpeg: Uint8Array; readonly stamp?: string };

/** Writes a PDF. The same pages always give the same bytes. */
export async function writePdf(title: string, pages: readonly SamplePage[]): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const created = new Date('2026-01-02T03:04:05Z');
  document.setTitle(title);
  document.setCreationDate(created);
  document.setModificationDate(created);
  const regular = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  for (const sample of pages) {
    const { width, height } = sample.sheet;
    const page = document.addPage([width, height]);
    if (sample.kind === 'text') {
      drawSheet(page, sample.sheet, regular, bold);
    } else {
      page.drawImage(await document.embedJpg(sample.jpeg), { x: 0, y: 0, width, height });
      if (sample.stamp) page.drawText(sample.stamp, { x: 20, y: height - 16, size: 7, font: regular });
    }
  }
  return document.save();
}

function drawSheet(page: PDFPage, sheet: Sheet, regular: PDFFont, bold: PDFFont): void {
  for (const { text, x, y, size, bold: isBold, alignRight } of sheet.texts) {
    const font = isBold ? bold : regular;
    const left = alignRight ? x - font.widthOfTextAtSize(text, size) : x;
    page.drawText(text, { x: left, y: sheet.height - y, size, font });
  }
  for (const { x0, y0, x1, y1 } of sheet.rules) {
    page.drawLine({
      start: { x: x0, y: sheet.height - y0 },
      end: { x: x1, y: sheet.height - y1 },
      thickness: 0.7,
    });
  }
}
