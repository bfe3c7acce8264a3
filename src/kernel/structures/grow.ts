type NumericArray = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

const PAGE_BYTES = 4096;
const PAGE_WORDS = 1024;

/**
 * A longer array with the same numbers. Pages that hold nothing but zeros are not copied: a new array has zeros, and a
 * page of memory that nobody has written to costs nothing. Most columns of most jobs are empty until they run.
 */
export function grown<T extends NumericArray>(array: T, capacity: number): T {
  const next = new (array.constructor as new (length: number) => T)(capacity);
  const words = new Int32Array(array.buffer, array.byteOffset, array.byteLength >>> 2);
  const perPage = Math.trunc(PAGE_BYTES / array.BYTES_PER_ELEMENT);
  for (let from = 0; from < array.length; from += perPage) {
    const to = Math.min(from + perPage, array.length);
    const first = (from * array.BYTES_PER_ELEMENT) >>> 2;
    const isWhole = to - from === perPage;
    if (isWhole && isBlank(words, first, first + PAGE_WORDS)) continue;
    next.set(array.subarray(from, to), from);
  }
  return next;
}

/** `grown`, in doublings, to at least so many. */
export function doubled<T extends NumericArray>(array: T, atLeast: number): T {
  let capacity = array.length;
  while (capacity < atLeast) capacity *= 2;
  return capacity === array.length ? array : grown(array, capacity);
}

function isBlank(words: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}
