import { defineExecutor } from '../../src/executor/index.js';
import { toBlocks } from './blocks.js';
import { sameItem } from './inputs.js';
import type { LayoutOutput, PageText } from './model.js';
import { toLines } from './reading-order.js';

/** `layout`: lines in reading order and blocks, from nothing but where the pieces of text stand. */
export const layout = defineExecutor({
  class: 'layout',
  slots: 4,
  async run(ctx, input): Promise<LayoutOutput> {
    return layOut(await sameItem<PageText>(ctx, input, 'text'));
  },
});

/** Lays out a page. */
export function layOut({ runs, ...page }: PageText): LayoutOutput {
  return { ...page, ...toBlocks(toLines(runs)) };
}
