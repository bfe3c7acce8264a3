import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrayHeap, Places } from '../../src/kernel/structures/array-heap.js';

/** Commands on two heaps that share their nodes' places, checked against sorted arrays. */
const command = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('insert' as const), heap: fc.nat(1), key: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pop' as const), heap: fc.nat(1) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('remove' as const), heap: fc.nat(1), pick: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('update' as const), heap: fc.nat(1), pick: fc.nat(), key: fc.nat(20) }),
  },
);

class Model {
  private readonly places = new Places();
  private readonly heaps = [0, 1].map(() => new ArrayHeap(this.places, (a, b) => a < b));
  private readonly members: [number[], number[]] = [[], []];
  private readonly keys: number[] = [0];
  private readonly free: number[] = [];

  /** The two numbers of a key: some differ in the second alone, some in nothing. */
  private key(node: number): [number, number] {
    return [this.keys[node]! >> 2, this.keys[node]! & 3];
  }

  private sorted(at: number): number[] {
    return this.members[at]!.toSorted((a, b) => this.keys[a]! - this.keys[b]! || a - b);
  }

  apply(c: typeof command extends fc.Arbitrary<infer T> ? T : never): void {
    const heap = this.heaps[c.heap]!;
    const members = this.members[c.heap]!;
    if (c.do === 'insert') {
      const node = this.free.pop() ?? this.keys.length;
      this.keys[node] = c.key;
      this.places.ensure(node);
      heap.insert(node, ...this.key(node));
      members.push(node);
    } else if (members.length > 0 && c.do === 'update') {
      const node = members[c.pick % members.length]!;
      this.keys[node] = c.key;
      heap.update(node, ...this.key(node));
    } else if (members.length > 0) {
      const node = c.do === 'remove' ? members[c.pick % members.length]! : heap.top;
      heap.remove(node);
      this.members[c.heap] = members.filter((other) => other !== node);
      this.free.push(node);
    }
  }

  check(): void {
    for (const [at, heap] of this.heaps.entries()) {
      const first = this.sorted(at)[0];
      expect([heap.top, heap.size]).toEqual([first ?? 0, this.members[at]!.length]);
      if (first !== undefined) expect(heap.topFirst).toBe(this.key(first)[0]);
    }
  }

  checkAll(): void {
    for (const [at, heap] of this.heaps.entries()) {
      for (const node of this.sorted(at)) {
        expect([heap.top, heap.firstOf(node)]).toEqual([node, this.key(node)[0]]);
        heap.remove(node);
      }
      expect(heap.size).toBe(0);
    }
  }
}

describe('ArrayHeap', () => {
  it('behaves like sorted arrays under any history', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300, size: 'max' }), (commands) => {
        const model = new Model();
        for (const c of commands) {
          model.apply(c);
          model.check();
        }
        model.checkAll();
      }),
      { numRuns: 100 },
    );
  });
});
