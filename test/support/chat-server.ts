import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as the endpoint saw it. */
export interface Asked {
  readonly atMs: number;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly model: string; readonly messages: readonly { role: string; content: string }[] };
}

/** What the endpoint answers: a text, or a status with a body and a Retry-After; `hang` is no answer at all. */
export type Reply =
  | { readonly text: string; readonly tokens?: number }
  | { readonly status: number; readonly body?: string; readonly retryAfterS?: number }
  | 'hang';

/** A local server that speaks the chat protocol, and answers with what the test lists; the last reply is repeated. */
export async function startChatServer(...replies: readonly Reply[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { url = '', headers } = request;
    asked.push({ atMs: performance.now(), url, headers, body: JSON.parse(text) as Asked['body'] });
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    if (reply === 'hang' || reply === undefined) return;
    response.setHeader('content-type', 'application/json');
    if ('text' in reply) {
      const message = { role: 'assistant', content: reply.text };
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: reply.tokens ?? 2 };
      response.end(JSON.stringify({ object: 'chat.completion', choices: [{ index: 0, message }], usage }));
      return;
    }
    if (reply.retryAfterS !== undefined) response.setHeader('retry-after', String(reply.retryAfterS));
    response.writeHead(reply.status).end(reply.body ?? '{"error":{"message":"no"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked };
}
