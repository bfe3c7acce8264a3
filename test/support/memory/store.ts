import { StoreCorrupt, StoreError } from '../../../src/store/errors.js';
import { checkKey, checkPosition } from '../../../src/store/guard.js';
import { everything } from '../../../src/store/keys.js';
import type {
  Capture,
  Store,
  StoreEntry,
  StoreIdentity,
  StoreOperation,
  StorePosition,
} from '../../../src/store/port.js';
import { encodePosition } from '../../../src/store/position.js';
import { unseal } from '../../../src/store/seal.js';
import { nameOf } from '../../../src/store/sorted-map.js';
import type { MemoryMedium } from './medium.js';

/** Entries of one chunk of a scan. */
const CHUNK_ENTRIES = 256;

type Pairs = readonly (readonly [string, Uint8Array])[];

/** The store in memory, for tests and simulations. Its promises are those of the port. */
export class MemoryStore implements Store {
  readonly #medium: MemoryMedium;
  readonly #identity: StoreIdentity;
  #position: StorePosition | null;
  /** Why nothing is written any more. */
  #failed: unknown = null;

  constructor(medium: MemoryMedium, identity: StoreIdentity, position: StorePosition | null) {
    this.#medium = medium;
    this.#identity = identity;
    this.#position = position;
    medium.owner = this;
  }

  position(): StorePosition | null {
    return this.#position;
  }

  async write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void> {
    this.#checkOpen();
    if (this.#failed !== null) {
      throw new StoreError('store-closed', 'a write has failed before', { cause: this.#failed });
    }
    try {
      checkPosition(position, this.#identity, this.#position);
      const batch = [...operations];
      for (const { key } of batch) checkKey(key);
      this.#medium.apply(batch, encodePosition(position));
    } catch (error) {
      this.#failed = error;
      throw error;
    }
    this.#position = position;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    this.#checkOpen();
    return keys.map((key) => {
      checkKey(key);
      const sealed = this.#medium.contents.rows.get(nameOf(key));
      return sealed === undefined ? null : this.#unsealed(key, sealed);
    });
  }

  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    this.#checkOpen();
    yield* this.#chunks(this.#pairs(from, to));
  }

  async capture(): Promise<Capture> {
    this.#checkOpen();
    const { from, to } = everything();
    return { position: this.#position, entries: this.#chunks(this.#pairs(from, to)), end: async () => undefined };
  }

  #pairs(from: Uint8Array, to: Uint8Array): Pairs {
    return [...this.#medium.contents.rows.range(nameOf(from), nameOf(to))];
  }

  async *#chunks(pairs: Pairs): AsyncGenerator<readonly StoreEntry[]> {
    for (let at = 0; at < pairs.length; at += CHUNK_ENTRIES) {
      this.#checkOpen();
      yield pairs.slice(at, at + CHUNK_ENTRIES).map(([name, sealed]) => {
        const key = new Uint8Array(Buffer.from(name, 'latin1'));
        return { key, value: this.#unsealed(key, sealed) };
      });
    }
  }

  async clear(): Promise<void> {
    this.#checkOpen();
    this.#medium.clear();
    this.#position = null;
  }

  async close(): Promise<void> {
    if (this.#medium.owner === this) this.#medium.owner = null;
  }

  #checkOpen(): void {
    if (this.#medium.owner !== this) throw new StoreError('store-closed', 'the store is closed');
  }

  #unsealed(key: Uint8Array, sealed: Uint8Array): Uint8Array {
    try {
      return unseal(key, sealed).slice();
    } catch (error) {
      if (error instanceof StoreCorrupt) this.#medium.condemn(error.message);
      throw error;
    }
  }
}
