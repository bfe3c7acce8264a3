import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EXECUTOR_SLOTS } from '../../../src/kernel/limits.js';
import { NumberSet } from '../../../src/kernel/structures/number-set.js';

const number = fc.oneof(
  fc.integer({ min: 0, max: MAX_EXECUTOR_SLOTS }),
  fc.constantFrom(0, 31, 32, 1023, 1024, 4095, MAX_EXECUTOR_SLOTS),
);
const change = fc.record({ add: fc.boolean(), number, asked: number });

describe('a set of numbers of slots', () => {
  it('finds its greatest, and the least from a number on, as a plain set does', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const set = new NumberSet();
        const plain = new Set<number>();
        for (const { add, number, asked } of changes) {
          if (add) {
            set.add(number);
            plain.add(number);
          } else {
            set.remove(number);
            plain.delete(number);
          }
          expect(set.greatest()).toBe(Math.max(0, ...plain));
          const from = [...plain].filter((one) => one >= asked);
          expect(set.atLeast(asked)).toBe(from.length === 0 ? -1 : Math.min(...from));
        }
      }),
    );
  });
});
