import { lowerBound } from '../catalogue/lower-bound.js';

/** A leaf is split in two when it holds more keys. */
const LEAF_KEYS_MAX = 256;

/**
 * A map in the order of its keys: a list of sorted leaves, O(log n) to find and O(leaf + leaves) to insert. Keys are
 * strings as `nameOf` makes them, so that JavaScript's order of strings is the unsigned order of the bytes.
 */
export class SortedMap<V> {
  readonly #values = new Map<string, V>();
  #leaves: string[][] = [[]];

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    const known = this.#values.has(key);
    this.#values.set(key, value);
    if (known) return;
    const at = this.#leafOf(key);
    const leaf = this.#leaves[at]!;
    leaf.splice(placeIn(leaf, key), 0, key);
    if (leaf.length > LEAF_KEYS_MAX) this.#leaves.splice(at + 1, 0, leaf.splice(leaf.length >>> 1));
  }

  delete(key: string): void {
    if (!this.#values.delete(key)) return;
    const at = this.#leafOf(key);
    const leaf = this.#leaves[at]!;
    leaf.splice(placeIn(leaf, key), 1);
    if (leaf.length === 0 && this.#leaves.length > 1) this.#leaves.splice(at, 1);
  }

  clear(): void {
    this.#values.clear();
    this.#leaves = [[]];
  }

  /** All pairs with `from <= key < to`, in order. */
  *range(from: string, to: string): Generator<readonly [string, V]> {
    for (let at = this.#leafOf(from); at < this.#leaves.length; at++) {
      const leaf = this.#leaves[at]!;
      for (let i = placeIn(leaf, from); i < leaf.length; i++) {
        const key = leaf[i]!;
        if (key >= to) return;
        yield [key, this.#values.get(key)!];
      }
    }
  }

  /** The last leaf whose first key is not behind `key`, else the first one. */
  #leafOf(key: string): number {
    return lowerBound(1, this.#leaves.length, (leaf) => this.#leaves[leaf]![0]! <= key) - 1;
  }
}

/** Index of the first key of a sorted leaf that is not before `key`. */
function placeIn(leaf: readonly string[], key: string): number {
  return lowerBound(0, leaf.length, (i) => leaf[i]! < key);
}

/** A key as a string of one code unit a byte. */
export function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
