import { describe, expect, it } from 'vitest';
import { jobIds } from '../../../src/import/job-ids.js';

const long = 'x'.repeat(256);

/** Ids of keys, in their order. */
function idsOf(keys: readonly string[]): readonly string[] {
  return [...jobIds(keys).values()];
}

describe('ids of jobs for the keys of nodes', () => {
  it('are the keys where they may be, whatever becomes of others', () => {
    expect(idsOf(['a/b', 'a-b', 'a[b', 'a-b-2', 'a]b'])).toEqual(['a-b-3', 'a-b', 'a-b-4', 'a-b-2', 'a-b-5']);
  });

  it('are numbered from 2 on for each id that several keys come to', () => {
    expect(idsOf(['a/b', 'c/d', 'a[b', 'c[d', 'a]b'])).toEqual(['a-b', 'c-d', 'a-b-2', 'c-d-2', 'a-b-3']);
  });

  it('have room for the number where the end of a long key is taken', () => {
    const stem = 'x'.repeat(248);
    expect(idsOf([`1${long}`, `2${long}`, `3${long}`])).toEqual([long, `${stem}-2`, `${stem}-3`]);
    // Ids that begin alike share the numbers.
    expect(idsOf([`1${long}`, `2${long}`, `1${stem}/8901234`, `2${stem}/8901234`])).toEqual([
      long,
      `${stem}-2`,
      `${stem}-8901234`,
      `${stem}-3`,
    ]);
  });

  it('are found as fast for keys that come to one id as for others', () => {
    const timeOf = (keyOf: (n: number) => string) => {
      const begin = performance.now();
      expect(new Set(idsOf(Array.from({ length: 1_500 }, (_, n) => keyOf(n)))).size).toBe(1_500);
      return performance.now() - begin;
    };
    const other = timeOf((n) => `${long}/${String(n).padStart(255, 'y')}`);
    expect(timeOf((n) => `${n}/${long}`)).toBeLessThan(50 * other);
  });
});
