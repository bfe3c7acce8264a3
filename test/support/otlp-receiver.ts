/** A collector of traces: what the fabric sends it over OTLP is kept. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

export class OtlpReceiver {
  /** What was posted, as bytes, with its content type. */
  readonly requests: { readonly type: string; readonly path: string; readonly body: Buffer }[] = [];
  url = '';

  /** Listens; it ends when the test has finished. */
  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const type = request.headers['content-type'] ?? '';
      receiver.requests.push({ type, path: request.url ?? '', body: Buffer.concat(chunks) });
      response.writeHead(200, { 'content-type': type }).end(type === 'application/json' ? '{}' : '');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return receiver;
  }

  /** All spans that came as JSON. */
  get spans(): readonly OtlpSpan[] {
    return this.#bodies().flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }

  /** Attributes of whoever sent the spans. */
  get resource(): Readonly<Record<string, string | number | undefined>> {
    return attributesOf(this.#bodies()[0]?.resourceSpans[0]?.resource.attributes ?? []);
  }

  #bodies(): OtlpBody[] {
    return this.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as OtlpBody);
  }
}

/** Attributes as an object. */
export function attributesOf(list: readonly OtlpAttribute[]): Readonly<Record<string, string | number | undefined>> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
