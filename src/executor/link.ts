import { type HttpCalls, type HttpRequest, isSilence, transportError } from '../client/adapters/http.js';
import { FabricError } from '../client/errors.js';
import { LineSplitter } from '../client/lines.js';
import { type FabricMessage, NDJSON_HEADERS, type RegisterAnswer, type RegisterRequest } from './protocol.js';
import { readMessage } from './read-message.js';

/** The fabric sends a ping every 5 s; a stream that is silent for so long is dead. */
const STREAM_SILENCE_MS = 17_000;
/** How long a poll in the place of a stream waits for something, in ms: as long as a stream may be silent. */
const POLL_MS = 5_000;

const JSON_HEADERS = { 'content-type': 'application/json' };

function pathOf(executor: string): string {
  return `/v1/executors/${encodeURIComponent(executor)}`;
}

/** Where the callbacks of an executor and incarnation are posted. */
export function callbacksPath(executor: string, incarnation: string): string {
  return `${pathOf(executor)}/callbacks?incarnation=${encodeURIComponent(incarnation)}`;
}

/** Whether the fabric answered a request, by a refusal; else nobody knows what became of it. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof FabricError) || error.isOfOther) return false;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

/** How one executor of one incarnation speaks with its fabric. What fails rejects with a FabricError. */
export interface FabricLink {
  /** The history in which this executor is registered; null where it can't be named. */
  history: string | null;
  /** The id of the reign in which it is; null where it can't be named. */
  reign: string | null;
  /** Whether its stream has pings, so that a silent one is not heard. */
  readonly pings: boolean;
  /** Registers. What nobody has answered comes again as it was, so that it is taken once, however late. */
  register(request: RegisterRequest, signal: AbortSignal): Promise<RegisterAnswer>;
  /**
   * Rejects with `stale-incarnation` where another process has this executor's id by now, with status 404 where nobody
   * has, since the session is over: only then may it be registered again.
   */
  probe(signal: AbortSignal): Promise<void>;
  /** Hands on what comes until that ends, or breaks: then it rejects. `opened` is called once nothing more is missed. */
  readDispatches(opened: () => void, onMessage: (message: FabricMessage) => void, signal: AbortSignal): Promise<void>;
  /** Hands in callbacks, one JSON line each, and gives their answers, one line each, in their order. */
  postCallbacks(body: string, signal: AbortSignal): Promise<string>;
  /** Says that it drains: no more work until it registers anew. `offer` is what it holds, and no slots. */
  drain(offer: RegisterRequest, signal: AbortSignal): Promise<void>;
  /** Leaves. */
  deregister(signal: AbortSignal): Promise<void>;
  /** Its executor has ended, in whatever way: nothing is asked any more, nothing has to be told. */
  close(): void;
}

/** The executor protocol's requests for one executor and incarnation, over HTTP. */
export class ExecutorLink implements FabricLink {
  private readonly base: string;
  private readonly query: string;
  /** The registration that was sent and that nobody has answered. */
  private unanswered: { readonly body: string; readonly key: string } | null = null;
  /** The history in which this executor is registered; sent along, so that nothing is taken for another one's. */
  history: string | null = null;
  /** The reign in which it is; sent along for the same reason, but with a registration, which begins a new one. */
  reign: string | null = null;

  readonly pings = true;
  /** Whether no message came of the last stream: somebody in between keeps it until it ends. Polls come through. */
  private isKeptBack = false;

  constructor(
    private readonly http: HttpCalls,
    private readonly executor: string,
    private readonly incarnation: string,
    private readonly mintKey: () => string,
  ) {
    this.base = pathOf(executor);
    this.query = `?incarnation=${encodeURIComponent(incarnation)}`;
  }

