import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BySequence, type Sequenced } from '../../../src/scheduler/rows/by-sequence.js';

class One implements Sequenced<One> {
  behind: One | null = null;

  constructor(readonly dag: number) {}
}

const DAGS = [1, 2, 3, 64, 65, 128, 129, 2 ** 31 + 1, 2 ** 40 + 1, 2 ** 52 + 2];
const change = fc.record({ remove: fc.boolean(), dag: fc.constantFrom(...DAGS) });

/** Those that one meets in so many steps. */
function met(all: BySequence<One>, steps: number): number[] {
  const dags: number[] = [];
  for (let i = 0; i < steps; i++) for (let one = all.next(); one !== null; one = one.behind) dags.push(one.dag);
  return dags.sort((a, b) => a - b);
}

describe('something of DAGs', () => {
  it('is found as in a map, whatever numbers share a place', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const all = new BySequence<One>();
        const plain = new Map<number, One>();
        for (const { remove, dag } of changes) {
          const known = plain.get(dag);
          if (remove && known !== undefined) {
            all.delete(known);
            plain.delete(dag);
          } else if (!remove && known === undefined) {
            const one = new One(dag);
            all.add(one);
            plain.set(dag, one);
          }
        }
        for (const dag of DAGS) expect(all.get(dag)).toBe(plain.get(dag) ?? null);
        expect(met(all, 64)).toEqual([...plain.keys()].sort((a, b) => a - b));
      }),
    );
  });

  it('is found and met when there is more than there were places for', () => {
    const all = new BySequence<One>();
    const dags = Array.from({ length: 1000 }, (_, i) => 7 * i + 1);
    for (const dag of dags) all.add(new One(dag));
    for (const dag of dags) expect(all.get(dag)?.dag).toBe(dag);
    expect(all.get(2)).toBeNull();
    expect(met(all, 1024)).toEqual(dags);
  });
});
