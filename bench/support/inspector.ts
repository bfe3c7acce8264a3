import { WebSocket } from 'undici';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A connection to the inspector of a process: commands of the DevTools protocol, one answer for each. */
export class Inspector {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => this.#onMessage(String(data)));
    socket.addEventListener('close', () => this.#onClose());
  }

  static connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new Inspector(socket)), { once: true });
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)), { once: true });
    });
  }

  post(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  close(): void {
    this.socket.close();
  }

  #onMessage(text: string): void {
    const { id, result, error } = JSON.parse(text) as { id?: number; result?: unknown; error?: { message: string } };
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(error.message));
  }

  #onClose(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the process has ended'));
    this.#waiting.clear();
  }
}
