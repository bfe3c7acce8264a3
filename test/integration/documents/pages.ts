import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOut } from '../../../examples/documents/layout.js';
import type { LayoutOutput } from '../../../examples/documents/model.js';
import { readFirstPage } from '../../../examples/documents/pdf.js';
import { ensureSample, type SampleFiles, type SampleName } from '../../../examples/documents/samples.js';
import { extractPages, openPdf } from '../../../examples/documents/splitter.js';
import { judgeTextLayer } from '../../../examples/documents/text-layer.js';

/** Where the tests keep the samples between runs. */
export const sampleFolder = join(tmpdir(), 'marie-document-samples');

/** A sample and its bytes. */
export async function sample(name: SampleName): Promise<SampleFiles & { readonly bytes: Uint8Array }> {
  const files = await ensureSample(name, sampleFolder);
  return { ...files, bytes: await readFile(files.pdf) };
}

/** One page of a PDF as a PDF. */
export async function singlePage(bytes: Uint8Array, page: number): Promise<Uint8Array> {
  return extractPages(await openPdf(bytes), page, page);
}

/** The text layers of some pages of a PDF, as `layout` gives them. */
export async function layouts(bytes: Uint8Array, pages: readonly number[]): Promise<LayoutOutput[]> {
  const source = await openPdf(bytes);
  const outputs: LayoutOutput[] = [];
  for (const page of pages) {
    const { verdict: _usable, ...layer } = await readFirstPage(await extractPages(source, page, page), judgeTextLayer);
    outputs.push(layOut({ page, source: 'text-layer', confidence: null, ...layer }));
  }
  return outputs;
}
