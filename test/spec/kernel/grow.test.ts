import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubled, grown } from '../../../src/kernel/structures/grow.js';

const kinds = [Float64Array, Uint32Array, Int32Array, Uint16Array, Uint8Array] as const;

const sparse = fc.record({
  kind: fc.constantFrom(...kinds),
  length: fc.integer({ min: 1, max: 10_000 }),
  values: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 8 }),
});

describe('an array that grows', () => {
  it('keeps its numbers, wherever they are, and has zeros behind them', () => {
    fc.assert(
      fc.property(sparse, fc.nat(5000), ({ kind, length, values }, more) => {
        const array = new kind(length);
        for (const [at, value] of values) array[at % length] = value;
        const next = grown(array, length + more);
        expect(next).toBeInstanceOf(kind);
        expect(Array.from(next)).toEqual([...array, ...new Array<number>(more).fill(0)]);
      }),
    );
  });

  it('keeps a negative zero and not-a-number as they are', () => {
    const array = new Float64Array(1024);
    array[700] = -0;
    array[900] = Number.NaN;
    const next = grown(array, 2048);
    expect(Object.is(next[700], -0)).toBe(true);
    expect(next[900]).toBeNaN();
  });

  it('doubles until there is room, and stays as it is when there is', () => {
    const array = new Uint32Array(64);
    expect(doubled(array, 64)).toBe(array);
    expect(doubled(array, 65)).toHaveLength(128);
    expect(doubled(array, 1000)).toHaveLength(1024);
  });
});
