import { afterEach, describe, expect, it } from 'vitest';
import { compareKeys } from '../../src/store/keys.js';
import type { OpenedStore, Store } from '../../src/store/port.js';
import { describeCapture } from './store-capture.js';
import { bytes, CELL, contents, positionOf, put, remove, scanned, text, values } from './store-support.js';

/** One place that holds a store; opened again it holds the same store. */
export interface StorePlace {
  open(identity: { readonly cell: string; readonly layout: number }): Promise<OpenedStore>;
  /** How many stores have been set aside there. */
  aside(): Promise<number>;
  remove(): Promise<void>;
}

/** What every store promises, whatever is behind it. */
export function storeContract(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`store contract: ${name}`, () => {
    const places: StorePlace[] = [];
    const stores: Store[] = [];

    const somewhere = async (): Promise<StorePlace> => {
      const place = await makePlace();
      places.push(place);
      return place;
    };
    const openAt = async (
      place: StorePlace,
      identity: { cell: string; layout: number } = CELL,
    ): Promise<OpenedStore> => {
      const opened = await place.open(identity);
      stores.push(opened.store);
      return opened;
    };
    const openNew = async (): Promise<Store> => (await openAt(await somewhere())).store;

    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
      for (const place of places.splice(0)) await place.remove();
    });

    describe('a new store', () => {
      it('has no position and no rows', async () => {
        const { store, setAside } = await openAt(await somewhere());
        expect(setAside).toBe(null);
        expect(store.position()).toBe(null);
        expect(await contents(store)).toEqual([]);
        expect(await values(store, 'a')).toEqual([null]);
        expect(await store.getMany([])).toEqual([]);
      });
    });

    describe('write', () => {
      it('stores rows and position, and both are there when it is opened again', async () => {
        const place = await somewhere();
        const first = await openAt(place);
        await first.store.write([put('a', '1'), put('b', '2')], positionOf(7));
        expect(first.store.position()).toEqual(positionOf(7));
        await first.store.close();
        const second = await openAt(place);
        expect(second).toMatchObject({ setAside: null });
        expect(second.store.position()).toEqual(positionOf(7));
        expect(await contents(second.store)).toEqual(['a=1', 'b=2']);
      });

      it('lets the later operation on a key win, within a batch and between batches', async () => {
        const store = await openNew();
        await store.write(
          [put('a', '1'), put('a', '2'), put('b', '1'), remove('b'), remove('c'), put('c', '9')],
          positionOf(1),
        );
        expect(await contents(store)).toEqual(['a=2', 'c=9']);
        await store.write([remove('a'), put('c', '10')], positionOf(2));
        expect(await contents(store)).toEqual(['c=10']);
      });

      it('takes a batch without operations: only the position moves', async () => {
        const place = await somewhere();
        const { store } = await openAt(place);
        await store.write([put('a', '1')], positionOf(1));
        await store.write([], positionOf(5));
        await store.close();
        const again = await openAt(place);
        expect(again.store.position()?.turn).toBe(5);
        expect(await contents(again.store)).toEqual(['a=1']);
      });

      it('keeps empty values apart from no value', async () => {
        const store = await openNew();
        await store.write([put('a', '')], positionOf(1));
        expect(await values(store, 'a', 'b')).toEqual(['', null]);
        expect(await contents(store)).toEqual(['a=']);
      });

      it('stores batches in the order of the calls, without waiting in between', async () => {
        const store = await openNew();
        const big = Array.from({ length: 3000 }, (_, i) => put(`k${i}`, 'x'));
        const writes = [store.write([...big, put('last', '1')], positionOf(1))];
        for (let turn = 2; turn <= 20; turn++) writes.push(store.write([put('last', String(turn))], positionOf(turn)));
        await Promise.all(writes);
        expect(await values(store, 'last', 'k2999')).toEqual(['20', 'x']);
        expect(store.position()?.turn).toBe(20);
      });

      it('takes batches of many rows and rows of several MiB', async () => {
        const place = await somewhere();
        const { store } = await openAt(place);
        const huge = new Uint8Array(9 << 20).map((_, i) => (i * 31) ^ (i >> 8));
        const operations = Array.from({ length: 20_000 }, (_, i) =>
          put(`row-${String(i).padStart(6, '0')}`, `value ${i}`),
        );
        await store.write([...operations, { key: bytes('huge'), value: huge }], positionOf(1));
        await store.close();
        const again = (await openAt(place)).store;
        const [found] = await again.getMany([bytes('huge')]);
        expect(Buffer.compare(found!, huge)).toBe(0);
        const rows = await scanned(again, bytes('row-'), bytes('row.'));
        expect(rows.map(({ key, value }) => `${text(key)}=${text(value)}`)).toEqual(
          operations.map(({ key, value }) => `${text(key)}=${text(value!)}`),
        );
      });

      it('takes exactly the bytes that it is given, also as a part of a larger array', async () => {
        const store = await openNew();
        const around = bytes('..key..value..');
        await store.write([{ key: around.subarray(2, 5), value: around.subarray(7, 12) }], positionOf(1));
        around.fill(0);
        expect(await contents(store)).toEqual(['key=value']);
      });

      const bad = [
        { what: 'a position of another cell', position: positionOf(6, { cell: 'other', layout: 3 }) },
        { what: 'a position of another layout', position: positionOf(6, { cell: 'main', layout: 4 }) },
        { what: 'a turn that falls', position: positionOf(4) },
        { what: 'a key that begins with 0x00', position: positionOf(6), key: Uint8Array.of(0, 1) },
        { what: 'a key that begins with 0xff', position: positionOf(6), key: Uint8Array.of(255) },
        { what: 'an empty key', position: positionOf(6), key: new Uint8Array(0) },
        { what: 'a key that is too long', position: positionOf(6), key: new Uint8Array(1025).fill(1) },
      ];

      it.each(bad)('refuses $what, and every write after it', async ({ position, key = bytes('b') }) => {
        const place = await somewhere();
        const { store } = await openAt(place);
        await store.write([put('a', '1')], positionOf(5));
        await expect(store.write([put('c', '1'), { key, value: bytes('x') }], position)).rejects.toThrow('assertion');
        await expect(store.write([put('d', '1')], positionOf(7))).rejects.toMatchObject({ code: 'store-closed' });
        expect(store.position()).toEqual(positionOf(5));
        await store.close();
        const again = await openAt(place);
        expect(again.store.position()).toEqual(positionOf(5));
        expect(await contents(again.store)).toEqual(['a=1']);
      });
    });

    describe('getMany', () => {
      it('answers hundreds of keys in their order, repeated and missing ones too', async () => {
        const store = await openNew();
        await store.write(
          Array.from({ length: 1000 }, (_, i) => put(`k${i}`, `v${i}`)),
          positionOf(1),
        );
        const asked = Array.from({ length: 700 }, (_, i) => (i * 37) % 1100);
        const expected = asked.map((i) => (i < 1000 ? `v${i}` : null));
        expect(await values(store, ...asked.map((i) => `k${i}`))).toEqual(expected);
        expect(await values(store, 'k5', 'k5')).toEqual(['v5', 'v5']);
      });

      it('gives values that the caller may change', async () => {
        const store = await openNew();
        await store.write([put('a', 'abc')], positionOf(1));
        const [mine] = await store.getMany([bytes('a')]);
        mine!.fill(0);
        for (const { value } of await scanned(store, bytes('a'), bytes('b'))) value.fill(0);
        expect(await values(store, 'a')).toEqual(['abc']);
      });
    });

    describe('scan', () => {
      it('is half-open and in unsigned byte order', async () => {
        const store = await openNew();
        const keys = [[1], [1, 0], [1, 255], [2], [127], [128], [128, 0, 0], [200, 1], [254], [254, 255]];
        const shuffled = [5, 2, 9, 0, 7, 3, 8, 1, 6, 4].map((i) => keys[i]!);
        await store.write(
          shuffled.map((key) => ({ key: Uint8Array.from(key), value: Uint8Array.from(key) })),
          positionOf(1),
        );
        const all = await scanned(store, Uint8Array.of(1), Uint8Array.of(254, 255));
        expect(all.map(({ key }) => [...key])).toEqual(keys.slice(0, 9));
        expect(all.map(({ value }) => [...value])).toEqual(keys.slice(0, 9));
        const some = await scanned(store, Uint8Array.of(1, 0), Uint8Array.of(128, 0, 0));
        expect(some.map(({ key }) => [...key])).toEqual(keys.slice(1, 6));
        expect(await scanned(store, Uint8Array.of(2), Uint8Array.of(2))).toEqual([]);
        expect(await scanned(store, Uint8Array.of(3), Uint8Array.of(2))).toEqual([]);
      });

      it('comes in chunks of a bounded size and can be left early', async () => {
        const store = await openNew();
        const rows = Array.from({ length: 5000 }, (_, i) => put(`k${String(i).padStart(5, '0')}`, 'x'.repeat(300)));
        await store.write(rows, positionOf(1));
        let largest = 0;
        let last: Uint8Array | null = null;
        let count = 0;
        for await (const chunk of store.scan(bytes('k'), bytes('l'))) {
          largest = Math.max(largest, chunk.length);
          for (const { key } of chunk) {
            if (last !== null) expect(compareKeys(last, key)).toBeLessThan(0);
            last = key;
            count += 1;
          }
        }
        expect(count).toBe(5000);
        expect(largest).toBeLessThanOrEqual(1000);
        for await (const chunk of store.scan(bytes('k'), bytes('l'))) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        await store.write([put('after', 'the scan')], positionOf(2));
        expect(await values(store, 'after')).toEqual(['the scan']);
      });

      it('sees the store as it stood at the first chunk, whatever is written meanwhile', async () => {
        const store = await openNew();
        const key = (i: number): string => `k${String(i).padStart(5, '0')}`;
        await store.write(
          Array.from({ length: 4000 }, (_, i) => put(key(i), 'before')),
          positionOf(1),
        );
        const seen: string[] = [];
        for await (const chunk of store.scan(bytes('k'), bytes('l'))) {
          if (seen.length === 0) {
            await store.write(
              Array.from({ length: 4000 }, (_, i) => (i % 2 ? remove(key(i)) : put(key(i), 'after'))),
              positionOf(2),
            );
          }
          seen.push(...chunk.map(({ value }) => text(value)));
        }
        expect(seen).toEqual(Array.from({ length: 4000 }, () => 'before'));
        const now = await scanned(store, bytes('k'), bytes('l'));
        expect(now.map(({ value }) => text(value))).toEqual(Array.from({ length: 2000 }, () => 'after'));
      });
    });

    describeCapture(openNew);

    describe('clear and close', () => {
      it('clears rows and position, for good', async () => {
        const place = await somewhere();
        const { store } = await openAt(place);
        await store.write([put('a', '1')], positionOf(9));
        await store.clear();
        expect(store.position()).toBe(null);
        expect(await contents(store)).toEqual([]);
        await store.write([put('b', '2')], positionOf(1));
        await store.close();
        const again = await openAt(place);
        expect(again).toMatchObject({ setAside: null });
        expect(again.store.position()?.turn).toBe(1);
        expect(await contents(again.store)).toEqual(['b=2']);
      });

      it('finishes what was asked for before it closes, and refuses everything afterwards', async () => {
        const place = await somewhere();
        const { store } = await openAt(place);
        const write = store.write([put('a', '1')], positionOf(1));
        await write;
        await store.close();
        await store.close();
        const closed = { code: 'store-closed' };
        await expect((async () => store.write([], positionOf(2)))()).rejects.toMatchObject(closed);
        await expect((async () => store.getMany([bytes('a')]))()).rejects.toMatchObject(closed);
        await expect((async () => scanned(store, bytes('a'), bytes('b')))()).rejects.toMatchObject(closed);
        expect(await contents((await openAt(place)).store)).toEqual(['a=1']);
      });

      it('ends a scan that is under way', async () => {
        const store = await openNew();
        await store.write(
          Array.from({ length: 5000 }, (_, i) => put(`k${i}`, 'x')),
          positionOf(1),
        );
        const scan = (async () => {
          for await (const _ of store.scan(bytes('k'), bytes('l'))) await store.close();
        })();
        await expect(scan).rejects.toMatchObject({ code: 'store-closed' });
      });

      it('closes also while a scan is beginning', async () => {
        const store = await openNew();
        await store.write(
          Array.from({ length: 5000 }, (_, i) => put(`k${i}`, 'x')),
          positionOf(1),
        );
        const scan = scanned(store, bytes('k'), bytes('l'));
        const closed = store.close();
        await expect(scan).rejects.toMatchObject({ code: 'store-closed' });
        await closed;
      });

      it('is open only once at a time, and the second to come changes nothing', async () => {
        const place = await somewhere();
        const { store } = await openAt(place);
        await store.write([put('a', '1')], positionOf(1));
        await expect(place.open(CELL)).rejects.toMatchObject({ code: 'store-locked' });
        await expect(place.open({ cell: 'other', layout: 9 })).rejects.toMatchObject({ code: 'store-locked' });
        expect(await place.aside()).toBe(0);
        expect(await contents(store)).toEqual(['a=1']);
      });
    });

    describe('a store that cannot be used', () => {
      const cases = [
        { found: 'another cell', identity: { cell: 'other', layout: 3 }, reason: 'other-cell', says: 'other' },
        { found: 'an older layout', identity: { cell: 'main', layout: 2 }, reason: 'other-layout', says: 'older' },
        { found: 'a newer layout', identity: { cell: 'main', layout: 4 }, reason: 'other-layout', says: 'newer' },
      ] as const;

      it.each(cases)('of $found is set aside, and that is reported', async ({ identity, reason, says }) => {
        const place = await somewhere();
        const { store } = await openAt(place, identity);
        await store.write([put('a', '1')], positionOf(1, identity));
        await store.close();
        const opened = await openAt(place);
        expect(opened.setAside).toMatchObject({ reason });
        expect(opened.setAside?.detail).toContain(says);
        expect(opened.setAside?.place).toMatch(/\.aside-1$/);
        expect(opened.store.position()).toBe(null);
        expect(await contents(opened.store)).toEqual([]);
        expect(await place.aside()).toBe(1);
      });

      it('is set aside beside those that were before', async () => {
        const place = await somewhere();
        for (let layout = 1; layout <= 3; layout++) {
          const identity = { cell: 'main', layout };
          const { store, setAside } = await openAt(place, identity);
          expect(setAside?.place.endsWith(`.aside-${layout - 1}`) ?? layout === 1).toBe(true);
          await store.write([put('a', '1')], positionOf(1, identity));
          await store.close();
        }
        expect(await place.aside()).toBe(2);
      });
    });
  });
}
