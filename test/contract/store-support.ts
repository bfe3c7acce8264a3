/** Rows of text, for tests of stores. */
import { everything } from '../../src/store/keys.js';
import type { Store, StoreEntry, StoreOperation, StorePosition } from '../../src/store/port.js';

export const CELL = { cell: 'main', layout: 3 } as const;

export function positionOf(turn: number, identity: { cell: string; layout: number } = CELL): StorePosition {
  return { ...identity, turn, hash: new Uint8Array(32).fill(turn), stateHash: new Uint8Array(16).fill(255 - turn) };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function put(key: string, value: string): StoreOperation {
  return { key: bytes(key), value: bytes(value) };
}

export function remove(key: string): StoreOperation {
  return { key: bytes(key), value: null };
}

export async function scanned(store: Store, from: Uint8Array, to: Uint8Array): Promise<StoreEntry[]> {
  const all: StoreEntry[] = [];
  for await (const chunk of store.scan(from, to)) all.push(...chunk);
  return all;
}

/** Everything that is there, as text. */
export async function contents(store: Store): Promise<string[]> {
  const { from, to } = everything();
  return (await scanned(store, from, to)).map(({ key, value }) => `${text(key)}=${text(value)}`);
}

export async function values(store: Store, ...keys: string[]): Promise<(string | null)[]> {
  return (await store.getMany(keys.map(bytes))).map((value) => (value === null ? null : text(value)));
}

export const text = (value: Uint8Array): string => Buffer.from(value).toString('utf8');
