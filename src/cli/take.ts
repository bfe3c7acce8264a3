/** The first of many, and whether there are more. */
export async function take<T>(
  all: AsyncIterable<T>,
  limit: number,
): Promise<{ readonly found: readonly T[]; readonly more: boolean }> {
  const found: T[] = [];
  for await (const one of all) {
    if (found.length === limit) return { found, more: true };
    found.push(one);
  }
  return { found, more: false };
}

/** All of them, in one list. */
export async function all<T>(each: AsyncIterable<T>): Promise<readonly T[]> {
  return (await take(each, Number.POSITIVE_INFINITY)).found;
}
