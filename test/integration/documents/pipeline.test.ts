import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkResult } from '../../../examples/documents/check.js';
import { documentDag } from '../../../examples/documents/dag.js';
import { documentExecutors } from '../../../examples/documents/executors.js';
import type { CutOutput, SplitOutput } from '../../../examples/documents/model.js';
import { PDFDocument } from '../../../examples/documents/pdf-pages.js';
import type { BatchResult } from '../../../examples/documents/result.js';
import { type ChainRun, runChain } from './chain.js';
import { sample } from './pages.js';

const documents = documentExecutors();
afterAll(() => documents.close());

const resultOf = (run: ChainRun) => run.outputs.get('merge') as BatchResult;

describe('the document DAG', () => {
  const dag = documentDag('blob:sha256:00');

  it('names an executor of the example for each of its jobs, and every executor has a job', () => {
    const asked = new Set((dag.jobs as { executorClass?: string }[]).flatMap((job) => job.executorClass ?? []));
    expect([...asked].sort()).toEqual(documents.executors.map((executor) => executor.class).sort());
  });

  it('has its placeholder bound', () => {
    expect(JSON.stringify(dag)).not.toContain('"input"');
    expect(dag.jobs).toContainEqual(
      expect.objectContaining({ inputs: { pdf: { uri: 'blob:sha256:00' }, by: { value: 'page' } } }),
    );
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

  it('cut the batch into its documents, each a PDF of its pages', async () => {
    const { truth } = await sample('mixed');
    const { documents: cut } = mixed.outputs.get('cut') as CutOutput;
    expect(cut.map(({ from, to, class: kind }) => [from, to, kind])).toEqual(
      truth.documents.map(({ from, to, class: kind }) => [from, to, kind]),
    );
    const [letter, single] = cut;
    const pdf = await PDFDocument.load(await mixed.blobs.get(letter?.uri ?? ''));
    expect(pdf.getPageCount()).toBe(2);
    // A document of one page is the blob of that page.
    expect(single?.uri).toBe((mixed.outputs.get('split') as SplitOutput).pages[2]?.uri);
  });

  it('find the invoice that does not add up, and leave it out of the sums', () => {
    const { totals, documents: found } = resultOf(mixed);
    expect(mixed.outputs.get('findings')).toMatchObject({ checked: 7, invalid: 1, documents: [{ document: 9 }] });
    expect(totals.invalidDocuments).toEqual([9]);
    expect(totals.byCurrency.find((sum) => sum.currency === 'USD')).toBeUndefined();
    const pounds = found.filter(({ invoice }) => invoice?.currency?.value === 'GBP');
    expect(totals.byCurrency.find((sum) => sum.currency === 'GBP')).toMatchObject({
      invoices: pounds.length,
      totalMinor: pounds.reduce((sum, { invoice }) => sum + (invoice?.totalMinor?.value ?? 0), 0),
    });
  });

  it('take it as it is when a person accepts it', async () => {
    const answer = { decisions: [{ document: 9, decision: 'accept' }] };
    const { bytes } = await sample('mixed');
    const { totals, documents: found } = resultOf(await runChain(documents.executors, bytes, answer));
    expect(totals.invalidDocuments).toEqual([]);
    expect(totals.byCurrency.find((sum) => sum.currency === 'USD')).toMatchObject({ invoices: 1 });
    expect(found[8]).toMatchObject({ decision: 'accept', validation: { valid: false } });
  });

  it('propose accounts by the rules of the submission, and say why there is no summary', () => {
    const { documents: found } = resultOf(mixed);
    expect(found.map(({ account }) => account?.split(' ')[0] ?? null)).toContain('6640');
    expect(found[0]).toMatchObject({ account: null, annotation: { skipped: true, reason: 'no endpoint configured' } });
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
  it('sees a wrong total, a wrong class, and what is missing', async () => {
    const { bytes, truth } = await sample('invoice');
    const result = resultOf(await runChain(documents.executors, bytes));
    const [document] = result.documents;
    if (!document?.invoice?.totalMinor) throw new Error('the document is an invoice');
    const totalMinor = { ...document.invoice.totalMinor, value: 1 };
    const wrong = { ...document, class: 'letter' as const, invoice: { ...document.invoice, totalMinor } };
    const paths = (more: Partial<BatchResult>) => checkResult({ ...result, ...more }, truth).map(({ path }) => path);
    expect(paths({ documents: [wrong] })).toEqual(['/documents/0/class', '/documents/0/invoice/totalMinor']);
    expect(paths({ documents: [{ ...document, invoice: null }] })).toEqual(['/documents/0/invoice']);
    expect(paths({ documents: [], pages: [] })).toEqual(['/pages/0', '/documents/0']);
  });
});
