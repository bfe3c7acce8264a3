import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntrusiveHeap } from '../../src/kernel/structures/heap.js';
import { TimerHeap } from '../../src/kernel/structures/timer-heap.js';

/** Commands on two heaps over one set of nodes, checked against sorted arrays. */
const command = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('insert' as const), heap: fc.nat(1), key: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const), heap: fc.nat(1) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('remove' as const), heap: fc.nat(1), pick: fc.nat() }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('update' as const), heap: fc.nat(1), pick: fc.nat(), key: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('meld' as const), heap: fc.nat(1) }) },
);

class Model {
  readonly keys: number[] = [0];
  readonly heap = new IntrusiveHeap((a, b) => a < b);
  readonly roots: [number, number] = [0, 0];
  readonly members: [number[], number[]] = [[], []];
  readonly free: number[] = [];

  before(a: number, b: number): number {
    return this.keys[a]! - this.keys[b]! || a - b;
  }

  /** The two numbers of a key: some differ in the second alone, some in nothing. */
  key(node: number): [number, number] {
    return [this.keys[node]! >> 2, this.keys[node]! & 3];
  }

  newNode(key: number): number {
    const node = this.free.pop() ?? this.keys.length;
    this.keys[node] = key;
    this.heap.ensure(node);
    return node;
  }

  drop(heap: number, node: number): void {
    this.members[heap as 0 | 1] = this.members[heap as 0 | 1].filter((n) => n !== node);
    this.free.push(node);
    expect(this.heap.contains(node)).toBe(false);
  }

  check(): void {
    for (const heap of [0, 1] as const) {
      const sorted = this.members[heap].toSorted((a, b) => this.before(a, b));
      expect(this.roots[heap]).toBe(sorted[0] ?? 0);
      expect(sorted.every((node) => this.heap.contains(node))).toBe(true);
    }
  }

  drain(heap: 0 | 1): number[] {
    const out: number[] = [];
    while (this.roots[heap] !== 0) {
      out.push(this.roots[heap]);
      this.roots[heap] = this.heap.pop(this.roots[heap]);
    }
    return out;
  }
}

function apply(model: Model, c: typeof command extends fc.Arbitrary<infer T> ? T : never): void {
  const heap = c.heap as 0 | 1;
  const members = model.members[heap];
  if (c.do === 'insert') {
    const node = model.newNode(c.key);
    model.roots[heap] = model.heap.insert(model.roots[heap], node, ...model.key(node));
    members.push(node);
  } else if (c.do === 'pop' && members.length > 0) {
    const least = model.roots[heap];
    model.roots[heap] = model.heap.pop(least);
    model.drop(heap, least);
  } else if (c.do === 'remove' && members.length > 0) {
    const node = members[c.pick % members.length]!;
    model.roots[heap] = model.heap.remove(model.roots[heap], node);
    model.drop(heap, node);
  } else if (c.do === 'update' && members.length > 0) {
    const node = members[c.pick % members.length]!;
    model.keys[node] = c.key;
    model.roots[heap] = model.heap.update(model.roots[heap], node, ...model.key(node));
  } else if (c.do === 'meld') {
    const other = (1 - heap) as 0 | 1;
    model.roots[heap] = model.heap.meld(model.roots[heap], model.roots[other]);
    model.roots[other] = 0;
    members.push(...model.members[other]);
    model.members[other] = [];
  }
}

describe('IntrusiveHeap', () => {
  it('behaves like sorted arrays under any history', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 150, size: 'max' }), (commands) => {
        const model = new Model();
        for (const c of commands) {
          apply(model, c);
          model.check();
        }
        for (const heap of [0, 1] as const) {
          const sorted = model.members[heap].toSorted((a, b) => model.before(a, b));
          expect(model.drain(heap)).toEqual(sorted);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('TimerHeap', () => {
  const entry = fc.tuple(fc.nat(5), fc.nat(3), fc.oneof(fc.nat(3), fc.maxSafeNat()), fc.nat(3));
  type Entry = [number, number, number, number];
  const order = (x: Entry, y: Entry) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || x[3] - y[3];
  const take = (timers: TimerHeap): Entry => {
    const first: Entry = [timers.time, timers.kind, timers.a, timers.b];
    timers.pop();
    return first;
  };

  it('gives entries back in order, however pushes and pops mix', () => {
    fc.assert(
      fc.property(fc.array(fc.option(entry), { maxLength: 300, size: 'max' }), (history) => {
        const timers = new TimerHeap();
        let model: Entry[] = [];
        for (const pushed of history) {
          if (pushed) {
            timers.push(...pushed);
            model.push(pushed);
            model.sort(order);
          } else if (model.length > 0) {
            expect(take(timers)).toEqual(model[0]);
            model = model.slice(1);
          }
          expect(timers.size).toBe(model.length);
          expect(timers.time).toBe(model[0]?.[0] ?? Number.POSITIVE_INFINITY);
        }
        while (model.length > 0) expect(take(timers)).toEqual(model.shift());
      }),
      { numRuns: 100 },
    );
  });

  it('rebuilds itself from what is kept', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200, size: 'max' }), fc.nat(3), (entries, dropped) => {
        const timers = new TimerHeap();
        for (const e of entries) timers.push(...e);
        timers.rebuild((_time, kind) => kind !== dropped);
        const kept = entries.filter((e) => e[1] !== dropped).sort(order);
        expect(timers.size).toBe(kept.length);
        for (const e of kept) expect(take(timers)).toEqual(e);
      }),
    );
  });
});
