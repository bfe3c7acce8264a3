import { describe, expect, it } from 'vitest';
import { IntrusiveHeap } from '../../../src/kernel/structures/heap.js';
import { TimerHeap } from '../../../src/kernel/structures/timer-heap.js';

describe('IntrusiveHeap', () => {
  const made = (nodes: number[]) => {
    const heap = new IntrusiveHeap();
    heap.ensure(1000);
    let root = 0;
    for (const node of nodes) root = heap.insert(root, node, node, 0);
    return { heap, root };
  };

  it('empties to root 0', () => {
    const { heap, root } = made([7]);
    expect(root).toBe(7);
    expect(heap.pop(root)).toBe(0);
    expect(heap.contains(7)).toBe(false);
    expect(heap.insert(0, 7, 7, 0)).toBe(7);
  });

  it('grows to any node number without losing links', () => {
    const { heap, root } = made([5, 3, 9]);
    heap.ensure(100_000);
    let rest = heap.insert(root, 100_000, 100_000, 0);
    const out: number[] = [];
    while (rest !== 0) {
      out.push(rest);
      rest = heap.pop(rest);
    }
    expect(out).toEqual([3, 5, 9, 100_000]);
  });

  it('pops a root with 100,000 children without recursion', () => {
    const heap = new IntrusiveHeap();
    heap.ensure(100_000);
    let root = 0;
    for (let node = 1; node <= 100_000; node++) root = heap.insert(root, node, 0, node);
    let expected = 1;
    while (root === expected) {
      root = heap.pop(root);
      expected += 1;
    }
    expect([root, expected]).toEqual([0, 100_001]);
  });

  it('needs O(log n) comparisons per operation, amortised', () => {
    let comparisons = 0;
    const heap = new IntrusiveHeap((a, b) => {
      comparisons += 1;
      return a < b;
    });
    const n = 1 << 16;
    heap.ensure(n);
    let root = 0;
    // A permutation of 1..n: 40,503 is odd, so multiplying by it is a bijection modulo 2^16.
    for (let i = 0; i < n; i++) root = heap.insert(root, ((i * 40_503) % n) + 1, 0, 0);
    for (let i = 0; i < n; i += 2) root = heap.remove(root, ((i * 40_503) % n) + 1);
    while (root !== 0) root = heap.pop(root);
    expect(comparisons).toBeLessThan(2 * n * 16);
  });

  it('removes neighbours one after the other, from either side', () => {
    for (const order of [
      [3, 4, 5],
      [5, 4, 3],
      [4, 3, 5],
      [4, 5, 3],
    ]) {
      const { heap, root } = made([1, 2, 3, 4, 5, 6]);
      let rest = root;
      for (const node of order) rest = heap.remove(rest, node);
      const out: number[] = [];
      while (rest !== 0) {
        out.push(rest);
        rest = heap.pop(rest);
      }
      expect(out).toEqual([1, 2, 6]);
    }
  });

  it('notes a number with a node, in a heap or not', () => {
    const { heap, root } = made([2, 4]);
    expect([heap.note(4), heap.note(1_000_000)]).toEqual([0, 0]);
    heap.setNote(4, 2_147_483_647);
    heap.ensure(100_000);
    heap.remove(root, 4);
    expect(heap.note(4)).toBe(2_147_483_647);
  });

  it('refuses two nodes that nothing tells apart', () => {
    const { heap, root } = made([2]);
    expect(() => heap.insert(root, 3, 2, 0)).toThrow('have the same key');
  });

  it('refuses misuse', () => {
    const { heap, root } = made([2, 4, 6]);
    expect(() => heap.insert(root, 4, 0, 0)).toThrow('in a heap already');
    expect(() => heap.insert(root, root, 0, 0)).toThrow('in a heap already');
    expect(() => heap.insert(root, 0, 0, 0)).toThrow('no room');
    expect(() => heap.insert(root, 5000, 0, 0)).toThrow('no room');
    expect(() => heap.remove(root, 8)).toThrow('in no heap');
    expect(() => heap.remove(root, 5000)).toThrow('in no heap');
    expect(() => heap.pop(0)).toThrow('empty');
    expect(() => heap.pop(4)).toThrow('not a root');
    expect(() => heap.meld(root, root)).toThrow('two roots');
    expect(() => heap.meld(root, 4)).toThrow('two roots');
    const other = heap.insert(0, 10, 0, 0);
    expect(() => heap.remove(root, other)).toThrow('another heap');
  });
});

describe('TimerHeap', () => {
  it('refuses misuse', () => {
    const timers = new TimerHeap();
    expect(() => timers.pop()).toThrow('empty');
    expect(() => timers.kind).toThrow('empty');
    expect(() => timers.a).toThrow('empty');
    expect(() => timers.b).toThrow('empty');
    expect(() => timers.push(Number.NaN, 1, 1, 1)).toThrow('safe integers');
    expect(() => timers.push(1, 1, 0.5, 1)).toThrow('safe integers');
    expect(() => timers.push(1, 256, 1, 1)).toThrow('in range');
    expect(() => timers.push(1, 1, 1, -1)).toThrow('in range');
    expect(timers.size).toBe(0);
  });
});
