import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByAttempt } from '../../../src/scheduler/rows/by-attempt.js';

const change = fc.record({
  job: fc.constantFrom(0, 1, 2 ** 31 - 1),
  attempt: fc.constantFrom(0, 1, 2),
});

describe('something of attempts', () => {
  it('is found as in a map', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const found = new ByAttempt<number>();
        const plain = new Map<string, number>();
        changes.forEach(({ job, attempt }, value) => {
          found.set(job, attempt, value);
          plain.set(`${job}/${attempt}`, value);
          for (const one of changes) {
            expect(found.get(one.job, one.attempt)).toBe(plain.get(`${one.job}/${one.attempt}`));
          }
        });
      }),
    );
  });
});
