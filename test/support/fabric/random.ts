/** Numbers that a seed determines: mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` whole numbers from `from` to below `to`, rising, each somewhere in a part of its own. */
export function spread(random: () => number, count: number, from: number, to: number): number[] {
  const part = (to - from) / count;
  return Array.from({ length: count }, (_, i) => Math.floor(from + (i + random()) * part));
}
