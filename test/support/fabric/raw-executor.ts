import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';

export interface Dispatched {
  readonly token: string;
  readonly job: string;
  readonly attempt: number;
}

export interface CallbackAnswer {
  readonly accepted: boolean;
  readonly code?: string;
  readonly turn: number;
}

type Message = ({ readonly type: 'dispatch' } & Dispatched) | { readonly type: string; readonly token?: string };

/** An executor that speaks the protocol by hand, so that a test decides what it says and what it keeps to itself. */
export class RawExecutor {
  readonly incarnation = randomUUID();
  /** Everything that came, in order. */
  readonly dispatched: Dispatched[] = [];
  readonly stopped: string[] = [];
  #stream = new AbortController();
  #open = false;

  constructor(
    private readonly url: string,
    readonly id: string,
    private readonly executorClass: string,
    private readonly slots: number,
  ) {
    onTestFinished(() => this.disconnect());
  }

  /** One that is registered, and gets what is dispatched to it. */
  static async start(...given: ConstructorParameters<typeof RawExecutor>): Promise<RawExecutor> {
    const made = new RawExecutor(...given);
    await made.register();
    await made.connect();
    return made;
  }

  /** The lease token's own number, from the text on the wire. */
  static tokenOf({ token }: Dispatched): number {
    return Number(token.split('.').at(-1));
  }

  /** Registers; the session lasts `sessionMs` without a heartbeat. */
  async register(sessionMs = 60_000, held: readonly Dispatched[] = []): Promise<void> {
    const { incarnation, executorClass, slots } = this;
    const tokens = held.map(({ token }) => ({ token, slots: 1 }));
    const body = { incarnation, class: executorClass, slots, sessionMs, held: tokens };
    await this.#post('register', JSON.stringify(body), 'application/json');
  }

  /** Opens the dispatch stream; what comes is kept. Resolves when it is open. */
  async connect(): Promise<void> {
    this.disconnect();
    this.#stream = new AbortController();
    const path = `/v1/executors/${this.id}/dispatches?incarnation=${this.incarnation}`;
    const answer = await fetch(this.url + path, { signal: this.#stream.signal });
    if (!answer.ok || answer.body === null) throw new Error(`dispatches: ${answer.status}`);
    this.#open = true;
    void this.#read(answer.body).finally(() => {
      this.#open = false;
    });
  }

  get connected(): boolean {
    return this.#open;
  }

  disconnect(): void {
    this.#stream.abort();
  }

  /** Sends callbacks; one answer for each. */
  async send(...callbacks: readonly object[]): Promise<readonly CallbackAnswer[]> {
    const lines = callbacks.map((callback) => `${JSON.stringify(callback)}\n`).join('');
    const text = await this.#post(`callbacks?incarnation=${this.incarnation}`, lines, 'application/x-ndjson');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CallbackAnswer);
  }

  async complete(dispatch: Dispatched, output: unknown = null): Promise<CallbackAnswer> {
    const [answer] = await this.send({ type: 'complete', token: dispatch.token, output });
    return answer as CallbackAnswer;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') this.#take(JSON.parse(line) as Message);
      }
    } catch {
      // The stream broke: whoever connects again gets what was not acknowledged.
    }
  }

  #take(message: Message): void {
    if (message.type === 'dispatch') this.dispatched.push(message as Dispatched);
    else if (message.type === 'stop') this.stopped.push(message.token as string);
  }

  async #post(path: string, body: string, type: string): Promise<string> {
    const headers = { 'content-type': type };
    const answer = await fetch(`${this.url}/v1/executors/${this.id}/${path}`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  }
}
