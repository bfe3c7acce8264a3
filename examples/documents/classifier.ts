import { defineExecutor } from '../../src/executor/index.js';
import { marksOf } from './boundaries.js';
import { sameItem } from './inputs.js';
import type { ClassifyOutput, LayoutOutput, PageClass } from './model.js';
import { NaiveBayes } from './naive-bayes.js';
import training from './training.json' with { type: 'json' };

/** Trained when the module is loaded, which takes a few milliseconds. */
const model = new NaiveBayes<PageClass>(training);

/** What a page is, and whether a document begins with it. A page without text is `other`, with no confidence. */
export function classify(page: Pick<LayoutOutput, 'page' | 'lines'>): ClassifyOutput {
  const { label, probability } =
    page.lines.length === 0
      ? { label: 'other' as const, probability: 0 }
      : model.classify(page.lines.map((line) => line.text).join('\n'));
  return { page: page.page, class: label, confidence: Math.floor(100 * probability), ...marksOf(label, page) };
}

/** `classifier`: invoice, receipt, letter or something else, from the words of the page. */
export const classifier = defineExecutor({
  class: 'classifier',
  slots: 4,
  async run(ctx, input): Promise<ClassifyOutput> {
    return classify(await sameItem<LayoutOutput>(ctx, input, 'layout'));
  },
});
