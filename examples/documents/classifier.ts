import { defineExecutor } from '../../src/executor/index.js';
import { pageOf, samePage } from './inputs.js';
import type { ClassifyOutput, PageClass, PageText } from './model.js';
import { NaiveBayes } from './naive-bayes.js';
import training from './training.json' with { type: 'json' };

/** Trained when the module is loaded, which takes a few milliseconds. */
const model = new NaiveBayes<PageClass>(training);

/** What a page with this text is. A page without text is `other`, with no confidence. */
export function classify(text: Pick<PageText, 'lines'>): { readonly class: PageClass; readonly confidence: number } {
  if (text.lines.length === 0) return { class: 'other', confidence: 0 };
  const { label, probability } = model.classify(text.lines.map((line) => line.text).join('\n'));
  return { class: label, confidence: Math.floor(100 * probability) };
}

/** `classifier`: invoice, receipt, letter or something else, from the words of the page. */
export const classifier = defineExecutor({
  class: 'classifier',
  slots: 4,
  async run(ctx, input): Promise<ClassifyOutput> {
    const { page } = pageOf(input);
    return { page, ...classify(await samePage<PageText>(ctx, input, 'text')) };
  },
});
