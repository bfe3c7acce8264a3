import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allCold,
  allRows,
  coldBetween,
  coldKey,
  coldOf,
  compareKeys,
  decodeKey,
  everything,
  jobBlockKey,
  jobBlocksBetween,
  jobBlocksOf,
  type KeyRange,
  rowKey,
} from '../../../src/store/keys.js';

const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');
const MAX_LONG = Number.MAX_SAFE_INTEGER;
const MAX_INT = 0xffff_ffff;

const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 127, 128, 254, 255));
const int = fc.oneof(
  fc.integer({ min: 0, max: MAX_INT }),
  fc.constantFrom(0, 1, 255, 256, 0x7fff_ffff, 0x8000_0000, MAX_INT),
);
const long = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, 255, 256, MAX_INT, MAX_INT + 1, 2 ** 48 - 1, 2 ** 48, MAX_LONG - 1, MAX_LONG),
);

function isIn({ from, to }: KeyRange, key: Uint8Array): boolean {
  return compareKeys(from, key) <= 0 && compareKeys(key, to) < 0;
}

/** The order of tuples of numbers. */
function compareTuples(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

describe('keys of the store', () => {
  it('have the bytes that are written down', () => {
    expect(hex(rowKey(7, 0x01_0203_0405_06, 0x0708090a))).toBe('01' + '07' + '00010203040506' + '0708090a');
    expect(hex(rowKey(255, MAX_LONG, MAX_INT))).toBe('01' + 'ff' + '1fffffffffffff' + 'ffffffff');
    expect(hex(jobBlockKey(300, 2))).toBe('02' + '0000000000012c' + '00000002');
    expect(hex(coldKey(4, 300, 5, 6))).toBe('03' + '04' + '0000000000012c' + '00000005' + '00000006');
  });

  it('give back what they encode', () => {
    fc.assert(
      fc.property(byte, long, int, int, (kind, dag, a, b) => {
        expect(decodeKey(rowKey(kind, dag, b))).toEqual({ space: 'row', table: kind, keyA: dag, keyB: b });
        expect(decodeKey(jobBlockKey(dag, a))).toEqual({ space: 'jobs', dag, block: a });
        expect(decodeKey(coldKey(kind, dag, a, b))).toEqual({ space: 'cold', kind, dag, a, b });
      }),
    );
  });

  it('are no keys of this layout when they have another length or beginning', () => {
    for (const key of [rowKey(1, 2, 3), jobBlockKey(1, 2), coldKey(1, 2, 3, 4)]) {
      expect(decodeKey(key.subarray(0, -1))).toBe(null);
      expect(decodeKey(Uint8Array.of(...key, 0))).toBe(null);
      expect(decodeKey(Uint8Array.of(9, ...key.subarray(1)))).toBe(null);
    }
    expect(decodeKey(new Uint8Array(0))).toBe(null);
  });

  it('have the order of what they encode', () => {
    const tuple = fc.tuple(byte, long, int, int);
    fc.assert(
      fc.property(tuple, tuple, (x, y) => {
        const sign = Math.sign(compareTuples(x, y));
        expect(Math.sign(compareKeys(coldKey(...x), coldKey(...y)))).toBe(sign);
        const rows = [x, y].map(([table, keyA, keyB]) => rowKey(table, keyA, keyB)) as [Uint8Array, Uint8Array];
        expect(Math.sign(compareKeys(...rows))).toBe(Math.sign(compareTuples(x.slice(0, 3), y.slice(0, 3))));
        expect(Math.sign(Buffer.compare(...rows))).toBe(Math.sign(compareKeys(...rows)));
      }),
    );
  });

  it('refuse what is no number of a key', () => {
    const assertion = 'assertion failed';
    for (const bad of [-1, 1.5, Number.NaN, MAX_LONG + 1]) {
      expect(() => jobBlockKey(bad, 0)).toThrow(assertion);
      expect(() => jobBlockKey(0, bad)).toThrow(assertion);
      expect(() => rowKey(bad, 0, 0)).toThrow(assertion);
    }
    expect(() => rowKey(256, 0, 0)).toThrow(assertion);
    expect(() => rowKey(0, 0, MAX_INT + 1)).toThrow(assertion);
  });
});

describe('ranges of keys', () => {
  it('hold exactly the keys that they name', () => {
    fc.assert(
      fc.property(byte, byte, long, long, int, int, (kind, other, dag, otherDag, a, b) => {
        const key = coldKey(other, otherDag, a, b);
        expect(isIn(coldOf(kind, dag), key)).toBe(kind === other && dag === otherDag);
        expect(isIn(coldOf(kind, dag), coldKey(kind, dag, a, b))).toBe(true);
        expect(isIn(jobBlocksOf(dag), jobBlockKey(otherDag, a))).toBe(dag === otherDag);
        expect(isIn(jobBlocksOf(dag), jobBlockKey(dag, a))).toBe(true);
        const [low, high] = [Math.min(dag, otherDag), Math.max(dag, otherDag)];
        const third = Math.max(a, b);
        expect(isIn(jobBlocksBetween(low, high), jobBlockKey(third, a))).toBe(low <= third && third <= high);
        expect(isIn(coldBetween(kind, low, high), coldKey(other, third, a, b))).toBe(
          kind === other && low <= third && third <= high,
        );
      }),
    );
  });

  it('of all keys of a space hold its first and last key and none of another', () => {
    const rows = [rowKey(0, 0, 0), rowKey(255, MAX_LONG, MAX_INT)];
    const jobs = [jobBlockKey(0, 0), jobBlockKey(MAX_LONG, MAX_INT)];
    const cold = [coldKey(0, 0, 0, 0), coldKey(255, MAX_LONG, MAX_INT, MAX_INT)];
    const spaces = [
      { range: allRows(), own: rows, others: [...jobs, ...cold] },
      { range: jobBlocksBetween(0, MAX_LONG), own: jobs, others: [...rows, ...cold] },
      { range: allCold(), own: cold, others: [...rows, ...jobs] },
      { range: everything(), own: [...rows, ...jobs, ...cold], others: [Uint8Array.of(0, 255), Uint8Array.of(255)] },
    ];
    for (const { range, own, others } of spaces) {
      expect(own.map((key) => isIn(range, key))).not.toContain(false);
      expect(others.map((key) => isIn(range, key))).not.toContain(true);
    }
  });
});
