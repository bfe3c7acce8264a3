const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;
const SHIFT = 24;

/** The partition of a key, as Kafka's own clients choose it by default (murmur2 of its bytes). */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0;
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
}

function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, FACTOR);
    word = Math.imul(word ^ (word >>> SHIFT), FACTOR);
    hash = Math.imul(hash, FACTOR) ^ word;
  }
  if (at < length) {
    for (let left = length - at - 1; left >= 0; left--) hash ^= bytes[at + left]! << (8 * left);
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return hash ^ (hash >>> 15);
}
