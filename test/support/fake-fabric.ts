import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A callback as it came, with the number of the request that brought it. */
export interface SeenCallback {
  readonly type: string;
  readonly token?: string;
  readonly request: number;
  readonly [field: string]: unknown;
}

type Answer = { accepted: true; turn: number } | { accepted: false; code: string; detail: string };
/** Takes a request over; returns false to leave it to the fake's own behaviour. */
type Interceptor = (method: string, path: string, response: ServerResponse, body: string) => boolean;

/**
 * The executor protocol's other side, just enough to see what the SDK and the client do: it decides nothing, records
 * everything, and does what a test tells it to.
 */
export class FakeFabric {
  readonly registrations: { executor: string; [field: string]: unknown }[] = [];
  /** Idempotency keys of registrations, those too that were not taken. */
  readonly registrationKeys: string[] = [];
  readonly deregistered: string[] = [];
  readonly drained: string[] = [];
  readonly callbacks: SeenCallback[] = [];
  readonly blobs = new Map<string, Buffer>();
  /** Requests about blobs that are answered 503 before the next one is answered. */
  blobsAway = 0;
  /** Children lines by `dagId/job`. */
  readonly children = new Map<string, { index: number; state: string; output?: unknown; blob?: unknown }[]>();
  requests = 0;
  /** Callback requests under way at the same time, at most. */
  mostConcurrent = 0;
  /**
   * None comes in the middle of a test, however slow it is: one
   * beside an ack would be one callback more than it waits for.
   */
  heartbeatMs = 60_000;
  history: string | null = null;
  reign: { id: string; turn: number } | null = null;
  /** The turn in which a registration is taken. */
  turn = 1;
  answer: (callback: SeenCallback) => Answer = () => ({ accepted: true, turn: 1 });
  /** Held back until the promise resolves, for every callback request. */
  beforeAnswer: () => Promise<void> = async () => undefined;
  interceptors: Interceptor[] = [];
  private concurrent = 0;
  private nextToken = 1;
  private readonly streams = new Map<string, ServerResponse>();
  private readonly pendingLines = new Map<string, string[]>();
  private waiters: { done: () => boolean; resolve: () => void }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<FakeFabric> {
    const server = createServer();
    const fake = new FakeFabric(server);
    server.on('request', (request, response) => {
      const key = request.headers['idempotency-key'];
      if (request.url?.endsWith('/register')) fake.registrationKeys.push(String(key));
      void fake.handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Resolves as soon as `done` holds after something happened here. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ done, resolve }));
  }

  /** Sends a dispatch (now, or when the stream opens) and returns its token. */
  dispatch(executor: string, fields: Record<string, unknown> = {}): string {
    const token = (fields['token'] as string | undefined) ?? `main.1.${this.nextToken}.1.${this.nextToken}`;
    this.nextToken++;
    const message = {
      type: 'dispatch',
      token,
      tenant: 'default',
      dagId: 'd-1',
      job: 'j',
      child: null,
      childCount: null,
    };
    const rest = { attempt: 1, class: 'test', slots: 1, timeoutMs: null, inputs: {} };
    this.send(executor, { ...message, ...rest, ...fields, token });
    return token;
  }

  send(executor: string, message: object): void {
    this.sendText(executor, `${JSON.stringify(message)}\n`);
  }

  sendText(executor: string, text: string): void {
    const stream = this.streams.get(executor);
    if (stream) stream.write(text);
    else this.pendingLines.set(executor, [...(this.pendingLines.get(executor) ?? []), text]);
  }

  /** Breaks the dispatch stream, as a lost connection does. */
  breakStream(executor: string): void {
    this.streams.get(executor)?.destroy();
    this.streams.delete(executor);
  }

  /** Ends the dispatch stream as the fabric does when a session is over. */
  endStream(executor: string, code: string): void {
    this.streams.get(executor)?.end(`${JSON.stringify({ type: 'gone', code })}\n`);
    this.streams.delete(executor);
  }

  isConnected(executor: string): boolean {
    return this.streams.has(executor);
  }

  /** Terminal callbacks of a token, or of all. */
  terminals(token?: string): SeenCallback[] {
    const kinds = new Set(['complete', 'fail', 'return']);
    return this.callbacks.filter((seen) => kinds.has(seen.type) && (token === undefined || seen.token === token));
  }

  /** Answers matching requests once with this status; the next ones as usual. */
  failOnce(pathPart: string, status: number, problem: object, headers: Record<string, string> = {}): void {
    let used = false;
    this.interceptors.push((_method, path, response) => {
      if (used || !path.includes(pathPart)) return false;
      used = true;
      problemAnswer(response, status, problem, headers);
      return true;
    });
  }

  private changed(): void {
    this.waiters = this.waiters.filter(({ done, resolve }) => {
      if (!done()) return true;
      resolve();
      return false;
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://fake');
    const text = body.toString();
    if (!this.interceptors.some((take) => take(method, request.url ?? '/', response, text))) {
      await this.route(method, url, body, response);
    }
    this.changed();
  }

  private async route(method: string, url: URL, body: Buffer, response: ServerResponse): Promise<void> {
    const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const [kind, id, action] = parts as [string, string, string];
    if (kind === 'blobs') this.blob(method, id, body, response);
    else if (kind === 'dags' && parts[4] === 'children') this.listChildren(id, parts[3] as string, url, response);
    else if (kind !== 'executors') problemAnswer(response, 404, { code: 'no-such-path', detail: url.pathname });
    else if (action === 'register') this.register(id, body, response);
    else if (this.isOfOtherReign(url)) problemAnswer(response, 409, { code: 'other-reign', detail: 'it is over' });
    else if (action === 'dispatches' && url.searchParams.has('waitMs')) response.end('{"messages":[]}');
    else if (action === 'dispatches') this.openStream(id, response);
    else if (action === 'callbacks') await this.takeCallbacks(body.toString(), response);
    else this.takeFarewell(id, action, body, response);
  }

  private isOfOtherReign({ searchParams }: URL): boolean {
    const named = searchParams.get('reign');
    return named !== null && named !== this.reign?.id;
  }

  private takeFarewell(id: string, action: string, body: Buffer, response: ServerResponse): void {
    const { incarnation } = JSON.parse(body.toString()) as { incarnation: string };
    if (incarnation !== this.registrations.findLast(({ executor }) => executor === id)?.incarnation) {
      problemAnswer(response, 409, { code: 'stale-incarnation', detail: 'registered again as another' });
      return;
    }
    (action === 'drain' ? this.drained : this.deregistered).push(id);
    response.end('{}');
  }

  private register(executor: string, body: Buffer, response: ServerResponse): void {
    this.registrations.push({ ...(JSON.parse(body.toString()) as object), executor });
    const { heartbeatMs, history, reign, turn } = this;
    response.end(JSON.stringify({ executor: 1, sessionMs: 10_000, heartbeatMs, turn, history, reign }));
  }

  private openStream(executor: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    this.streams.set(executor, response);
    response.on('close', () => {
      if (this.streams.get(executor) === response) this.streams.delete(executor);
      this.changed();
    });
    for (const line of this.pendingLines.get(executor) ?? []) response.write(line);
    this.pendingLines.delete(executor);
  }

  private async takeCallbacks(text: string, response: ServerResponse): Promise<void> {
    const request = ++this.requests;
    this.mostConcurrent = Math.max(this.mostConcurrent, ++this.concurrent);
    const lines = text.split('\n').filter((line) => line.length > 0);
    const seen = lines.map((line) => ({ ...(JSON.parse(line) as SeenCallback), request }));
    this.callbacks.push(...seen);
    this.changed();
    await this.beforeAnswer();
    response.end(seen.map((callback) => `${JSON.stringify(this.answer(callback))}\n`).join(''));
    this.concurrent--;
  }

  private blob(method: string, id: string, body: Buffer, response: ServerResponse): void {
    if (this.blobsAway > 0) {
      this.blobsAway -= 1;
      return problemAnswer(response, 503, { code: 'not-ready', detail: 'it is being restarted', retry: true });
    }
    if (method === 'PUT') {
      const sha256 = createHash('sha256').update(body).digest('hex');
      this.blobs.set(sha256, body);
      response.writeHead(201).end(JSON.stringify({ uri: `blob:sha256:${sha256}`, sha256, bytes: body.length }));
      return;
    }
    const bytes = this.blobs.get(id);
    if (bytes) response.end(bytes);
    else problemAnswer(response, 404, { code: 'blob-unknown', detail: id });
  }

  private listChildren(dagId: string, job: string, url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('from') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 1_000);
    const all = this.children.get(`${dagId}/${job}`) ?? [];
    const page = all.filter((child) => child.index >= from).slice(0, limit);
    response.end(page.map((child) => `${JSON.stringify(child)}\n`).join(''));
  }
}

export function problemAnswer(
  response: ServerResponse,
  status: number,
  problem: object,
  headers: Record<string, string> = {},
): void {
  const body = { type: '/errors/test', title: 'test', status, ...problem };
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(body));
}
