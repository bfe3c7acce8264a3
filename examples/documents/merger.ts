import { defineExecutor } from '../../src/executor/index.js';
import { allPages } from './inputs.js';
import type {
  Annotation,
  ClassifyOutput,
  CurrencyTotal,
  DocumentResult,
  ExtractOutput,
  PageClass,
  PageText,
  ResultPage,
  TextSource,
  ValidateOutput,
} from './model.js';

/** What the stages found out, each list in page order. */
export interface Findings {
  readonly texts: readonly PageText[];
  readonly classes: readonly ClassifyOutput[];
  readonly fields: readonly ExtractOutput[];
  readonly checks: readonly ValidateOutput[];
  readonly annotation: Annotation;
}

/** Puts what the stages found out into the one result of the document. */
export function merge({ texts, classes, fields, checks, annotation }: Findings): DocumentResult {
  const pages = texts.map((text, index): ResultPage => {
    const [found, check] = [classes[index], checks[index]];
    return {
      page: text.page,
      class: found?.class ?? 'other',
      classConfidence: found?.confidence ?? 0,
      textSource: text.source,
      ocrConfidence: text.confidence,
      textLines: text.lines.length,
      invoice: fields[index]?.invoice ?? null,
      validation: check?.checked ? { valid: check.problems.length === 0, problems: check.problems } : null,
    };
  });
  return { pageCount: pages.length, pages, annotation, totals: totalsOf(pages) };
}

/** `merger`: the result of the document. */
export const merger = defineExecutor({
  class: 'merger',
  slots: 2,
  async run(ctx, input): Promise<DocumentResult> {
    return merge({
      texts: await allPages<PageText>(ctx, input, 'texts'),
      classes: await allPages<ClassifyOutput>(ctx, input, 'classes'),
      fields: await allPages<ExtractOutput>(ctx, input, 'fields'),
      checks: await allPages<ValidateOutput>(ctx, input, 'checks'),
      annotation: input['annotation'] as Annotation,
    });
  },
});

function totalsOf(pages: readonly ResultPage[]): DocumentResult['totals'] {
  const byClass: Record<PageClass, number> = { invoice: 0, receipt: 0, letter: 0, other: 0 };
  const bySource: Record<TextSource, number> = { 'text-layer': 0, ocr: 0, none: 0 };
  const sums = new Map<string, CurrencyTotal>();
  for (const { class: kind, textSource, invoice, validation } of pages) {
    byClass[kind]++;
    bySource[textSource]++;
    if (!invoice?.currency || !validation?.valid) continue;
    const currency = invoice.currency.value;
    const sum = sums.get(currency) ?? { currency, invoices: 0, netMinor: 0, taxMinor: 0, totalMinor: 0 };
    sums.set(currency, {
      currency,
      invoices: sum.invoices + 1,
      netMinor: sum.netMinor + (invoice.netMinor?.value ?? 0),
      taxMinor: sum.taxMinor + (invoice.taxMinor?.value ?? 0),
      totalMinor: sum.totalMinor + (invoice.totalMinor?.value ?? 0),
    });
  }
  return {
    byClass,
    bySource,
    invalidPages: pages.filter(({ validation }) => validation && !validation.valid).map(({ page }) => page),
    byCurrency: [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}
