import { describe, expect, it } from 'vitest';
import { ArrayHeap, Places } from '../../../src/kernel/structures/array-heap.js';

/** A heap with these nodes, each its own key. */
function made(nodes: readonly number[], places = new Places()) {
  const heap = new ArrayHeap(places);
  places.ensure(1000);
  for (const node of nodes) heap.insert(node, node, 0);
  return { heap, places };
}

function drained(heap: ArrayHeap): number[] {
  const out: number[] = [];
  while (heap.size > 0) {
    out.push(heap.top);
    heap.remove(heap.top);
  }
  return out;
}

describe('ArrayHeap', () => {
  it('is empty after its last node, and can be used again', () => {
    const { heap } = made([7]);
    expect([heap.top, heap.size]).toEqual([7, 1]);
    heap.remove(7);
    expect([heap.top, heap.size]).toEqual([0, 0]);
    heap.insert(7, 3, 0);
    expect([heap.top, heap.topFirst, heap.firstOf(7)]).toEqual([7, 3, 3]);
  });

  it('keeps places and notes as it grows', () => {
    const { heap, places } = made([5, 3, 9]);
    places.setNote(9, 2_147_483_647);
    places.ensure(100_000);
    heap.insert(100_000, 4, 0);
    expect([places.note(9), places.note(100_000), places.note(1_000_000)]).toEqual([2_147_483_647, 0, 0]);
    expect(drained(heap)).toEqual([3, 100_000, 5, 9]);
    expect(places.note(9)).toBe(2_147_483_647);
  });

  it('needs O(log n) comparisons for each operation, not only on average', () => {
    let comparisons = 0;
    const places = new Places();
    const heap = new ArrayHeap(places, (a, b) => {
      comparisons += 1;
      return a < b;
    });
    const n = 1 << 16;
    places.ensure(n);
    let most = 0;
    const counted = (change: () => void) => {
      comparisons = 0;
      change();
      most = Math.max(most, comparisons);
    };
    // 40,503 is odd, so multiplying by it is a permutation of 1 to 2^16.
    const nth = (i: number) => ((i * 40_503) % n) + 1;
    for (let i = 0; i < n; i++) counted(() => heap.insert(nth(i), 0, 0));
    for (let i = 0; i < n; i += 2) counted(() => heap.remove(nth(i)));
    while (heap.size > 0) counted(() => heap.remove(heap.top));
    // Eight levels, at each of them three comparisons between four children and one with what sinks.
    expect(most).toBeLessThanOrEqual(8 * 4 + 1);
    expect(most).toBeGreaterThan(8);
  });

  it('compares the first nodes of two heaps', () => {
    const places = new Places();
    const { heap } = made([4, 6], places);
    const { heap: other } = made([5, 7], places);
    expect([heap.isBefore(other), other.isBefore(heap)]).toEqual([true, false]);
    heap.update(4, 8, 0);
    expect([heap.isBefore(other), other.isBefore(heap)]).toEqual([false, true]);
  });

  it('refuses two nodes that nothing tells apart', () => {
    const { heap } = made([2]);
    expect(() => heap.insert(3, 2, 0)).toThrow('have the same key');
  });

  it('refuses misuse', () => {
    const places = new Places();
    const { heap } = made([2, 4, 6], places);
    const { heap: other } = made([3], places);
    expect(() => heap.insert(4, 0, 0)).toThrow('in a heap already');
    expect(() => heap.insert(3, 0, 0)).toThrow('in a heap already');
    expect(() => heap.insert(0, 0, 0)).toThrow('no room');
    expect(() => heap.insert(5000, 0, 0)).toThrow('no room');
    expect(() => heap.remove(3)).toThrow('not in the heap');
    expect(() => heap.remove(8)).toThrow('not in the heap');
    expect(() => heap.remove(5000)).toThrow('not in the heap');
    expect(() => other.update(4, 0, 0)).toThrow('not in the heap');
    expect(() => heap.firstOf(3)).toThrow('not in the heap');
  });
});
