import { Agent, type Dispatcher, RetryAgent, request } from 'undici';
import { z } from 'zod';
import { JobError } from '../../src/executor/index.js';

/** An OpenAI-compatible chat endpoint. */
export interface LlmEndpoint {
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}

/** How long and how often an endpoint is asked before the attempt fails. */
export interface ChatPatience {
  readonly requestTimeoutMs: number;
  /** After the first try. */
  readonly retries: number;
  /** The first delay where the endpoint names none; it doubles. */
  readonly baseMs: number;
  /** No delay is longer; a Retry-After that is ends the attempt's patience there. */
  readonly maxMs: number;
}

const PATIENCE: ChatPatience = { requestTimeoutMs: 30_000, retries: 3, baseMs: 500, maxMs: 20_000 };
/** Too many requests, and what a gateway says of a model that is down or starting. */
const PASSING = [429, 500, 502, 503, 504];
/** As much of an error's text as a failure quotes. */
const QUOTED = 300;

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ total_tokens: z.int() }).optional(),
});

/** An answer of the model. */
export interface ChatAnswer {
  readonly text: string;
  /** Tokens of question and answer, where the endpoint counts them. */
  readonly tokens: number;
}

/** The endpoint that the environment names: `MARIE_LLM_URL` and `MARIE_LLM_MODEL`, with `MARIE_LLM_KEY` if needed. */
export function endpointFrom(environment: Readonly<Record<string, string | undefined>>): LlmEndpoint | undefined {
  const { MARIE_LLM_URL: baseUrl, MARIE_LLM_MODEL: model, MARIE_LLM_KEY: apiKey } = environment;
  if (!baseUrl || !model) return undefined;
  return apiKey ? { baseUrl, model, apiKey } : { baseUrl, model };
}

/**
 * Asks a chat endpoint. What passes (too many requests, a server that is down) is asked again, as late as its
 * Retry-After says, while the slot is kept: that is what holds the class back to the rate that the endpoint allows.
 */
export class Chat {
  readonly #patience: ChatPatience;
  readonly #agent: Dispatcher;

  constructor(
    private readonly endpoint: LlmEndpoint,
    patience: Partial<ChatPatience> = {},
  ) {
    this.#patience = { ...PATIENCE, ...patience };
    const { retries, baseMs, maxMs } = this.#patience;
    this.#agent = new RetryAgent(new Agent(), {
      maxRetries: retries,
      minTimeout: baseMs,
      maxTimeout: maxMs,
      methods: ['POST'],
      statusCodes: PASSING,
      throwOnError: false,
    });
  }

  /**
   * One question, one answer.
   * @throws JobError `llm-rate-limited` and `llm-unavailable` (another attempt may help), `llm-refused` (it won't),
   * `llm-malformed`.
   */
  async ask(system: string, user: string, signal: AbortSignal): Promise<ChatAnswer> {
    const { model } = this.endpoint;
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ];
    const { status, text } = await this.#post(JSON.stringify({ model, temperature: 0, messages }), signal);
    if (status !== 200) throw refusal(status, text);
    const parsed = completion.safeParse(asJson(text));
    if (!parsed.success) {
      throw new JobError('llm-malformed', `the endpoint's answer is no completion: ${z.prettifyError(parsed.error)}`);
    }
    const { choices, usage } = parsed.data;
    return { text: choices[0]?.message.content.trim() ?? '', tokens: usage?.total_tokens ?? 0 };
  }

  async #post(body: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    const { baseUrl, apiKey } = this.endpoint;
    const { requestTimeoutMs } = this.#patience;
    try {
      const answer = await request(`${baseUrl.replace(/\/$/, '')}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
        body,
        dispatcher: this.#agent,
        headersTimeout: requestTimeoutMs,
        bodyTimeout: requestTimeoutMs,
        signal,
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new JobError('llm-unavailable', `the endpoint can't be reached: ${String(cause)}`, { cause });
    }
  }
}

function refusal(status: number, text: string): JobError {
  const message = `the endpoint answered ${status}: ${text.slice(0, QUOTED)}`;
  if (status === 429) return new JobError('llm-rate-limited', message);
  if (PASSING.includes(status)) return new JobError('llm-unavailable', message);
  return new JobError('llm-refused', message, { retryable: false });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one of the ways in which an answer can be no completion.
    return undefined;
  }
}
