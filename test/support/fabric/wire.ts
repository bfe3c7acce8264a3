import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request of an executor on its way. */
export interface Passing {
  /** `register`, `dispatches`, `callbacks`, `drain`, `deregister`, or the first part of another path. */
  readonly what: string;
  readonly body: string;
  /** Number of the request, from 1. */
  readonly count: number;
}

/**
 * What happens to it. `lose-request`: the connection breaks before the fabric has it. `lose-answer`: the fabric has it
 * and answers, and the connection breaks before the answer comes; of a stream, after its first line.
 */
export type Fate = 'pass' | 'lose-request' | 'lose-answer';

/** The network between executors and a fabric, which a test may slow down and cut wherever it likes. */
export class Wire {
  /** Decides about each request; what it awaits holds the request back. */
  fate: (passing: Passing) => Fate | Promise<Fate> = () => 'pass';
  /** Called when a message was lost, before the executor can notice. */
  onLost: (passing: Passing) => void | Promise<void> = () => undefined;
  /** How long each request and each piece of an answer is under way, in ms. */
  delayMs: () => number = () => 0;
  /** Lost messages so far. */
  lost = 0;
  #count = 0;
  readonly #server: Server;

  private constructor(private readonly target: URL) {
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  /** Opens a wire to a fabric; it is gone when the test has finished. */
  static async to(url: string): Promise<Wire> {
    const wire = new Wire(new URL(url));
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      wire.#server.closeAllConnections();
      wire.#server.close();
    });
    return wire;
  }

  /** Where executors find the fabric. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [, , , , action = incoming.url?.split('/')[2] ?? ''] = (incoming.url ?? '').split(/[/?]/);
    const passing = { what: action, body: body.toString(), count: ++this.#count };
    const fate = await this.fate(passing);
    await this.#underWay();
    if (fate === 'lose-request') return this.#lose(passing, response);
    const answer = await this.#forward(incoming, body, response);
    if (fate === 'pass' || passing.what === 'dispatches') {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
    }
    for await (const chunk of answer) {
      await this.#underWay();
      if (fate === 'pass' || passing.what === 'dispatches') response.write(chunk);
      if (fate === 'lose-answer' && passing.what === 'dispatches') return this.#lose(passing, response);
    }
    if (fate === 'lose-answer') return this.#lose(passing, response);
    response.end();
  }

  #forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, headers, url } = incoming;
      const onward = request(new URL(url ?? '/', this.target), { method, headers }, resolve);
      onward.on('error', reject);
      // Whoever goes away here is gone there, too.
      response.on('close', () => onward.destroy());
      onward.end(body);
    });
  }

  async #lose(passing: Passing, response: ServerResponse): Promise<void> {
    this.lost++;
    await this.onLost(passing);
    response.destroy();
  }

  async #underWay(): Promise<void> {
    const ms = this.delayMs();
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
