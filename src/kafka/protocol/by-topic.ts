import { madeOnce } from '../../catalogue/made-once.js';

/** Requests name each topic once, with its partitions. */
export function byTopic<T extends { readonly topic: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) madeOnce(found, one.topic, () => []).push(one);
  return found;
}
