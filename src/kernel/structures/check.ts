/** What a structure of the kernel takes for granted of its callers. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`assertion failed: ${message}`);
}

/** For heaps in which no two nodes have the same key. */
export function noTies(a: number, b: number): boolean {
  throw new Error(`assertion failed: nodes ${a} and ${b} have the same key`);
}
