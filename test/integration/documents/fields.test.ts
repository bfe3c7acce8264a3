import { describe, expect, it } from 'vitest';
import { classify } from '../../../examples/documents/classifier.js';
import { extractInvoice } from '../../../examples/documents/extractor.js';
import type { Invoice, Line } from '../../../examples/documents/model.js';
import { NaiveBayes, tokenise } from '../../../examples/documents/naive-bayes.js';
import { validateInvoice } from '../../../examples/documents/validator.js';
import { layouts, sample } from './pages.js';

const archive = await sample('archive');
const printed = archive.truth.pages.filter((page) => page.textSource === 'text-layer');
const texts = await layouts(
  archive.bytes,
  printed.map((page) => page.page),
);

describe('the classifier', () => {
  it('knows every printed page of the archive', () => {
    expect(texts.map((text) => [text.page, classify(text).class])).toEqual(printed.map((p) => [p.page, p.class]));
  });

  it('says other, with no confidence, of a page without text', () => {
    expect(classify({ lines: [] })).toEqual({ class: 'other', confidence: 0 });
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

describe('the extractor', () => {
  const plain = (invoice: Invoice) => ({
    ...Object.fromEntries(
      Object.entries(invoice)
        .filter(([name]) => name !== 'items')
        .map(([name, field]) => [name, (field as { value: unknown } | null)?.value]),
    ),
    items: invoice.items.map(({ place: _place, ...item }) => item),
  });

  it('reads every printed invoice of the archive, in three designs', () => {
    const invoices = printed.filter((page) => page.invoice);
    expect(invoices.length).toBeGreaterThan(30);
    for (const { page, invoice } of invoices) {
      const text = texts.find((candidate) => candidate.page === page);
      if (text) expect(plain(extractInvoice(text))).toEqual(invoice);
    }
  });

  it('says where each field stands', () => {
    const text = texts.find(({ page }) => printed.find((p) => p.page === page)?.invoice);
    if (!text) throw new Error('the archive has an invoice');
    const { number, totalMinor, items } = extractInvoice(text);
    for (const field of [number, totalMinor]) {
      const there = text.lines.filter((line) => line.box === field?.place.box).map((line) => line.text);
      expect(there.join()).toContain(field?.text);
      expect(field?.place.page).toBe(text.page);
    }
    expect(items[0]?.place.box[3]).toBeLessThan(totalMinor?.place.box[1] ?? 0);
  });

  it('gives null for what is not there, and guesses nothing', () => {
    const line = (text: string, y: number): Line => ({
      text,
      box: [50, y - 8, 50 + 5 * text.length, y],
      size: 10,
      block: 0,
    });
    const invoice = extractInvoice({ page: 1, lines: [line('Invoice', 60), line('Total due', 300)] });
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
  const text = texts.find(({ page }) => (printed.find((p) => p.page === page)?.invoice?.items.length ?? 0) > 1);
  if (!text) throw new Error('the archive has an invoice of several items');
  const right = extractInvoice(text);
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
});
