import { z } from 'zod';
import { defineExecutor } from '../../src/executor/index.js';
import type { ExtractOutput } from './fields.js';
import { documentOf, inputAs, sameItem } from './inputs.js';
import type { PostingOutput } from './model.js';

/** Which account a document goes to when it holds a word. The first rule that fits decides. */
const rules = z.array(z.strictObject({ account: z.string().min(1), words: z.array(z.string().min(1)).min(1) }));
type Rules = z.infer<typeof rules>;

/**
 * `custom`: the stage that is yours. This one proposes an account for each invoice and receipt, by rules that come with
 * the submission; another company's stage would do something else.
 */
export const custom = defineExecutor({
  class: 'custom',
  slots: 4,
  async run(ctx, input): Promise<PostingOutput> {
    const { document } = documentOf(input);
    const found = await sameItem<ExtractOutput>(ctx, input, 'fields');
    return { document, ...accountOf(found, inputAs(rules, input, 'rules')) };
  },
});

/** The account for a document, and the word that decided; null for a document that is not posted. */
export function accountOf(
  { invoice, receipt }: Pick<ExtractOutput, 'invoice' | 'receipt'>,
  given: Rules,
): Omit<PostingOutput, 'document'> {
  const items = invoice?.items ?? receipt?.items ?? [];
  const text = items
    .map(({ description }) => description)
    .join('\n')
    .toLowerCase();
  for (const { account, words } of given) {
    const because = words.find((word) => text.includes(word.toLowerCase()));
    if (because !== undefined) return { account, because };
  }
  return { account: null, because: null };
}
