/**
 * The regular lane: priorities, what tenants have had, and their DAGs
 * (policy.md: Tenants share by weight; DAGs of one tenant; Retries).
 */

import { describe, expect, it } from 'vitest';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, classLimits, job, KernelBench, retry } from '../../support/kernel/bench.js';
import { Slot } from '../../support/kernel/slot.js';

const jobs = (count: number, estimateMs = 1000) =>
  Array.from({ length: count }, (_, i) => job(`j${i}`, { estimateMs }));

describe('a tenant', () => {
  it('is charged in the end what a job took, by the weight with which it started', () => {
    const s = new Slot();
    const weigh = (weight: number) =>
      s.bench.give(Code.SetTenantLimits, {
        tenant: 'acme',
        weight,
        openDags: null,
        activeDags: null,
        runnableJobs: null,
      });
    weigh(2);
    s.bench.submit('a', jobs(2));
    weigh(4);
    s.next(3000);
    const { tags } = s.bench.kernel.state;
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(3000 / 2 + 1000 / 4);
  });
});

/** For 900 ms beta has two of three slots, and acme one, for a job that is expected to take 10 s; it wants `count` such. */
function besideQuick(count: number): KernelBench {
  const b = new KernelBench();
  b.submit('quick', jobs(count, 10_000));
  b.submit('other', jobs(30, 100), { tenant: 'beta' });
  b.register('e1', { slots: 3, sessionMs: 600_000 });
  for (let i = 0; i < 18; i += 2) {
    b.at += 100;
    for (const index of [i, i + 1]) b.completeLease(b.lease('other', `j${index}`, 'beta'));
  }
  return b;
}

describe('the work of a tenant', () => {
  it('is counted to the last part of its weight', () => {
    const s = new Slot();
    const limits = { openDags: null, activeDags: null, runnableJobs: null };
    s.bench.give(Code.SetTenantLimits, { tenant: 'acme', weight: 3, ...limits });
    s.bench.submit('a', jobs(9));
    for (let n = 0; n < 5; n++) s.next(1000);
    const { tags } = s.bench.kernel.state;
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(2000);
  });

  it('is given back all that it did not use, though others had more meanwhile', () => {
    const b = besideQuick(3);
    const { tags, virtuals } = b.kernel.state;
    const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    b.complete('quick', 'j0');
    expect(b.stateOf('quick', 'j1')).toBe('dispatched');
    expect(v).toBeGreaterThan(900);
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(900 + 10_000);
  });

  it('that ends while its tenant is away has not made it richer: what it did not use was not used by anybody', () => {
    const b = besideQuick(1);
    const { tags, virtuals } = b.kernel.state;
    const own = () => tags.c.tag[tags.find(tagKey(1, 0), 1)];
    const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    expect(v).toBeGreaterThan(900);
    b.submit('again', jobs(1, 10_000));
    expect(own()).toBe(10_000);
    b.complete('quick', 'j0');
    // At V, as who comes new: it has its turn, and is charged for that.
    expect(b.stateOf('again', 'j0')).toBe('dispatched');
    expect(own()).toBe(v + 10_000);
  });

  it('that took longer than expected is not paid for again by a tenant that comes back to where the others are', () => {
    const b = new KernelBench();
    b.submit('slow', jobs(2, 100));
    b.submit('other', jobs(9, 1000), { tenant: 'beta' });
    b.register('e1', { slots: 3, sessionMs: 600_000 });
    for (let i = 0; i < 8; i++) {
      b.at += 1000;
      b.completeLease(b.lease('other', `j${i}`, 'beta'));
    }
    const { tags, virtuals } = b.kernel.state;
    const own = () => tags.c.tag[tags.find(tagKey(1, 0), 1)];
    const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    expect(v).toBe(8000);
    b.submit('again', jobs(1, 100));
    expect(own()).toBe(v);
    // Of what it has used it had been charged 200 of 16,000 when it was put to where the others are, which is 7,800 more.
    b.complete('slow', 'j0');
    expect(own()).toBe(200 + 8000 - 100 + 100);
    b.complete('slow', 'j1');
    expect(own()).toBe(16_000 + 100);
  });

  it('that found no room for long is owed what the class does in ten minutes, and no more', () => {
    const b = new KernelBench();
    b.give(Code.SetClassLimits, classLimits({ unitCost: 1 }));
    const cost = 1_000_000;
    b.submit('wide', [job('j', { slots: 2, estimateMs: 1000 })]);
    b.submit(
      'other',
      Array.from({ length: 20 }, (_, i) => job(`j${i}`, { estimateMs: 1000, units: cost })),
      {
        tenant: 'beta',
      },
    );
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    for (let i = 0; i < 10; i++) {
      b.at += 1000;
      b.completeLease(b.lease('other', `j${i}`, 'beta'));
    }
    const { tags, virtuals } = b.kernel.state;
    const v = () => virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    expect(v()).toBe(10 * cost);
    b.register('e2', { slots: 2, sessionMs: 600_000 });
    expect(b.stateOf('wide', 'j')).toBe('dispatched');
    expect(tags.c.tag[tags.find(tagKey(1, 0), 1)]).toBe(10 * cost - 600_000 * 3 + 2000);
    expect(v()).toBe(10 * cost);
  });

  it('is in one order, whatever of it was cancelled before', () => {
    const s = new Slot(3);
    const { bench: b } = s;
    const of = (slots: number, estimateMs: number) => [job('j', { slots, estimateMs })];
    b.submit('busy', of(3, 1000));
    b.submit('one', of(1, 50_000));
    b.submit('two', of(2, 40_000));
    b.submit('three', of(3, 60_000));
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'one', reason: '' });
    b.submit('small', of(2, 100));
    expect(s.next(1000)).toEqual(['small/0 regular']);
  });
});

