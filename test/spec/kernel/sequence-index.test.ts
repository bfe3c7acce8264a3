import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceIndex } from '../../../src/kernel/structures/sequence-index.js';

/** Numbers close to each other, and others whose low bits are the same. */
const seq = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 40 })).map(([low, high]) => low + high * 4096),
  fc.constantFrom(2 ** 31, 2 ** 32 + 1, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER),
);

describe('an index of sequence numbers', () => {
  it('finds what was added and not taken out, as a plain map does', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ seq, asked: seq }), { maxLength: 400 }), (steps) => {
        const keyA = new Float64Array(1024);
        const index = new SequenceIndex({ keyA });
        const plain = new Map<number, number>();
        let handle = 0;
        for (const { seq, asked } of steps) {
          if (plain.has(seq)) {
            index.delete(seq);
            plain.delete(seq);
          } else {
            handle += 1;
            keyA[handle] = seq;
            index.add(seq, 0, handle);
            plain.set(seq, handle);
          }
          for (const one of [seq, asked]) expect(index.get(one)).toBe(plain.get(one) ?? 0);
        }
        for (const [seq, handle] of plain) expect(index.get(seq)).toBe(handle);
        expect(index.get(0)).toBe(0);
      }),
    );
  });

  it('finds a window of numbers that moves on, beside some that stay', () => {
    const keyA = new Float64Array(2048);
    const index = new SequenceIndex({ keyA });
    const stays = (seq: number): boolean => seq % 97 === 0;
    for (let seq = 1; seq < 20_000; seq++) {
      // A handle is used again when its row is gone.
      const handle = stays(seq) ? 1024 + seq / 97 : 1 + (seq % 512);
      keyA[handle] = seq;
      index.add(seq, 0, handle);
      if (seq > 400 && !stays(seq - 400)) index.delete(seq - 400);
      expect(index.get(seq)).toBe(handle);
      if (seq > 400) expect(index.get(seq - 400) !== 0).toBe(stays(seq - 400));
    }
    for (let seq = 97; seq < 20_000; seq += 97) expect(index.get(seq)).toBe(1024 + seq / 97);
  });
});
