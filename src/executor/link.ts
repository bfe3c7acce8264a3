import { type Http, transportError } from '../client/adapters/http.js';
import { LineSplitter } from '../client/lines.js';
import type { FabricMessage, RegisterAnswer, RegisterRequest } from './protocol.js';

/** The fabric sends a ping every 5 s; a stream that is silent for so long is dead. */
const STREAM_SILENCE_MS = 17_000;

const JSON_HEADERS = { 'content-type': 'application/json' };
const NDJSON_HEADERS = { 'content-type': 'application/x-ndjson' };

/** The executor protocol's requests for one executor and incarnation. */
export class ExecutorLink {
  private readonly base: string;
  private readonly query: string;
  /** The history in which this executor is registered; sent along, so that nothing is taken for another one's. */
  history: string | null = null;

  constructor(
    private readonly http: Http,
    executor: string,
    private readonly incarnation: string,
  ) {
    this.base = `/v1/executors/${encodeURIComponent(executor)}`;
    this.query = `?incarnation=${encodeURIComponent(incarnation)}`;
  }

  register(request: RegisterRequest, signal: AbortSignal): Promise<RegisterAnswer> {
    const body = JSON.stringify({ ...request, ...(this.history === null ? {} : { history: this.history }) });
    return this.http.json({ method: 'POST', path: `${this.base}/register`, headers: JSON_HEADERS, body, signal });
  }

  /**
   * Asks whether another process has this executor's id by now; the fabric refuses with `stale-incarnation` then, and
   * with `unknown-executor` when the session is merely over. What the short poll gives comes again with the stream.
   */
  async probe(signal: AbortSignal): Promise<void> {
    const path = `${this.base}/dispatches${this.query}&waitMs=0&max=1`;
    await this.http.text({ method: 'GET', path, signal });
  }

  /** Reads the dispatch stream until it ends; rejects when it breaks. `opened` is called when the fabric has answered. */
  async readDispatches(
    opened: () => void,
    onMessage: (message: FabricMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `${this.base}/dispatches${this.query}`;
    const { body } = await this.http.send({ method: 'GET', path, signal, silenceMs: STREAM_SILENCE_MS });
    opened();
    const splitter = new LineSplitter((line) => onMessage(JSON.parse(line) as FabricMessage));
    try {
      for await (const chunk of body) splitter.push(chunk as Uint8Array);
    } catch (error) {
      throw transportError(error, signal);
    }
  }

  /** Posts NDJSON callbacks; gives the answer's text, one line for each. */
  postCallbacks(body: string, signal: AbortSignal): Promise<string> {
    const history = this.history === null ? '' : `&history=${this.history}`;
    const path = `${this.base}/callbacks${this.query}${history}`;
    return this.http.text({ method: 'POST', path, headers: NDJSON_HEADERS, body, signal });
  }

  async cordon(signal: AbortSignal): Promise<void> {
    await this.http.text({ method: 'POST', path: `${this.base}/cordon`, headers: JSON_HEADERS, body: '{}', signal });
  }

  async deregister(signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ incarnation: this.incarnation });
    await this.http.text({ method: 'POST', path: `${this.base}/deregister`, headers: JSON_HEADERS, body, signal });
  }
}
