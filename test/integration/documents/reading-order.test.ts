import { describe, expect, it } from 'vitest';
import type { Run } from '../../../examples/documents/model.js';
import { readFirstPage } from '../../../examples/documents/pdf.js';
import { toLines } from '../../../examples/documents/reading-order.js';
import { judgeTextLayer } from '../../../examples/documents/text-layer.js';
import { layouts, sample, singlePage } from './pages.js';

const run = (text: string, x: number, baseline: number, width = 6 * text.length): Run => ({
  text,
  box: [x, baseline - 8, x + width, baseline],
  size: 10,
});

describe('lines in reading order', () => {
  it('joins runs on a baseline with a space where there is a gap, and without one where there is none', () => {
    const lines = toLines([run('Sche', 10, 50), run('duler', 34, 50), run('and', 68, 50)]);
    expect(lines.map((line) => line.text)).toEqual(['Scheduler and']);
    expect(lines[0]?.box).toEqual([10, 42, 86, 50]);
  });

  it('ends a line at a wide gap and keeps the cells of a table in rows', () => {
    const row = (y: number, name: string, amount: string) => [run(amount, 400, y), run(name, 50, y)];
    const lines = toLines([...row(80, 'Lamp', '34.50'), ...row(65, 'Chair', '189.90')]);
    expect(lines.map((line) => line.text)).toEqual(['Chair', '189.90', 'Lamp', '34.50']);
  });

  it('reads columns of prose one after the other, also across paragraphs that end at one height', async () => {
    const { bytes } = await sample('mixed');
    const [article] = await layouts(bytes, [10]);
    const text = article?.lines.map((line) => line.text).join(' ') ?? '';
    const at = ['The library opens', 'From next month', 'The spring programme', 'Research on', 'Articles for the next'];
    const places = at.map((start) => text.indexOf(start));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('gives paragraphs different blocks', async () => {
    const { bytes } = await sample('mixed');
    const [letter] = await layouts(bytes, [1]);
    const block = (start: string) => letter?.lines.find((line) => line.text.startsWith(start))?.block;
    expect(block('Dear')).not.toBe(block('Yours sincerely'));
  });
});

describe('the blocks of a page', () => {
  it('are a table, pairs, headings and paragraphs, by where their cells stand', async () => {
    const { bytes } = await sample('mixed');
    const [invoice, form] = await layouts(bytes, [11, 7]);
    const blockOf = (start: string) =>
      invoice?.blocks[invoice.lines.find(({ text }) => text.startsWith(start))?.block ?? -1];
    expect(blockOf('Invoice')?.kind).toBe('heading');
    expect(blockOf('Units')?.kind).toBe('table');
    expect(blockOf('Net amount')?.kind).toBe('pairs');
    expect(blockOf('Wire transfer')?.kind).toBe('paragraph');
    expect(form?.blocks[0]?.kind).toBe('heading');
  });

  it('hold every row of a table, with its headings', async () => {
    const { bytes, truth } = await sample('mixed');
    const [invoice] = await layouts(bytes, [11]);
    const table = invoice?.blocks.findIndex(({ kind, box }) => kind === 'table' && box[1] > 250) ?? -1;
    const rows = new Set(invoice?.lines.filter(({ block }) => block === table).map(({ box }) => box[3]));
    expect(rows.size).toBe(1 + (truth.documents[8]?.invoice?.items.length ?? 0));
  });
});

describe('the verdict on a text layer', () => {
  it('trusts printed pages, and neither scans nor scans with a stamp', async () => {
    const { bytes, truth } = await sample('mixed');
    const verdicts: string[] = [];
    for (const { page } of truth.pages) {
      verdicts.push((await readFirstPage(await singlePage(bytes, page), judgeTextLayer)).verdict);
    }
    expect(verdicts[5]).toBe('no-text');
    expect(verdicts[11]).toBe('image-with-little-text');
    const usable = truth.pages.map((page) => page.textSource === 'text-layer');
    expect(verdicts.map((verdict) => verdict === 'usable')).toEqual(usable);
  });
});
