import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printMinor } from '../../../examples/documents/samples/numbers.js';
import { makeSample } from '../../../examples/documents/samples/plan.js';
import { ensureSample } from '../../../examples/documents/samples.js';

describe('the samples', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marie-samples-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are the same bytes each time, scanned pages included', async () => {
    const [first, second] = [await makeSample('mixed'), await makeSample('mixed')];
    expect(Buffer.from(first.pdf).equals(Buffer.from(second.pdf))).toBe(true);
    expect(first.truth).toEqual(second.truth);
  });

  it('have 1, 12 and 200 pages, a tenth of the last scanned', async () => {
    expect((await makeSample('invoice')).truth.pages).toHaveLength(1);
    expect((await makeSample('mixed')).truth.pages).toHaveLength(12);
    const { pages } = (await makeSample('archive')).truth;
    expect(pages).toHaveLength(200);
    expect(pages.filter((page) => page.textSource === 'ocr')).toHaveLength(20);
  });

  it('are taken from the folder, and made anew when a file there is not whole', async () => {
    const { pdf } = await ensureSample('invoice', folder);
    const whole = await readFile(pdf);
    await writeFile(pdf, whole.subarray(0, 100));
    await ensureSample('invoice', folder);
    expect((await readFile(pdf)).equals(whole)).toBe(true);
  });

  it('print money in both ways', () => {
    expect([printMinor(123_456_789), printMinor(123_456_789, true), printMinor(5)]).toEqual([
      '1,234,567.89',
      '1.234.567,89',
      '0.05',
    ]);
  });
});
