/** Requests name each topic once, with its partitions. */
export function byTopic<T extends { readonly topic: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const known = found.get(one.topic);
    if (known === undefined) found.set(one.topic, [one]);
    else known.push(one);
  }
  return found;
}
