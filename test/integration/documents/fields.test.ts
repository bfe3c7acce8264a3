import { describe, expect, it } from 'vitest';
import { documentsIn } from '../../../examples/documents/boundaries.js';
import { classify } from '../../../examples/documents/classifier.js';
import { accountOf } from '../../../examples/documents/custom.js';
import { extractInvoice } from '../../../examples/documents/extract/invoice.js';
import { extractReceipt } from '../../../examples/documents/extract/receipt.js';
import type { Invoice, Receipt } from '../../../examples/documents/fields.js';
import type { ClassifyOutput, Line } from '../../../examples/documents/model.js';
import { NaiveBayes, tokenise } from '../../../examples/documents/naive-bayes.js';
import { corrected, decisionsOf } from '../../../examples/documents/review.js';
import { validateInvoice, validateReceipt } from '../../../examples/documents/validation.js';
import { layouts, sample } from './pages.js';

const archive = await sample('archive');
const isPrinted = (page: number) => archive.truth.pages[page - 1]?.textSource === 'text-layer';
const printed = archive.truth.pages.filter(({ page }) => isPrinted(page));
const texts = await layouts(
  archive.bytes,
  printed.map((page) => page.page),
);
const documents = archive.truth.documents.filter(({ from }) => isPrinted(from));
const pagesOf = ({ from, to }: { from: number; to: number }) => texts.filter(({ page }) => from <= page && page <= to);

describe('the classifier', () => {
  it('knows every printed page of the archive', () => {
    expect(texts.map((text) => [text.page, classify(text).class])).toEqual(printed.map((p) => [p.page, p.class]));
  });

  it('says other, with no confidence, of a page without text', () => {
    expect(classify({ page: 3, lines: [] })).toMatchObject({ page: 3, class: 'other', confidence: 0 });
  });

  it('sees the shape of numbers, not the numbers', () => {
    expect(tokenise('Till 2 14:22 TOTAL 8.93 EUR 19 %')).toEqual([
      'till',
      '#time',
      'total',
      '#amount',
      'eur',
      '#percent',
    ]);
  });

  it('falls back to how common the classes are when it knows no word', () => {
    const model = new NaiveBayes({ few: ['alpha'], many: ['beta', 'gamma', 'delta'] });
    const { label, probability } = model.classify('omega');
    expect(label).toBe('many');
    expect(probability).toBeCloseTo(0.75);
  });
});

describe('the documents of a batch', () => {
  const page = (number: number, kind: ClassifyOutput['class'], more: Partial<ClassifyOutput> = {}): ClassifyOutput => ({
    page: number,
    class: kind,
    confidence: 99,
    begins: false,
    folio: null,
    ...more,
  });
  const spans = (pages: ClassifyOutput[]) =>
    documentsIn(pages).map((d) => `${d.document} ${d.class} ${d.from}-${d.to}`);

  it('begin where the class changes, and where a page looks like a first one', () => {
    const pages = [page(1, 'invoice'), page(2, 'invoice'), page(3, 'invoice', { begins: true }), page(4, 'letter')];
    expect(spans(pages)).toEqual(['1 invoice 1-2', '2 invoice 3-3', '3 letter 4-4']);
  });

  it('go on where the printed number of the page says so, whatever it is taken for', () => {
    const pages = [
      page(1, 'letter', { begins: true, folio: { page: 1, of: 2 } }),
      page(2, 'other', { begins: true, folio: { page: 2, of: 2 } }),
      page(3, 'other', { begins: true, folio: { page: 2, of: 3 } }),
    ];
    expect(spans(pages)).toEqual(['1 letter 1-2', '2 other 3-3']);
  });

  it('are none where there is no page', () => expect(documentsIn([])).toEqual([]));
});

describe('the extractor', () => {
  const plain = (fields: { readonly items: readonly { readonly place: unknown }[] }) => ({
    ...Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => name !== 'items')
        .map(([name, field]) => [name, (field as unknown as { value: unknown } | null)?.value]),
    ),
    items: fields.items.map(({ place: _place, ...item }) => item),
  });

  const read = documents.map((truth) => ({ truth, pages: pagesOf(truth) }));

  it('reads every printed invoice of the archive, in three designs, on one page and on two', () => {
    const invoices = read.filter(({ truth }) => truth.invoice);
    expect(invoices.length).toBeGreaterThan(30);
    expect(invoices.filter(({ pages }) => pages.length === 2).length).toBeGreaterThan(3);
    for (const { truth, pages } of invoices) expect(plain(extractInvoice(pages))).toEqual(truth.invoice);
  });

  it('reads every printed receipt', () => {
    const receipts = read.filter(({ truth }) => truth.receipt);
    expect(receipts.length).toBeGreaterThan(10);
    for (const { truth, pages } of receipts) {
      const { paidMinor, changeMinor, ...found } = extractReceipt(pages);
      expect(plain(found)).toEqual(truth.receipt);
      expect([paidMinor?.value, changeMinor?.value]).toEqual([truth.receipt?.totalMinor, 0]);
    }
  });

  it('says where each field stands', () => {
    const [long] = read.filter(({ truth, pages }) => truth.invoice && pages.length === 2);
    if (!long) throw new Error('the archive has an invoice of two pages');
    const { number, totalMinor, items } = extractInvoice(long.pages);
    for (const [field, text] of [
      [number, long.pages[0]],
      [totalMinor, long.pages[1]],
    ] as const) {
      const there = text?.lines.filter((line) => line.box === field?.place?.box).map((line) => line.text);
      expect(there?.join()).toContain(field?.text);
      expect(field?.place?.page).toBe(text?.page);
    }
    expect(items.at(-1)?.place.page).toBe(long.truth.to);
    expect(items.at(-1)?.place.box[3]).toBeLessThan(totalMinor?.place?.box[1] ?? 0);
  });

  it('gives null for what is not there, and guesses nothing', () => {
    const line = (text: string, y: number): Line => ({
      text,
      box: [50, y - 8, 50 + 5 * text.length, y],
      size: 10,
      block: 0,
    });
    const invoice = extractInvoice([{ page: 1, lines: [line('Invoice', 60), line('Total due', 300)] }]);
    expect(invoice).toEqual({
      number: null,
      date: null,
      seller: null,
      buyer: null,
      currency: null,
      items: [],
      netMinor: null,
      taxMinor: null,
      totalMinor: null,
    });
  });
});

