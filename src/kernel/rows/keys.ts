/** Keys of rows that are found by more than one number at once; tables.ts names the two parts of each table's key. */

/** First part of the key of a tag, and of a virtual time: a class and a priority. */
export function tagKey(classSeq: number, priority: number): number {
  return classSeq * 2 ** 21 + priority + 2 ** 20;
}

/** First part of the key of a row of fair sojourn order: a priority. */
export function fairKey(priority: number): number {
  return priority + 2 ** 20;
}

/** Second part of the key of a flow: a class and a shape. */
export function flowKey(classSeq: number, shape: number): number {
  return classSeq * 4 + shape;
}

/** The class of a flow's key, by its sequence number. */
export function classOfFlow(key: number): number {
  return key >>> 2;
}

/** The shape of a flow's key. */
export function shapeOfFlow(key: number): number {
  return key & 3;
}
