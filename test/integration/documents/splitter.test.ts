import { describe, expect, it } from 'vitest';
import { readFirstPage } from '../../../examples/documents/pdf.js';
import { PDFDocument } from '../../../examples/documents/pdf-pages.js';
import { extractPages, openPdf } from '../../../examples/documents/splitter.js';

describe('the splitter', () => {
  it('says of a PDF that it is encrypted, and not only that it cannot be read', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    document.context.trailerInfo.Encrypt = document.context.obj({ Filter: 'Standard', V: 1, R: 2 });
    const opened = openPdf(await document.save({ useObjectStreams: false }));
    await expect(opened).rejects.toMatchObject({ code: 'pdf-encrypted', retryable: false });
    await expect(openPdf(new Uint8Array())).rejects.toMatchObject({ code: 'pdf-unreadable', retryable: false });
  });

  it('takes out a page without the pages that it links to', async () => {
    const document = await PDFDocument.create();
    const pages = Array.from({ length: 30 }, () => document.addPage());
    for (const [index, page] of pages.entries()) {
      page.drawText(`Page ${index + 1}`);
      const to = pages[(index + 1) % pages.length]?.ref ?? null;
      const link = { Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 100, 20], Dest: [to, 'Fit'] };
      page.node.addAnnot(document.context.register(document.context.obj(link)));
    }
    const source = await openPdf(await document.save());
    const part = await PDFDocument.load(await extractPages(source, 2, 3));
    expect(part.getPageCount()).toBe(2);
    const content = part.context.enumerateIndirectObjects().filter(([, object]) => 'contents' in object);
    expect(content).toHaveLength(2);
  });

  it('takes out a page with its own fields of a form, and without those of other pages', async () => {
    const document = await PDFDocument.create();
    for (let page = 1; page <= 3; page++) {
      const field = document.getForm().createTextField(`form.page${page}.name`);
      field.setText(`Name ${page}`);
      field.addToPage(document.addPage(), { x: 10, y: 10 });
    }
    const part = await extractPages(await openPdf(await document.save()), 2, 2);
    const objects = (await PDFDocument.load(part)).context
      .enumerateIndirectObjects()
      .map(([, object]) => String(object));
    expect(objects.filter((object) => object.includes('/Widget'))).toHaveLength(1);
    expect(await readFirstPage(part, (page) => page.paints())).toBe('marks');
  });
});