  /** Registers. What nobody has answered comes again under the same key, so that it is taken once, however late. */
  async register(request: RegisterRequest, signal: AbortSignal): Promise<RegisterAnswer> {
    const body = JSON.stringify({ ...request, ...(this.history === null ? {} : { history: this.history }) });
    if (this.unanswered?.body !== body) this.unanswered = { body, key: this.mintKey() };
    const headers = { ...JSON_HEADERS, 'idempotency-key': this.unanswered.key };
    try {
      const path = `${this.base}/register`;
      const request: HttpRequest = { method: 'POST', path, headers, body, signal };
      const answer = await this.http.json<RegisterAnswer>(request, 'heartbeatMs', 'turn');
      this.unanswered = null;
      return answer;
    } catch (error) {
      if (isRefusal(error)) this.unanswered = null;
      throw error;
    }
  }

  /**
   * Asks whether another process has this executor's id by now; the fabric refuses with `stale-incarnation` then, and
   * with `unknown-executor` when the session is merely over. What the short poll gives comes again with the stream.
   */
  async probe(signal: AbortSignal): Promise<void> {
    const path = `${this.base}/dispatches${this.query}&waitMs=0&max=1`;
    await this.http.json<{ readonly messages: unknown }>({ method: 'GET', path, signal }, 'messages');
  }

  /** Reads the dispatch stream until it ends; rejects when it breaks. `opened` is called when the fabric has answered. */
  async readDispatches(
    opened: () => void,
    onMessage: (message: FabricMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.isKeptBack) return this.pollDispatches(opened, onMessage, signal);
    let isHeard = false;
    const path = `${this.base}/dispatches${this.query}${this.ofReign}`;
    const splitter = new LineSplitter((line) => onMessage(readMessage(line)));
    try {
      const { body } = await this.http.send({ method: 'GET', path, signal, silenceMs: STREAM_SILENCE_MS });
      opened();
      for await (const chunk of body) {
        isHeard = true;
        splitter.push(chunk as Uint8Array);
      }
    } catch (cause) {
      const error = transportError(cause, signal);
      this.isKeptBack = !isHeard && isSilence(error);
      throw error;
    }
  }

  /** The same by one request after the other, until one fails: then it is time for a stream again. */
  private async pollDispatches(
    opened: () => void,
    onMessage: (message: FabricMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (let waitMs = 0; ; waitMs = POLL_MS) {
        const path = `${this.base}/dispatches${this.query}${this.ofReign}&waitMs=${waitMs}&max=100`;
        const request: HttpRequest = { method: 'GET', path, signal, silenceMs: STREAM_SILENCE_MS };
        const { messages } = await this.http.json<{ readonly messages: readonly unknown[] }>(request, 'messages');
        if (waitMs === 0) opened();
        onMessage({ type: 'ping' });
        for (const message of messages) onMessage(readMessage(JSON.stringify(message)));
      }
    } catch (error) {
      // Where this side gave it up, to register anew, polls still come through.
      this.isKeptBack = signal.aborted;
      throw error;
    }
  }

  /** Posts NDJSON callbacks; gives the answer's text, one line for each. */
  postCallbacks(body: string, signal: AbortSignal): Promise<string> {
    const history = this.history === null ? '' : `&history=${this.history}`;
    const path = `${callbacksPath(this.executor, this.incarnation)}${history}${this.ofReign}`;
    return this.http.text({ method: 'POST', path, headers: NDJSON_HEADERS, body, signal });
  }

  drain(_offer: RegisterRequest, signal: AbortSignal): Promise<void> {
    return this.farewell('drain', signal);
  }

  deregister(signal: AbortSignal): Promise<void> {
    return this.farewell('deregister', signal);
  }

  /** Nothing is open here: streams end with their signals. */
  close(): void {}

  private get ofReign(): string {
    return this.reign === null ? '' : `&reign=${encodeURIComponent(this.reign)}`;
  }

  private async farewell(word: string, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ incarnation: this.incarnation });
    await this.http.text({ method: 'POST', path: `${this.base}/${word}`, headers: JSON_HEADERS, body, signal });
  }
}
