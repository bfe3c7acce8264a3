/** Tags and virtual times stop at 2^52: sums with costs stay exact, on any machine and in any language. */
import { describe, expect, it } from 'vitest';
import { fairKey, tagKey } from '../../src/kernel/fold.js';
import { MAX_COST, MAX_TAG } from '../../src/kernel/limits.js';
import { Code, job, KernelBench } from '../support/kernel/bench.js';

const jobs = Array.from({ length: 6 }, (_, i) => job(`${i}`, { units: 1 }));

describe('a tag that comes to its end', () => {
  it.each(['default@1', 'fair@1'])('stays there under %s, and so do the virtual times', (policy) => {
    // What 131,000 starts of the highest cost come to is written into the rows.
    const b = new KernelBench({ isLarge: true });
    b.give(Code.SetPolicy, { policy });
    b.register('e1', { sessionMs: 600_000 });
    const ocr = { group: 'default', executorClass: 'ocr', maxSlots: null, rates: [] };
    b.give(Code.SetClassLimits, { ...ocr, unitCost: MAX_COST });
    b.submit('a', jobs);
    const { tags, virtuals, fairs, classes, fairDags } = b.kernel.state;
    const tag = tags.find(tagKey(1, 0), 1);
    const fair = fairs.find(fairKey(0), 1);
    tags.set.tag(tag, MAX_TAG - 10);
    fairs.set.w(fair, MAX_TAG - 10);
    if (policy === 'fair@1') fairDags.set.tag(fairDags.find(1, 1), MAX_TAG - 10);
    b.complete('a', '0');
    b.complete('a', '1');
    expect([tags.c.tag[tag], virtuals.c.v[virtuals.find(tagKey(1, 0), 0)], fairs.c.w[fair]]).toEqual([
      MAX_TAG,
      MAX_TAG,
      MAX_TAG,
    ]);
    if (policy === 'fair@1') {
      expect([fairDags.c.tag[fairDags.find(1, 1)], tags.c.dagV[tag], classes.c.dagTop[1]]).toEqual([
        MAX_TAG,
        MAX_TAG,
        MAX_TAG,
      ]);
    }
    for (const index of ['2', '3', '4', '5']) b.complete('a', index);
    expect(tags.table.live + virtuals.table.live + fairs.table.live + fairDags.table.live).toBe(0);
  });
});
