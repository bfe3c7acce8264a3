/** Blocks of Snappy, by the bytes of their format; kafka-codecs.test.ts unpacks what another implementation packs. */
import { describe, expect, it } from 'vitest';
import { unpackSnappy } from '../../src/catalogue/snappy.js';

const unpacked = (...packed: number[]): string => unpackSnappy(Uint8Array.from(packed)).toString('latin1');
const text = (value: string): number[] => [...Buffer.from(value, 'latin1')];

describe('a block of Snappy', () => {
  it('has literals of all lengths', () => {
    expect(unpacked(3, 2 << 2, ...text('abc'))).toBe('abc');
    const long = 'x'.repeat(300);
    expect(unpacked(0xac, 0x02, 61 << 2, 0x2b, 0x01, ...text(long))).toBe(long);
  });

  it('has copies with offsets of one, two and four bytes, also onto themselves', () => {
    expect(unpacked(10, 1 << 2, ...text('ab'), ((8 - 4) << 2) | 1, 2)).toBe('ababababab');
    expect(unpacked(8, 3 << 2, ...text('abcd'), ((4 - 1) << 2) | 2, 4, 0)).toBe('abcdabcd');
    expect(unpacked(8, 3 << 2, ...text('abcd'), ((4 - 1) << 2) | 3, 4, 0, 0, 0)).toBe('abcdabcd');
  });

  it.each([
    ['nothing', []],
    ['a length that does not end', [0x80, 0x80]],
    ['a literal that is cut off', [3, 2 << 2, ...text('ab')]],
    ['less than it says', [4, 2 << 2, ...text('abc')]],
    ['more than it says', [2, 2 << 2, ...text('abc')]],
    ['a copy of what is before it', [6, 1 << 2, ...text('ab'), 1, 3]],
    ['a copy of what is to come', [6, 1 << 2, ...text('ab'), 1, 0]],
    ['a copy that is cut off', [6, 1 << 2, ...text('ab'), 1]],
    ['a literal of 4 GiB, which leads back to itself in 32 bits', [10, 0, 65, 63 << 2, 0xfa, 0xff, 0xff, 0xff]],
  ])('is refused with %s', (_what, packed) => {
    expect(() => unpacked(...packed)).toThrow('is cut off, points outside of itself, or is not as long as it says');
  });

  it('is refused where it says to come to more than it may, or can', () => {
    expect(() => unpackSnappy(Uint8Array.from([4, 3 << 2, ...text('abcd')]), 3)).toThrow('more than 3 bytes');
    expect(() => unpacked(0xff, 0xff, 0xff, 0xff, 0x0f)).toThrow('more than 110 bytes');
  });
});
