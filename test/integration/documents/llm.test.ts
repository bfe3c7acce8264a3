import { describe, expect, it } from 'vitest';
import { type ChatPatience, endpointFrom } from '../../../examples/documents/chat.js';
import { createLlm } from '../../../examples/documents/llm.js';
import type { Annotation, LayoutOutput } from '../../../examples/documents/model.js';
import type { JobContext } from '../../../src/executor/index.js';
import { type Reply, startChatServer } from '../../support/chat-server.js';
import { PATIENT_MS } from '../../support/patience.js';
import { contextOf } from './chain.js';

const line = (text: string) => ({ text, box: [0, 0, 1, 1] as const, size: 10, block: 0 });
const page = (text: string) => ({ lines: [line(text)] }) as unknown as LayoutOutput;
const outputs = new Map<string, unknown>([['layout', [page('another'), page('Dear Ann,'), page('Yours, Bob')]]]);
const input = {
  layout: { collection: { dagId: 'test', job: 'layout', count: 3 } },
  item: { document: 2, class: 'letter', from: 2, to: 3, uri: 'blob:sha256:00' },
  index: 1,
};
const PATIENCE: ChatPatience = { requestTimeoutMs: PATIENT_MS, retries: 2, baseMs: 5, maxMs: 2_000 };
/** With an endpoint that never answers: longer than it takes until that has been asked. */
const BRIEF: ChatPatience = { ...PATIENCE, requestTimeoutMs: 3_000 };

/** Annotates a letter of two pages by an endpoint that answers so. */
async function annotate(
  replies: readonly Reply[],
  { key, patience = PATIENCE, ...more }: Partial<JobContext> & { key?: string; patience?: ChatPatience } = {},
) {
  const { url, asked } = await startChatServer(...replies);
  const endpoint = endpointFrom({ MARIE_LLM_URL: url, MARIE_LLM_MODEL: 'small', MARIE_LLM_KEY: key });
  const context = { ...contextOf('annotate', outputs), ...more };
  const annotation = Promise.resolve(createLlm(endpoint, patience).run(context, input));
  return { annotation: annotation as Promise<Annotation>, asked };
}

describe('the annotation', () => {
  it('is skipped, and says so, without an endpoint', async () => {
    const annotation = await createLlm(endpointFrom({})).run(contextOf('annotate', outputs), input);
    expect(annotation).toEqual({ skipped: true, reason: 'no endpoint configured' });
    expect(endpointFrom({ MARIE_LLM_URL: 'http://x' })).toBeUndefined();
  });

  it('asks with the text of the pages of its document alone, and counts the tokens', async () => {
    let units = 0;
    const useUnits = (count: number) => {
      units += count;
    };
    const { annotation, asked } = await annotate([{ text: ' A letter. ', tokens: 41 }], { useUnits, key: 'secret' });
    expect(await annotation).toEqual({ skipped: false, model: 'small', summary: 'A letter.' });
    expect(units).toBe(41);
    expect(asked).toHaveLength(1);
    const { url, headers, body } = asked[0]!;
    expect(url).toBe('/v1/chat/completions');
    expect(headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' });
    expect(body.model).toBe('small');
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(body.messages[1]?.content).toBe('A document that looks like this: letter.\n\nDear Ann,\nYours, Bob');
  });

  it('waits as long as a rate limit says, then asks again', async () => {
    const { annotation, asked } = await annotate([{ status: 429, retryAfterS: 1 }, { text: 'Now.' }]);
    expect(await annotation).toMatchObject({ summary: 'Now.' });
    expect(asked).toHaveLength(2);
    expect(asked[1]!.atMs - asked[0]!.atMs).toBeGreaterThanOrEqual(950);
  });

  it('asks again when the server is down for a moment', async () => {
    const { annotation, asked } = await annotate([{ status: 503 }, { status: 502 }, { text: 'Up.' }]);
    expect(await annotation).toMatchObject({ summary: 'Up.' });
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['llm-rate-limited', true, { status: 429, body: '{"error":{"message":"quota"}}' }, 3, 'quota'],
    ['llm-unavailable', true, { status: 500, body: 'oops' }, 3, 'answered 500: oops'],
    ['llm-unavailable', true, 'hang', 1, "can't be reached"],
    ['llm-refused', false, { status: 401, body: '{"error":{"message":"bad key"}}' }, 1, 'bad key'],
    ['llm-refused', false, { status: 404 }, 1, 'answered 404'],
    ['llm-malformed', true, { status: 200, body: '{"choices":[]}' }, 1, 'no completion'],
    ['llm-malformed', true, { status: 200, body: '<html>' }, 1, 'no completion'],
  ] as const)(
    'fails with %s (retryable: %s) when the endpoint answers %o',
    async (code, retryable, reply, times, text) => {
      const { annotation, asked } = await annotate([reply], { patience: reply === 'hang' ? BRIEF : PATIENCE });
      await expect(annotation).rejects.toMatchObject({ code, retryable, message: expect.stringContaining(text) });
      expect(asked).toHaveLength(times);
    },
  );

  it('fails with llm-unavailable when nobody listens', async () => {
    const endpoint = endpointFrom({ MARIE_LLM_URL: 'http://127.0.0.1:1/v1', MARIE_LLM_MODEL: 'small' });
    const annotation = createLlm(endpoint, PATIENCE).run(contextOf('annotate', outputs), input);
    await expect(annotation).rejects.toMatchObject({ code: 'llm-unavailable', retryable: true });
  });

  it('stops waiting when its attempt is stopped', async () => {
    const stop = new AbortController();
    const { annotation, asked } = await annotate(['hang'], { signal: stop.signal });
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('lease lost'));
    await expect(annotation).rejects.toThrow('lease lost');
  });
});