describe('the validator', () => {
  const several = documents.find(({ invoice, problems }) => (invoice?.items.length ?? 0) > 1 && problems.length === 0);
  if (!several) throw new Error('the archive has an invoice of several items');
  const right = extractInvoice(pagesOf(several));
  const codes = (invoice: Invoice) => validateInvoice(invoice).map(({ code, path }) => `${code} ${path}`);

  it('has nothing to say of an invoice that adds up', () => expect(validateInvoice(right)).toEqual([]));

  it('names what is missing', () => {
    expect(codes({ ...right, number: null, items: [] })).toEqual(['schema /number', 'schema /items']);
  });

  it('checks net and tax against the total', () => {
    const { totalMinor } = right;
    const wrong = totalMinor && { ...totalMinor, value: totalMinor.value + 2 };
    expect(codes({ ...right, totalMinor: wrong })).toEqual(['net-plus-tax /totalMinor']);
  });

  it('checks quantities, prices and the sum of the items', () => {
    const [first, ...others] = right.items;
    if (!first) throw new Error('the invoice has items');
    const items = [{ ...first, amountMinor: first.amountMinor + 100 }, ...others];
    expect(codes({ ...right, items })).toEqual(['item-product /items/0/amountMinor', 'items-sum /netMinor']);
  });

  it('checks a receipt against what was bought and what was paid', () => {
    const truth = documents.find(({ receipt, problems }) => receipt && problems.length === 0);
    const receipt = extractReceipt(pagesOf(truth ?? { from: 0, to: 0 }));
    const found = (more: Partial<Receipt>) =>
      validateReceipt({ ...receipt, ...more }).map(({ code, path }) => `${code} ${path}`);
    expect(found({})).toEqual([]);
    const paidMinor = receipt.paidMinor && { ...receipt.paidMinor, value: receipt.paidMinor.value + 50 };
    expect(found({ paidMinor, date: null })).toEqual(['schema /date', 'paid-minus-change /paidMinor']);
    expect(found({ items: receipt.items.slice(1) })).toEqual(['items-sum /totalMinor']);
    expect(found({ paidMinor: null, changeMinor: null })).toEqual([]);
  });
});

describe('the account of a document', () => {
  const rules = [
    { account: 'meals', words: ['soup', 'espresso'] },
    { account: 'office', words: ['paper'] },
  ];
  const receipt = (...items: string[]): Receipt => ({
    seller: null,
    date: null,
    currency: null,
    items: items.map((description) => ({ description, amountMinor: 1, place: { page: 1, box: [0, 0, 1, 1] } })),
    totalMinor: null,
    paidMinor: null,
    changeMinor: null,
  });

  it('is that of the first rule that fits, and none where none does', () => {
    const of = (...items: string[]) => accountOf({ invoice: null, receipt: receipt(...items) }, rules);
    expect(of('Printer paper', 'Espresso')).toEqual({ account: 'meals', because: 'espresso' });
    expect(of('Printer PAPER')).toEqual({ account: 'office', because: 'paper' });
    expect(of('Chair')).toEqual({ account: null, because: null });
    expect(accountOf({ invoice: null, receipt: null }, rules).account).toBeNull();
  });
});

describe('the review of a person', () => {
  const fields: Receipt = extractReceipt([]);

  it('puts right the fields that it names, and no others', () => {
    const decision = { document: 1, decision: 'correct', values: { totalMinor: 5, buyer: 'nobody has one' } } as const;
    expect(corrected(fields, decision)).toEqual({ ...fields, totalMinor: { value: 5, text: '5', place: null } });
    expect(corrected(fields, { document: 1, decision: 'accept' })).toBe(fields);
    expect(corrected(fields, undefined)).toBe(fields);
  });

  it('is none where nobody was asked, and is refused in another form', () => {
    expect(decisionsOf(null).size).toBe(0);
    expect(decisionsOf({ decisions: [{ document: 2, decision: 'reject' }] }).get(2)?.decision).toBe('reject');
    for (const wrong of [{}, 'yes', { decisions: [{ document: 2, decision: 'maybe' }] }, { decisions: [], more: 1 }]) {
      expect(() => decisionsOf(wrong)).toThrow('the answer to review');
    }
  });
});
