/** The thread of a store: it packs batches, checks what is read, and waits for RocksDB, while others compute turns. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { StoreError } from '../../errors.js';
import { Packed } from '../../packed.js';
import type { Store, StoreEntry } from '../../port.js';
import { openRocksStore, type RocksStoreOptions } from '../open.js';
import type { Answer, CallName, Calls, Fault, Found, Request } from './messages.js';

type Handlers = { [Name in CallName]: (asks: Calls[Name]['asks']) => Promise<Calls[Name]['gives']> };

/** Entries that are asked for one chunk after the other, and how that ends. */
interface Scan {
  readonly entries: AsyncIterator<readonly StoreEntry[]>;
  readonly end: () => Promise<unknown> | undefined;
}

/** One store, as calls that come as messages. */
class Host {
  #store: Store | null = null;
  readonly #scans = new Map<number, Scan>();
  #lastScan = 0;

  readonly handlers: Handlers = {
    open: (options) => this.#open(options),
    write: async ({ operations, position }) => {
      const packed = Packed.attach(operations);
      await this.#opened.write(packed, position);
      packed.clear();
      return packed.detach();
    },
    getMany: async (asked) => {
      const keys = [...Packed.attach(asked)].map(({ key }) => key);
      const found = Packed.empty();
      for (const value of await this.#opened.getMany(keys)) {
        if (value === null) found.remove(NO_KEY);
        else found.put(NO_KEY, value);
      }
      return found.detach();
    },
    scan: async ({ from, to }) => {
      const entries = this.#opened.scan(from, to)[Symbol.asyncIterator]();
      return this.#begin({ entries, end: () => entries.return?.() });
    },
    capture: async () => {
      const { position, entries, end } = await this.#opened.capture();
      return { scan: this.#begin({ entries: entries[Symbol.asyncIterator](), end }), position };
    },
    next: async (scan) => {
      const { value, done } = await this.#scans.get(scan)!.entries.next();
      return done ? null : Packed.of(value).detach();
    },
    end: async (scan) => {
      await this.#scans.get(scan)?.end();
      this.#scans.delete(scan);
      return null;
    },
    clear: async () => {
      await this.#opened.clear();
      return null;
    },
    close: async () => {
      await this.#store?.close();
      return null;
    },
  };

  #begin(scan: Scan): number {
    this.#lastScan += 1;
    this.#scans.set(this.#lastScan, scan);
    return this.#lastScan;
  }

  get #opened(): Store {
    if (this.#store === null) throw new StoreError('store-closed', 'the store is not open');
    return this.#store;
  }

  async #open(options: RocksStoreOptions): Promise<Found> {
    const { store, setAside } = await openRocksStore(options);
    this.#store = store;
    return { setAside, position: store.position() };
  }
}

const NO_KEY = new Uint8Array(0);

function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { code: null, message: String(error), cause: null };
  const { message, cause } = error;
  const code = error instanceof StoreError ? error.code : null;
  return { code, message: code === null ? (error.stack ?? message) : message, cause: cause ? String(cause) : null };
}

function transferOf(gives: Calls[CallName]['gives']): ArrayBuffer[] {
  return gives !== null && typeof gives === 'object' && 'buffer' in gives ? [gives.buffer] : [];
}

function serve(port: MessagePort): void {
  const { handlers } = new Host();
  const answer = (message: Answer): void =>
    port.postMessage(message, 'gives' in message ? transferOf(message.gives) : []);
  port.on('message', ({ id, call, asks }: Request) => {
    const handler = handlers[call] as (asks: unknown) => Promise<Calls[CallName]['gives']>;
    handler(asks).then(
      (gives) => answer({ id, gives }),
      (error: unknown) => answer({ id, fault: faultOf(error) }),
    );
  });
}

if (parentPort !== null) serve(parentPort);
