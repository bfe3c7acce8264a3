import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of a produce request. */
export type Fate =
  | 'pass'
  /** It reaches the broker; the client's connection is cut when the answer comes. */
  | 'lose-answer'
  /** It never reaches the broker; the client's connection is cut. */
  | 'lose-request'
  /** The client's connection is cut; the request reaches the broker when `deliver` is called. */
  | 'late'
  /** It never reaches the broker, and is never answered. */
  | 'unheard';

/** A proxy before one broker that knows where requests begin and end. */
export interface KafkaProxy {
  /** Decides about each produce request. */
  fate: () => Fate;
  /** Whether a request is heard at all; one that is not is never answered, and its connection stays open. */
  hears: (apiKey: number) => boolean;
  /** The answer to a request that the broker isn't to see: what follows the correlation id; null for all others. */
  answers: (apiKey: number, request: Buffer) => Buffer | null;
  /** Bytes that its line carries in a ms, to the broker and from it. */
  bytesPerMs: number;
  /** Lets the requests through that were held back. */
  deliver(): void;
  /** Whether any connection gets through; those that are open are cut when it is set to false. */
  isUp: boolean;
  /** How many connections of clients are open. */
  readonly connections: number;
  /** Resets every connection that is open. */
  reset(): void;
  close(): Promise<void>;
}

const PRODUCE = 0;

/** Null when somebody else listens there. */
export async function startProxy(ports: { listenOn: number; forwardTo: number }): Promise<KafkaProxy | null> {
  const proxy = new FrameProxy(ports.forwardTo);
  try {
    await once(proxy.server.listen(ports.listenOn, '127.0.0.1'), 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
  return proxy;
}

class FrameProxy implements KafkaProxy {
  readonly server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  readonly #held: (() => void)[] = [];
  #isUp = true;
  fate: () => Fate = () => 'pass';
  hears: (apiKey: number) => boolean = () => true;
  answers: (apiKey: number, request: Buffer) => Buffer | null = () => null;
  bytesPerMs = Number.POSITIVE_INFINITY;

  constructor(private readonly port: number) {
    this.server = createServer((client) => this.#serve(client));
  }

  get connections(): number {
    return this.#clients.size;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  set isUp(isUp: boolean) {
    this.#isUp = isUp;
    if (!isUp) for (const socket of this.#sockets) socket.destroy();
  }

  deliver(): void {
    for (const send of this.#held.splice(0)) send();
  }

  reset(): void {
    for (const client of this.#clients) client.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Writes one after the other, as fast as the line carries it. */
  #line(to: Socket): (data: Buffer) => void {
    let before = Promise.resolve();
    return (data) => {
      if (this.bytesPerMs === Number.POSITIVE_INFINITY) return void to.write(data);
      before = before.then(async () => {
        await sleep(data.length / this.bytesPerMs);
        if (!to.destroyed) to.write(data);
      });
    };
  }

  #serve(client: Socket): void {
    if (!this.#isUp) return void client.destroy();
    const broker = connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    let losesAnswer = false;
    let isHolding = false;
    const up = this.#line(broker);
    const down = this.#line(client);
    broker.on('data', (data) => {
      if (losesAnswer) client.destroy();
      else if (!client.destroyed) down(data);
    });
    broker.on('close', () => client.destroy());
    client.on('close', () => {
      if (!isHolding && !losesAnswer) broker.destroy();
    });
    eachFrame(client, (frame) => {
      const apiKey = frame.readInt16BE(4);
      if (!this.hears(apiKey)) return;
      const answer = this.answers(apiKey, frame);
      if (answer !== null) return void client.write(framed(frame, answer));
      if (apiKey !== PRODUCE) return up(frame);
      const fate = this.fate();
      if (fate === 'pass') return up(frame);
      if (fate === 'unheard') return;
      if (fate === 'lose-answer') {
        losesAnswer = true;
        return void broker.write(frame);
      }
      if (fate === 'late') {
        isHolding = true;
        this.#held.push(() => broker.write(frame));
      }
      client.destroy();
    });
  }
}

/** An answer to a request, with its length and the request's correlation id in front. */
function framed(request: Buffer, answer: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + answer.length, 0);
  request.copy(head, 4, 8, 12);
  return Buffer.concat([head, answer]);
}

/** Calls back with every whole request, its length in front. */
function eachFrame(socket: Socket, found: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const length = 4 + rest.readInt32BE(0);
      found(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}