describe('a tenant that jumps the line', () => {
  const v = ({ bench }: Slot) => {
    const { virtuals } = bench.kernel.state;
    return virtuals.c.v[virtuals.find(tagKey(1, 0), 0)];
  };

  it('with urgent work leaves virtual time as it is', () => {
    const s = new Slot();
    s.bench.submit('near', jobs(5), { deadlineAtMs: s.bench.at + 6000 });
    expect([s.next(1000), s.next(1000)]).toEqual([['near/1 urgent'], ['near/2 urgent']]);
    expect(v(s)).toBe(0);
  });

  it('with what is overdue leaves it as it is', () => {
    const s = new Slot();
    s.bench.submit('busy', jobs(1));
    s.bench.submit('old', jobs(1));
    expect(s.next(200_000)).toEqual(['old/0 guard']);
    expect(v(s)).toBe(0);
  });
});

describe('a tenant that is ahead', () => {
  it('is still ahead when it has wanted nothing for a while', () => {
    const s = new Slot();
    s.bench.submit('a', jobs(9));
    s.bench.submit('b', jobs(1, 5000), { tenant: 'beta' });
    expect([s.next(1000), s.next(5000)]).toEqual([['b/0 regular'], ['a/1 regular']]);
    s.bench.submit('more', jobs(1), { tenant: 'beta' });
    expect(s.next(1000)).toEqual(['a/2 regular']);
  });
});

describe('a tenant that is passed over', () => {
  it('takes no virtual time back when it starts after all', () => {
    const s = new Slot(2);
    s.bench.submit('a', jobs(12));
    s.bench.submit('w', [job('w', { slots: 2 })], { tenant: 'beta' });
    for (let n = 0; n < 4; n++) s.next(500);
    const { virtuals } = s.bench.kernel.state;
    const v = virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]!;
    expect(v).toBeGreaterThan(2000);
    s.bench.give(Code.PauseDag, { tenant: 'acme', dagId: 'a' });
    expect([s.next(500), s.next(500)]).toEqual([[], ['w/0 regular']]);
    expect(virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]).toBe(v);
  });
});

describe('a priority', () => {
  it('is what it is, whichever there was before it', () => {
    const s = new Slot();
    s.bench.submit('top', jobs(2), { priority: 9 });
    s.next(1000);
    s.bench.submit('low', jobs(1));
    s.bench.submit('high', jobs(1), { priority: 5 });
    expect(s.next(1000)).toEqual(['high/0 regular']);
  });
});

describe('a tenant that comes later', () => {
  it('shares from then on: that it wanted nothing before has earned it nothing', () => {
    const s = new Slot();
    s.bench.submit('a', jobs(9));
    for (let n = 0; n < 4; n++) s.next(1000);
    s.bench.submit('b', jobs(9), { tenant: 'beta' });
    const names = Array.from({ length: 4 }, () => s.next(1000)[0]!.slice(0, 1));
    expect(names).toEqual(['b', 'a', 'b', 'a']);
  });
});

describe('a DAG', () => {
  it('starts what has the longest path behind it, however many slots that needs', () => {
    const s = new Slot(2);
    s.bench.submit('busy', [job('j', { slots: 2 })]);
    s.bench.submit('d', [job('narrow', { estimateMs: 1000 }), job('wide', { slots: 2, estimateMs: 9000 })]);
    expect(s.next(1000)).toEqual(['d/1 regular']);
  });
});

describe('a DAG that is accepted', () => {
  it('stands behind what an equal share of the tenant’s work since then has been, to the last part', () => {
    const s = new Slot();
    for (const dagId of ['a', 'b', 'c']) s.bench.submit(dagId, jobs(9));
    for (let n = 0; n < 2; n++) s.next(1000);
    s.bench.submit('d', jobs(1, 500));
    s.next(1000);
    s.bench.submit('e', jobs(1, 500));
    const { dags } = s.bench.kernel.state;
    // A job started while there was one DAG, two while there were three, and that of `d` while there were four.
    const before = 1000 + Math.floor(2000 / 3);
    expect(dags.c.dagFinish[dags.find(4)]).toBe(before + 500);
    expect(dags.c.dagFinish[dags.find(5)]).toBe(before + Math.floor((2 + 500) / 4) + 500);
  });
});

describe('a DAG whose attempts fail', () => {
  it('falls behind the others of its tenant by the slots that it has burnt', () => {
    const s = new Slot();
    s.bench.submit('sick', [job('a', { retry: retry(5) }), job('b')]);
    s.bench.submit('well', jobs(2, 1500));
    s.bench.at += 5000;
    expect(s.dispatched(s.bench.fail('sick', 'a').entries as EventEntry[])).toEqual(['well/0 regular']);
    const { dags } = s.bench.kernel.state;
    expect(dags.c.dagFinish[dags.find(1)]).toBe(7000);
  });
});

describe('a job without an estimate', () => {
  it('counts as what jobs of its class took that ended well, or a second', () => {
    const s = new Slot();
    s.bench.submit('first', [job('a')]);
    s.next(3000);
    s.bench.submit('second', [job('a')]);
    s.next(5000);
    s.bench.submit('fails', [job('a')]);
    s.bench.at += 90_000;
    s.bench.fail('fails', 'a');
    s.bench.submit('third', [job('a', { slots: 1 })]);
    const { dags } = s.bench.kernel.state;
    expect([1, 2, 3, 4].map((seq) => dags.c.work[dags.find(seq)])).toEqual([1000, 3000, 4000, 4000]);
  });
});
