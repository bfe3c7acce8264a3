/**
 * What is asked for, in its order: what is known of it at once, and of the rest, which is asked for together, what is
 * fetched. Undefined is what isn't known.
 */
export async function knownOrFetched<K, V extends object | null>(
  asked: readonly K[],
  known: (one: K) => V | undefined,
  fetch: (missing: readonly K[]) => Promise<readonly V[]>,
): Promise<readonly V[]> {
  const found = asked.map(known);
  const missing = asked.filter((_, i) => found[i] === undefined);
  const fetched = missing.length === 0 ? [] : await fetch(missing);
  let next = 0;
  return found.map((one) => (one === undefined ? fetched[next++]! : one));
}
