import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreCorrupt } from '../../../src/store/errors.js';
import { SortedMap } from '../../../src/store/sorted-map.js';
import { bytes, CELL, contents, positionOf, put, remove } from '../../contract/store-support.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

describe('sorted map', () => {
  it('is a map whose ranges are sorted, whatever was set and deleted', () => {
    const key = fc.integer({ min: 0, max: 2000 }).map((n) => String.fromCharCode(n >> 8, n & 0xff));
    const change = fc.tuple(fc.boolean(), key, fc.nat());
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3000, size: 'max' }), key, key, (changes, from, to) => {
        const sorted = new SortedMap<number>();
        const model = new Map<string, number>();
        for (const [isSet, name, value] of changes) {
          if (isSet) sorted.set(name, value);
          else sorted.delete(name);
          if (isSet) model.set(name, value);
          else model.delete(name);
        }
        const expected = [...model].filter(([name]) => from <= name && name < to).sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...sorted.range(from, to)]).toEqual(expected);
        expect(sorted.size).toBe(model.size);
        for (const [, name] of changes) expect(sorted.get(name)).toBe(model.get(name));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a medium in memory', () => {
  it('loses the newest batches when the power goes, and no part of another', async () => {
    const medium = new MemoryMedium();
    const { store } = await openMemoryStore({ ...CELL, medium });
    await store.write([put('a', '1'), put('b', '1')], positionOf(1));
    await store.write([put('a', '2'), remove('b'), put('a', '3')], positionOf(2));
    await store.write([put('c', '1'), remove('a')], positionOf(3));
    medium.losePower(1);
    await expect(store.write([], positionOf(4))).rejects.toMatchObject({ code: 'store-closed' });
    const second = (await openMemoryStore({ ...CELL, medium })).store;
    expect(second.position()?.turn).toBe(2);
    expect(await contents(second)).toEqual(['a=3']);
    medium.losePower(1);
    const third = (await openMemoryStore({ ...CELL, medium })).store;
    expect(third.position()?.turn).toBe(1);
    expect(await contents(third)).toEqual(['a=1', 'b=1']);
    medium.losePower(9);
    expect(await openMemoryStore({ ...CELL, medium })).toMatchObject({ setAside: null });
  });

  it('that was damaged gives StoreCorrupt, and is set aside when it is opened again', async () => {
    const medium = new MemoryMedium();
    const { store } = await openMemoryStore({ ...CELL, medium });
    await store.write([put('a', 'value'), put('b', 'value')], positionOf(1));
    expect(medium.damage(bytes('x'), () => undefined)).toBe(false);
    medium.damage(bytes('a'), (sealed) => sealed.fill(1, 2, 3));
    expect(await store.getMany([bytes('b')])).toHaveLength(1);
    await expect(store.getMany([bytes('b'), bytes('a')])).rejects.toThrow(StoreCorrupt);
    await expect(contents(store)).rejects.toThrow(StoreCorrupt);
    await store.close();
    const again = await openMemoryStore({ ...CELL, medium });
    expect(again).toMatchObject({ setAside: { reason: 'corrupt', place: 'memory.aside-1' } });
  });

  it('finds a value that has got under another key', async () => {
    const medium = new MemoryMedium();
    const { store } = await openMemoryStore({ ...CELL, medium });
    await store.write([put('a', 'value'), put('b', 'other')], positionOf(1));
    let stolen = new Uint8Array(0);
    medium.damage(bytes('a'), (sealed) => {
      stolen = sealed.slice();
    });
    medium.damage(bytes('b'), (sealed) => sealed.set(stolen));
    await expect(store.getMany([bytes('b')])).rejects.toThrow('does not have its checksum');
  });
});
