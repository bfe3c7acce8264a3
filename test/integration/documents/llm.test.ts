import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLlm, endpointFrom } from '../../../examples/documents/llm.js';
import { contextOf } from './chain.js';

const outputs = new Map<string, unknown>([
  ['classify', [{ page: 1, class: 'letter', confidence: 99 }]],
  ['extract', [{ page: 1, invoice: null }]],
]);
const input = {
  classes: { collection: { dagId: 'test', job: 'classify', count: 1 } },
  fields: { collection: { dagId: 'test', job: 'extract', count: 1 } },
};

async function annotate(listener: RequestListener): Promise<unknown> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const llm = createLlm(endpointFrom({ MARIE_LLM_URL: `http://127.0.0.1:${port}/v1`, MARIE_LLM_MODEL: 'small' }));
    return await llm.run(contextOf('annotate', outputs), input);
  } finally {
    server.close();
  }
}

describe('the annotation', () => {
  it('is skipped, and says so, without an endpoint', async () => {
    const llm = createLlm(endpointFrom({}));
    expect(await llm.run(contextOf('annotate', outputs), input)).toEqual({
      skipped: true,
      reason: 'no endpoint configured',
    });
  });

  it('asks the endpoint with what is known about the pages', async () => {
    let asked = '';
    const annotation = await annotate(async (request, response) => {
      for await (const chunk of request) asked += String(chunk);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ message: { content: ' A letter. ' } }] }));
    });
    expect(asked).toContain('Page 1: letter');
    expect(annotation).toEqual({ skipped: false, model: 'small', summary: 'A letter.' });
  });

  it('does without an endpoint that fails', async () => {
    const annotation = await annotate((_request, response) => response.writeHead(500).end());
    expect(annotation).toEqual({ skipped: true, reason: 'endpoint failed: Error: status 500' });
  });
});
