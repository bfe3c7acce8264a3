import { z } from 'zod';
import { defineExecutor, type ExecutorDefinition, type JobInput } from '../../src/executor/index.js';
import { allPages } from './inputs.js';
import type { Annotation, ClassifyOutput, ExtractOutput } from './model.js';

/** An OpenAI-compatible chat endpoint. */
export interface LlmEndpoint {
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}

const REQUEST_TIMEOUT_MS = 30_000;
const completion = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) });

/** The endpoint that the environment names: `MARIE_LLM_URL` and `MARIE_LLM_MODEL`, with `MARIE_LLM_KEY` if needed. */
export function endpointFrom(environment: Readonly<Record<string, string | undefined>>): LlmEndpoint | undefined {
  const { MARIE_LLM_URL: baseUrl, MARIE_LLM_MODEL: model, MARIE_LLM_KEY: apiKey } = environment;
  if (!baseUrl || !model) return undefined;
  return apiKey ? { baseUrl, model, apiKey } : { baseUrl, model };
}

/**
 * `llm`: a summary of the document in two sentences. Without an endpoint, or with one that doesn't answer, it says so
 * and the document goes on without it: an annotation is a convenience, not a part of the result's correctness.
 */
export function createLlm(endpoint: LlmEndpoint | undefined): ExecutorDefinition<JobInput, Annotation> {
  return defineExecutor({
    class: 'llm',
    slots: 1,
    async run(ctx, input): Promise<Annotation> {
      if (!endpoint) return { skipped: true, reason: 'no endpoint configured' };
      const classes = await allPages<ClassifyOutput>(ctx, input, 'classes');
      const fields = await allPages<ExtractOutput>(ctx, input, 'fields');
      try {
        return {
          skipped: false,
          model: endpoint.model,
          summary: await ask(endpoint, describe(classes, fields), ctx.signal),
        };
      } catch (error) {
        ctx.signal.throwIfAborted();
        ctx.log.warn({ error: String(error) }, 'no annotation');
        return { skipped: true, reason: `endpoint failed: ${String(error)}` };
      }
    },
  });
}

function describe(classes: readonly ClassifyOutput[], fields: readonly ExtractOutput[]): string {
  return classes
    .map(({ page, class: kind }, index) => {
      const invoice = fields[index]?.invoice;
      if (!invoice) return `Page ${page}: ${kind}`;
      const { seller, buyer, date, currency, totalMinor } = invoice;
      const total = totalMinor ? `${totalMinor.value / 100} ${currency?.value ?? ''}` : 'an unknown total';
      return `Page ${page}: ${kind} of ${seller?.value} to ${buyer?.value}, ${date?.value}, ${total}`;
    })
    .join('\n');
}

async function ask(endpoint: LlmEndpoint, pages: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${endpoint.baseUrl.replace(/\/$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {}),
    },
    body: JSON.stringify({
      model: endpoint.model,
      temperature: 0,
      messages: [
        { role: 'system', content: 'You summarise what a scanned document contains, in two plain sentences.' },
        { role: 'user', content: pages },
      ],
    }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return completion.parse(await response.json()).choices[0]?.message.content.trim() ?? '';
}
