import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => void | Promise<void>;

/** A server whose every answer a test writes; `count` is how many requests of this path came before. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];
  private readonly server = createServer();
  private readonly answers: {
    readonly method: string;
    readonly path: RegExp;
    readonly answer: Answer;
    count: number;
  }[] = [];

  private readonly unread: { readonly path: RegExp; readonly status: number }[] = [];

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.server.on('request', async (request, response) => {
      const status = scripted.unread.find(({ path }) => path.test(request.url ?? ''))?.status;
      if (status !== undefined) return send(response, status, '', { connection: 'close' });
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch (error) {
        // One that breaks off on its way never came.
        if (!request.complete) return;
        throw error;
      }
      const url = new URL(request.url ?? '/', 'http://scripted');
      const { method = 'GET', headers } = request;
      const body = Buffer.concat(chunks).toString();
      scripted.reply({ method, path: url.pathname, query: url.searchParams, headers, body }, response);
    });
    await new Promise<void>((resolve) => scripted.server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  on(method: string, path: RegExp, answer: Answer): this {
    this.answers.push({ method, path, answer, count: 0 });
    return this;
  }

  /** Refuses by its head what is sent to a path, and reads no more of it. */
  refuseUnread(path: RegExp, status: number): this {
    this.unread.push({ path, status });
    return this;
  }

  /** Answers with JSON. */
  json(method: string, path: RegExp, status: number, body: unknown): this {
    return this.on(method, path, (_request, response) => send(response, status, body));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private reply(request: SeenRequest, response: ServerResponse): void {
    this.seen.push(request);
    const rule = this.answers.find(({ method, path }) => method === request.method && path.test(request.path));
    if (rule === undefined) send(response, 404, { code: 'not-found', detail: `${request.method} ${request.path}` });
    else void rule.answer(request, response, rule.count++);
  }
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}
