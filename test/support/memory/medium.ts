import type { StoreOperation } from '../../../src/store/port.js';
import { SEAL_BYTES, sealInto } from '../../../src/store/seal.js';
import { nameOf, SortedMap } from '../../../src/store/sorted-map.js';

/** So many of the newest batches can be lost, as a disk's can that wasn't synced. */
const UNSYNCED_BATCHES_MAX = 8;

/** What a batch has changed, so that it can be lost again. */
interface Undo {
  readonly sealed: Map<string, Uint8Array | undefined>;
  readonly position: Uint8Array | null;
}

/** The bytes of one store: values with their seals by key, and the position. */
class Contents {
  readonly rows = new SortedMap<Uint8Array>();
  position: Uint8Array | null = null;
  readonly unsynced: Undo[] = [];
  /** Why a reader has found the store corrupt. */
  condemned: string | null = null;
}

/**
 * What a store in memory is kept in, and what outlives it: the same medium opened again holds the same rows. It can
 * lose batches and be damaged, for the sake of simulations.
 */
export class MemoryMedium {
  #contents = new Contents();
  /** Stores that were set aside. */
  readonly aside: unknown[] = [];
  /** The store that has it open. */
  owner: object | null = null;

  get contents(): Pick<Contents, 'rows' | 'position' | 'condemned'> {
    return this.#contents;
  }

  /** Applies a batch and its position in one go. */
  apply(operations: readonly StoreOperation[], position: Uint8Array): void {
    const { rows, unsynced } = this.#contents;
    const before = new Map<string, Uint8Array | undefined>();
    for (const { key, value } of operations) {
      const name = nameOf(key);
      if (!before.has(name)) before.set(name, rows.get(name));
      if (value === null) rows.delete(name);
      else rows.set(name, sealed(key, value));
    }
    unsynced.push({ sealed: before, position: this.#contents.position });
    if (unsynced.length > UNSYNCED_BATCHES_MAX) unsynced.shift();
    this.#contents.position = position;
  }

  /** Empties the store. */
  clear(): void {
    this.#contents = new Contents();
  }

  /** Marks the store, so that it is set aside when it is opened next. */
  condemn(why: string): void {
    this.#contents.condemned = why;
  }

  /** Moves everything aside; returns where it is now. */
  setAside(): string {
    this.aside.push(this.#contents);
    this.#contents = new Contents();
    return `memory.aside-${this.aside.length}`;
  }

  /** The machine stops: the newest batches are gone (at most eight), and nobody has the store open. */
  losePower(batches: number): void {
    this.owner = null;
    for (let i = 0; i < batches; i++) {
      const undo = this.#contents.unsynced.pop();
      if (undo === undefined) return;
      for (const [name, value] of undo.sealed) {
        if (value === undefined) this.#contents.rows.delete(name);
        else this.#contents.rows.set(name, value);
      }
      this.#contents.position = undo.position;
    }
  }

  /** Changes the stored bytes of a key; false if there is no such key. */
  damage(key: Uint8Array, change: (sealed: Uint8Array) => void): boolean {
    const name = nameOf(key);
    const stored = this.#contents.rows.get(name);
    if (stored === undefined) return false;
    const copy = stored.slice();
    change(copy);
    this.#contents.rows.set(name, copy);
    return true;
  }
}

function sealed(key: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(value.length + SEAL_BYTES);
  sealInto(bytes, key, value);
  return bytes;
}
