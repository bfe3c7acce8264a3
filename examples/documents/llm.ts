import { defineExecutor, type ExecutorDefinition, type JobInput } from '../../src/executor/index.js';
import { Chat, type ChatPatience, type LlmEndpoint } from './chat.js';
import { documentOf, pagesOf } from './inputs.js';
import type { Annotation, DocumentRef, LayoutOutput } from './model.js';

/** Documents that are asked about at once: endpoints answer several requests at a time. */
const LLM_SLOTS = 2;
/** Characters of a document that the model gets to see; its context is bounded, and its tokens are paid for. */
const MAX_CHARACTERS = 8_000;
const SYSTEM = 'You summarise a document for somebody who sorts mail, in one or two plain sentences.';

/**
 * `llm`: a summary of the document. Without an endpoint it says so and the batch goes on without: an annotation is a
 * convenience, not a part of the result's correctness. For the same reason the DAG tolerates that these jobs fail.
 */
export function createLlm(
  endpoint: LlmEndpoint | undefined,
  patience?: Partial<ChatPatience>,
): ExecutorDefinition<JobInput, Annotation> {
  const chat = endpoint && new Chat(endpoint, patience);
  return defineExecutor({
    class: 'llm',
    slots: LLM_SLOTS,
    async run(ctx, input): Promise<Annotation> {
      if (!chat || !endpoint) return { skipped: true, reason: 'no endpoint configured' };
      const pages = await pagesOf<LayoutOutput>(ctx, input, 'layout');
      const { text, tokens } = await chat.ask(SYSTEM, questionOf(documentOf(input), pages), ctx.signal);
      ctx.useUnits(tokens);
      return { skipped: false, model: endpoint.model, summary: text };
    },
  });
}

function questionOf({ class: kind }: DocumentRef, pages: readonly LayoutOutput[]): string {
  const text = pages.flatMap(({ lines }) => lines.map((line) => line.text)).join('\n');
  return `A document that looks like this: ${kind}.\n\n${text.slice(0, MAX_CHARACTERS)}`;
}
