import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkResult } from '../../../examples/documents/check.js';
import { documentDag } from '../../../examples/documents/dag.js';
import { documentExecutors } from '../../../examples/documents/executors.js';
import type { DocumentResult, SplitOutput } from '../../../examples/documents/model.js';
import { type ChainRun, runChain } from './chain.js';
import { sample } from './pages.js';

const documents = documentExecutors();
afterAll(() => documents.close());

const resultOf = (run: ChainRun) => run.outputs.get('merge') as DocumentResult;

describe('the document DAG', () => {
  const dag = documentDag('blob:sha256:00');

  it('names an executor of the example for each of its jobs, and every executor has a job', () => {
    const asked = (dag.jobs as { executorClass: string }[]).map((job) => job.executorClass);
    expect(asked.sort()).toEqual(documents.executors.map((executor) => executor.class).sort());
  });

  it('has its placeholder bound', () => {
    expect(JSON.stringify(dag)).not.toContain('"input"');
    expect(dag.jobs).toContainEqual(expect.objectContaining({ inputs: { pdf: { uri: 'blob:sha256:00' } } }));
  });
});

describe('the stages one after the other', () => {
  let mixed: ChainRun;
  beforeAll(async () => {
    mixed = await runChain(documents.executors, (await sample('mixed')).bytes);
  });

  it('read an invoice of one page', async () => {
    const { bytes, truth } = await sample('invoice');
    expect(checkResult(resultOf(await runChain(documents.executors, bytes)), truth)).toEqual([]);
  });

  it('read a mixed document of twelve pages, three of them scanned, without a mistake', async () => {
    expect(checkResult(resultOf(mixed), (await sample('mixed')).truth)).toEqual([]);
  });

  it('find the invoice that does not add up, and leave it out of the sums', () => {
    const { totals, pages } = resultOf(mixed);
    expect(totals.invalidPages).toEqual([10]);
    const dollars = pages.filter((p) => p.invoice?.currency?.value === 'USD' && p.validation?.valid);
    expect(totals.byCurrency.find((sum) => sum.currency === 'USD')).toMatchObject({
      invoices: dollars.length,
      totalMinor: dollars.reduce((sum, page) => sum + (page.invoice?.totalMinor?.value ?? 0), 0),
    });
  });

  it('recognise two pages at a time', () => expect(mixed.mostAtOnce.get('ocr')).toBe(2));

  it('give the same output, blobs included, when they are run again', async () => {
    const again = await runChain(documents.executors, (await sample('mixed')).bytes);
    expect((again.outputs.get('split') as SplitOutput).pages).toEqual(
      (mixed.outputs.get('split') as SplitOutput).pages,
    );
    expect(resultOf(again)).toEqual(resultOf(mixed));
  });

  it('refuse what is no PDF, for good', async () => {
    const text = new TextEncoder().encode('not a PDF at all');
    await expect(runChain(documents.executors, text)).rejects.toMatchObject({
      code: 'pdf-unreadable',
      retryable: false,
    });
  });
});

describe('the check of a result', () => {
  it('sees a wrong total, a wrong class and a missing page', async () => {
    const { bytes, truth } = await sample('invoice');
    const result = resultOf(await runChain(documents.executors, bytes));
    const [page] = result.pages;
    if (!page?.invoice?.totalMinor) throw new Error('the page has an invoice');
    const totalMinor = { ...page.invoice.totalMinor, value: 1 };
    const wrong = { ...page, class: 'letter' as const, invoice: { ...page.invoice, totalMinor } };
    const paths = (pages: DocumentResult['pages']) => checkResult({ ...result, pages }, truth).map(({ path }) => path);
    expect(paths([wrong])).toEqual(['/pages/0/class', '/pages/0/invoice/totalMinor']);
    expect(paths([])).toEqual(['/pages/0']);
  });
});
