import { StoreError } from '../../errors.js';
import { Packed } from '../../packed.js';
import type { Capture, OpenedStore, Store, StoreEntry, StoreOperation, StorePosition } from '../../port.js';
import { loadedBinding } from '../binding.js';
import type { RocksStoreOptions } from '../open.js';
import { Line } from './line.js';
import type { CallName, Calls } from './messages.js';

/**
 * Opens the store of a folder in a thread of its own; everything else is as `openRocksStore` says. Reading and writing
 * a row costs the binding a microsecond or two: with a store beside it, the thread that decides is spared that.
 */
export async function openRocksStoreInThread(options: RocksStoreOptions): Promise<OpenedStore> {
  // The binding registers itself once, when its library is loaded. While this thread has it loaded too, it is loaded
  // still when a thread has ended and the next one opens a store.
  await loadedBinding();
  const line = new Line();
  try {
    const { position, setAside } = await line.call('open', options);
    return { store: new ThreadStore(line, position), setAside };
  } catch (error) {
    await line.end();
    throw error;
  }
}

/** A store that lives in another thread. */
class ThreadStore implements Store {
  readonly #line: Line;
  #position: StorePosition | null;
  #closed: Promise<void> | null = null;

  constructor(line: Line, position: StorePosition | null) {
    this.#line = line;
    this.#position = position;
  }

  position(): StorePosition | null {
    return this.#position;
  }

  async write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void> {
    this.#checkOpen();
    const packed = operations instanceof Packed ? operations : Packed.of(operations);
    const sent = packed.detach();
    const room = await this.#ask('write', { operations: sent, position }, [sent.buffer]);
    packed.reuse(room);
    this.#position = position;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    this.#checkOpen();
    if (keys.length === 0) return [];
    const asked = Packed.empty();
    for (const key of keys) asked.remove(key);
    const sent = asked.detach();
    const found = Packed.attach(await this.#ask('getMany', sent, [sent.buffer]));
    return Array.from(found, ({ value }) => value);
  }

  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    this.#checkOpen();
    yield* this.#read(await this.#ask('scan', { from, to }));
  }

  async capture(): Promise<Capture> {
    this.#checkOpen();
    const { scan, position } = await this.#ask('capture', null);
    return { position, entries: this.#read(scan), end: () => this.#end(scan) };
  }

  async *#read(scan: number): AsyncGenerator<readonly StoreEntry[]> {
    try {
      let next = this.#ask('next', scan);
      for (;;) {
        const chunk = await next;
        if (chunk === null) return;
        // The thread reads on while this chunk is looked at. If nobody asks for more, its failure concerns nobody.
        next = this.#ask('next', scan);
        next.catch(() => undefined);
        this.#checkOpen();
        yield Packed.attach(chunk).entries();
      }
    } finally {
      await this.#end(scan);
    }
  }

  /** With the store all scans end. */
  async #end(scan: number): Promise<void> {
    if (this.#closed === null) await this.#line.call('end', scan);
  }

  async clear(): Promise<void> {
    this.#checkOpen();
    await this.#ask('clear', null);
    this.#position = null;
  }

  close(): Promise<void> {
    this.#closed ??= this.#line.call('close', null).then(
      () => this.#line.end(),
      async (error: unknown) => {
        await this.#line.end();
        throw error;
      },
    );
    return this.#closed;
  }

  /** Calls the thread. What fails because the store was closed meanwhile says that. */
  async #ask<Name extends CallName>(
    call: Name,
    asks: Calls[Name]['asks'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[Name]['gives']> {
    try {
      return await this.#line.call(call, asks, transfer);
    } catch (error) {
      this.#checkOpen();
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#closed !== null) throw new StoreError('store-closed', 'the store is closed');
  }
}
