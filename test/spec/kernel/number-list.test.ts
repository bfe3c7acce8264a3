import { describe, expect, it } from 'vitest';
import { NumberList } from '../../../src/kernel/structures/number-list.js';

describe('a list of numbers', () => {
  it('keeps what was added since it was emptied, however much that is', () => {
    const list = new NumberList();
    for (const count of [0, 1, 1_000, 3]) {
      for (let i = 0; i < count; i++) list.push(2 ** 32 - 1 - i);
      expect(Array.from({ length: list.length }, (_, i) => list.at(i))).toEqual(
        Array.from({ length: count }, (_, i) => 2 ** 32 - 1 - i),
      );
      list.clear();
    }
  });
});
