import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { job } from '../../../bench/support/dags.js';
import { type Graph, graphOf } from '../../../src/kernel/graph.js';
import { edgesOf, specHead, specOf } from '../../../src/scheduler/rows/spec-row.js';
import { StoreCorrupt } from '../../../src/store/index.js';

/** Jobs that come after some of those before them. */
const jobs = fc
  .array(fc.array(fc.nat(), { maxLength: 5 }), { minLength: 1, maxLength: 200 })
  .map((afters) =>
    afters.map((after, i) =>
      job(`j${i}`, 'ocr', { after: i === 0 ? [] : [...new Set(after.map((n) => `j${n % i}`))] }),
    ),
  );

const rowOf = (specs: Parameters<typeof specHead>[0], encoded: Uint8Array): Uint8Array =>
  Buffer.concat([specHead(specs), encoded]);

describe('the row of a submission', () => {
  it('gives back its bytes, and the edges that its jobs have', () => {
    fc.assert(
      fc.property(jobs, fc.uint8Array(), (specs, encoded) => {
        const row = rowOf(specs, encoded);
        expect(Buffer.compare(specOf(row), encoded)).toBe(0);
        const { degrees, targets } = graphOf(specs) as Graph;
        const expected =
          specs.length === 1 ? { degrees: new Uint32Array(1), targets: new Uint32Array(0) } : { degrees, targets };
        expect(edgesOf(row, specs.length)).toEqual(expected);
      }),
    );
  });

  it('does not fit another number of jobs', () => {
    const row = rowOf([job('a', 'ocr'), job('b', 'ocr', { after: ['a'] })], new Uint8Array(3));
    for (const jobs of [1, 3]) expect(() => edgesOf(row, jobs)).toThrow(StoreCorrupt);
  });

  it('has no more edges than bytes: reading them comes to an end', () => {
    const most = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for (const degree of [[100], most]) {
      expect(() => edgesOf(Uint8Array.of(degree.length, 0, 0, 0, ...degree), 1)).toThrow(StoreCorrupt);
    }
  });
});
