/** The search for what would have been enough, where more may be worse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallest } from '../../../replay/sla/smallest.js';

/** Searches among the numbers of a set, and tells which were tried. */
async function searched(enough: ReadonlySet<number>, from: number, to: number, below?: number) {
  const tried: number[] = [];
  const isEnough = async (n: number): Promise<boolean> => {
    tried.push(n);
    return enough.has(n);
  };
  return { found: await smallest(from, to, isEnough, below), tried };
}

describe('the smallest number that is enough', () => {
  it('is found where more is always better, and each number is tried once', async () => {
    for (let least = 5; least <= 40; least++) {
      const enough = new Set(Array.from({ length: 60 }, (_, i) => least + i));
      const { found, tried } = await searched(enough, 5, 64, 0);
      expect(found!.value).toBe(least);
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried.length).toBeLessThan(14);
    }
  });

  it('is one that was tried, as was the one before it; it is the least wherever it is said to be', async () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 5, max: 40 }));
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 0, max: 40 }), async (enough, below) => {
        const { found, tried } = await searched(new Set(enough), 5, 40, below);
        if (found === null) {
          expect(below >= 36 && enough.length > 0).toBe(false);
          return;
        }
        expect(enough).toContain(found.value);
        expect(tried).toContain(found.value);
        if (found.value > 5) {
          expect(tried).toContain(found.value - 1);
          expect(enough).not.toContain(found.value - 1);
        }
        if (found.isLeast) expect(found.value).toBe(Math.min(...enough));
      }),
    );
  });

  it('is told apart from one below which not all were tried', async () => {
    expect((await searched(new Set([7, 30, 31, 32]), 5, 40, 0)).found).toEqual({ value: 7, isLeast: true });
    expect((await searched(new Set([9, 30, 31, 32, 33, 34, 35]), 5, 40, 0)).found).toMatchObject({ isLeast: false });
    expect((await searched(new Set([9, 30, 31, 32, 33, 34, 35]), 5, 40)).found).toEqual({ value: 9, isLeast: true });
    expect((await searched(new Set(), 5, 40)).found).toBeNull();
  });
});
