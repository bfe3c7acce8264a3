import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { positionOf, put, text } from './store-support.js';

/** What every store promises of a capture. */
export function describeCapture(openNew: () => Promise<Store>): void {
  describe('capture', () => {
    it('gives all entries with the position that they stand for, whatever is written meanwhile', async () => {
      const store = await openNew();
      const key = (i: number): string => `k${String(i).padStart(5, '0')}`;
      const batch = (turn: number) =>
        store.write(
          Array.from({ length: 3000 }, (_, i) => put(key(i), String(turn))),
          positionOf(turn),
        );
      await batch(1);
      const writing = (async () => {
        for (let turn = 2; turn <= 12; turn++) await batch(turn);
      })();
      for (let i = 0; i < 5; i++) {
        const { position, entries, end } = await store.capture();
        let count = 0;
        for await (const chunk of entries) {
          for (const { key: found, value } of chunk) {
            expect(text(found)).toBe(key(count));
            expect(text(value)).toBe(String(position!.turn));
            count += 1;
          }
        }
        expect(count).toBe(3000);
        await end();
      }
      await writing;
      const { position, entries, end } = await store.capture();
      expect(position).toEqual(positionOf(12));
      for await (const chunk of entries) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      await end();
    });

    it('gives nothing of an empty store', async () => {
      const { position, entries, end } = await (await openNew()).capture();
      expect(position).toBe(null);
      for await (const _ of entries) expect.fail('there is an entry');
      await end();
    });
  });
}
