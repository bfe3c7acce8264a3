import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import type { DispatchHub } from '../../../src/gateway/dispatch/hub.js';
import type { Answer } from '../../../src/inbox/port.js';
import type { EmbeddedFabric } from '../../../src/main/fabric.js';
import type { Host } from './host.js';
import { HostStream, type StreamReader } from './stream.js';

/** What came back to a sender: the answer, or the code with which it failed; `lost` when nothing came back. */
export type Reply = { readonly answer: Answer } | { readonly failed: string };

/** A fabric that serves, with what the network has open to it. */
export class Serving {
  readonly #pending = new Set<(reply: Reply) => void>();
  readonly #streams = new Set<HostStream>();
  /** Streams that are being opened. */
  readonly #attempts = new Set<() => void>();

  constructor(
    readonly host: Host,
    readonly fabric: EmbeddedFabric,
    readonly hub: DispatchHub,
  ) {}

  /** How many inputs wait for their answers. */
  get pending(): number {
    return this.#pending.size;
  }

  /** An input arrives. `reply` is called at most once, when the answer leaves the process or the process dies. */
  put(input: InputEntry, reply: (reply: Reply) => void): void {
    this.#pending.add(reply);
    const settle = (result: Reply): void => {
      if (this.host.alive && this.#pending.delete(reply)) reply(result);
    };
    this.host.after(0, () => {
      this.fabric.inbox.put(input).then(
        (answer) => settle({ answer }),
        (error: unknown) => settle({ failed: String((error as { code?: unknown }).code ?? error) }),
      );
    });
  }

  /** An executor opens its stream; `refused` is called with a code where it may not. */
  connect(executor: string, incarnation: string, reader: StreamReader, refused: (code: string) => void): void {
    const attempt = (): void => refused('lost');
    this.#attempts.add(attempt);
    this.host.after(0, () => {
      this.#attempts.delete(attempt);
      const open = (): HostStream => {
        const stream = new HostStream(this.host, reader);
        this.#streams.add(stream);
        stream.onClose(() => this.#streams.delete(stream));
        return stream;
      };
      this.hub.connect(executor, incarnation, open).catch((error: unknown) => {
        if (this.host.alive) refused(String((error as { code?: unknown }).code ?? error));
      });
    });
  }

  /** The process is gone: whoever waits for it learns that the connection is. */
  reset(): void {
    for (const reply of this.#pending) reply({ failed: 'lost' });
    this.#pending.clear();
    for (const attempt of this.#attempts) attempt();
    this.#attempts.clear();
    for (const stream of this.#streams) stream.reset();
    this.#streams.clear();
  }
}
