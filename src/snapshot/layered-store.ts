import { knownOrFetched } from '../catalogue/known-or-fetched.js';
import { checkKey, checkPosition } from '../store/guard.js';
import type { Capture, Store, StoreEntry, StoreIdentity, StoreOperation, StorePosition } from '../store/index.js';
import { everything } from '../store/index.js';
import { nameOf, SortedMap } from '../store/sorted-map.js';
import type { SnapshotReader } from './reader.js';

/** Entries of one chunk of a scan that come from memory. */
const CHUNK_ENTRIES = 256;

/**
 * A store that nobody keeps: what was written is in memory, on top of a snapshot that stays where it is. A row that was
 * deleted hides the snapshot's.
 */
export class LayeredStore implements Store {
  readonly #identity: StoreIdentity;
  readonly #rows = new SortedMap<Uint8Array | null>();
  #base: SnapshotReader | null;
  #position: StorePosition | null;

  constructor(identity: StoreIdentity, base: SnapshotReader | null = null) {
    this.#identity = identity;
    this.#base = base;
    this.#position = base?.position ?? null;
  }

  position(): StorePosition | null {
    return this.#position;
  }

  async write(operations: Iterable<StoreOperation>, position: StorePosition): Promise<void> {
    checkPosition(position, this.#identity, this.#position);
    for (const { key, value } of operations) {
      checkKey(key);
      if (value !== null) this.#rows.set(nameOf(key), new Uint8Array(value));
      else if (this.#base === null) this.#rows.delete(nameOf(key));
      else this.#rows.set(nameOf(key), null);
    }
    this.#position = position;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const below = async (missing: readonly Uint8Array[]) => this.#base?.getMany(missing) ?? missing.map(() => null);
    return [...(await knownOrFetched(keys, (key) => this.#rows.get(nameOf(key)), below))];
  }

  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    const above = [...this.#rows.range(nameOf(from), nameOf(to))];
    let next = 0;
    if (this.#base !== null) {
      for await (const chunk of this.#base.scan(from, to)) {
        if (next === above.length) yield chunk;
        else {
          const end = firstBehind(above, next, nameOf(chunk.at(-1)!.key));
          yield merged(chunk, above.slice(next, end));
          next = end;
        }
      }
    }
    for (; next < above.length; next += CHUNK_ENTRIES) yield merged([], above.slice(next, next + CHUNK_ENTRIES));
  }

  async capture(): Promise<Capture> {
    const { from, to } = everything();
    const entries = this.scan(from, to);
    const end = async (): Promise<void> => void (await entries.return(undefined));
    return { position: this.#position, entries, end };
  }

  /** All that is here is in this snapshot: it takes its place. The one before is closed. */
  async rebase(base: SnapshotReader): Promise<void> {
    const before = this.#base;
    this.#base = base;
    this.#rows.clear();
    this.#position = base.position;
    await before?.close();
  }

  async clear(): Promise<void> {
    await this.close();
    this.#position = null;
  }

  async close(): Promise<void> {
    const base = this.#base;
    this.#base = null;
    this.#rows.clear();
    await base?.close();
  }
}

type Named = readonly (readonly [string, Uint8Array | null])[];

/** The first place from `at` on with a key behind `name`. */
function firstBehind(above: Named, at: number, name: string): number {
  let end = at;
  while (end < above.length && above[end]![0] <= name) end += 1;
  return end;
}

/** Entries with those above in their places. */
function merged(chunk: readonly StoreEntry[], above: Named): StoreEntry[] {
  const entries: StoreEntry[] = [];
  let next = 0;
  const take = (): void => {
    const [name, value] = above[next++]!;
    if (value !== null) entries.push({ key: new Uint8Array(Buffer.from(name, 'latin1')), value });
  };
  for (const entry of chunk) {
    const name = above.length === 0 ? '' : nameOf(entry.key);
    while (next < above.length && above[next]![0] < name) take();
    if (next < above.length && above[next]![0] === name) take();
    else entries.push(entry);
  }
  while (next < above.length) take();
  return entries;
}
