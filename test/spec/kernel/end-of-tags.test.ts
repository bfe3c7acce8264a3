/**
 * Tags and virtual times stop at 2^52, dagFinish and what is summed over all that runs below 2^53: sums stay exact, on any
 * machine and in any language.
 */

import { describe, expect, it } from 'vitest';
import { Lane } from '../../../src/catalogue/generated/codes.js';
import { MAX_COST, MAX_DAG_FINISH, MAX_SUM, MAX_TAG } from '../../../src/kernel/limits.js';
import { fairKey, tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, classLimits, fanOut, job, KernelBench, retry } from '../../support/kernel/bench.js';

const jobs = Array.from({ length: 6 }, (_, i) => job(`${i}`, { units: 1 }));

describe('a tag that comes to its end', () => {
  it.each(['default@1', 'fair@1'])('stays there under %s, and so do the virtual times', (policy) => {
    // What 131,000 starts of the highest cost come to is written into the rows.
    const b = new KernelBench({ isLarge: true });
    b.give(Code.SetPolicy, { policy });
    b.register('e1', { sessionMs: 600_000 });
    b.give(Code.SetClassLimits, classLimits({ unitCost: MAX_COST }));
    b.submit('a', jobs);
    const { tags, virtuals, fairs, fairDags } = b.kernel.state;
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
      expect([fairDags.c.tag[fairDags.find(1, 1)], tags.c.dagV[tag]]).toEqual([MAX_TAG, MAX_TAG]);
    }
    for (const index of ['2', '3', '4', '5']) b.complete('a', index);
    expect(tags.table.live + virtuals.table.live + fairs.table.live + fairDags.table.live).toBe(0);
  });
});

describe('DAGs of a tenant under fair@1, of which one came to the end of tags,', () => {
  const three = ['1', '2', '3'].map((id) => job(id, { estimateMs: 100 }));
  const behind = three.map((one) => ({ ...one, after: ['s'] }));

  /** The DAG `old` stands at the end of tags, and its job 0 runs; its others wait for a signal. */
  const atTheEnd = () => {
    const b = new KernelBench({ isLarge: true });
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    b.submit('old', [job('0'), job('s', { kind: 'signal', signalName: 's' }), ...behind]);
    const { fairDags } = b.kernel.state;
    fairDags.set.tag(fairDags.find(1, 1), MAX_TAG);
    b.at += 1000;
    return b;
  };

  /** Ends six jobs of these DAGs one after the other; gives of which they were. */
  const served = (b: KernelBench, dagIds: readonly string[]) => {
    const started: string[] = [];
    for (let i = 0; i < 6; i++) {
      const running = dagIds.flatMap((dagId) => three.map(({ id }) => ({ dagId, id })));
      const { dagId, id } = running.find((one) => b.stateOf(one.dagId, one.id) === 'dispatched')!;
      started.push(dagId);
      b.at += 100;
      b.complete(dagId, id);
    }
    return started.join(' ');
  };

  it('share equally when that one has ended', () => {
    const b = atTheEnd();
    b.complete('old', '0');
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'old', reason: '' });
    for (const dagId of ['p', 'q']) b.submit(dagId, three);
    expect(served(b, ['p', 'q'])).toBe('p q p q p q');
  });

  it('share equally with that one when it comes back', () => {
    const b = atTheEnd();
    b.complete('old', '0');
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'old', signal: 's', output: null });
    b.submit('q', three);
    expect(served(b, ['old', 'q'])).toBe('old q old q old q');
  });

  it('share equally when the policy has come into force again', () => {
    const b = atTheEnd();
    for (const dagId of ['p', 'q']) b.submit(dagId, three);
    b.complete('old', '0');
    for (const policy of ['fifo@1', 'fair@1']) b.give(Code.SetPolicy, { policy });
    // The first one was started before.
    expect(served(b, ['p', 'q'])).toBe('p p q p q q');
  });
});

describe('a dagFinish that comes to its end', () => {
  const acme = (dagId: string) => ({ tenant: 'acme', dagId });
  const failing = (b: KernelBench, dagId: string) => {
    b.at += 1000;
    return b.fail(dagId, '0');
  };
  const reprioritized = (b: KernelBench, dagId: string) => {
    b.submit('beside', jobs, { priority: 1 });
    const { fairs } = b.kernel.state;
    fairs.set.w(fairs.find(fairKey(1), 1), MAX_TAG);
    return b.give(Code.ReprioritizeDag, { ...acme(dagId), priority: 1 });
  };
  const fannedOut = (b: KernelBench, dagId: string) =>
    b.give(Code.ResolveSignal, { ...acme(dagId), signal: 's', output: null });

  it.each([
    ['an attempt fails', failing],
    ['it gets another priority', reprioritized],
    ['it fans out', fannedOut],
  ])('stays there when %s', (_, happens) => {
    // What a virtual time at its end, the work of a giant, and days of failed attempts come to is written into the row.
    const b = new KernelBench({ isLarge: true });
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    const signal = job('s', { kind: 'signal', signalName: 's' });
    const ready = ['0', '1'].map((id) => job(id, { retry: retry(3, 1) }));
    const pages = job('pages', { after: ['s'], fanOut: fanOut(2, 2) });
    b.submit('giant', [...ready, signal, pages]);
    const { dags } = b.kernel.state;
    dags.set.dagFinish(dags.find(1), MAX_DAG_FINISH - 1);
    happens(b, 'giant');
    b.settle();
    expect(dags.c.dagFinish[dags.find(1)]).toBe(MAX_DAG_FINISH);
  });

  it('leaves the DAG that was accepted first the first of those that stand there', () => {
    const b = new KernelBench({ isLarge: true });
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    const again = ['0', '1'].map((id) => job(id, { retry: retry(3, 60_000) }));
    for (const dagId of ['busy', 'first', 'second']) b.submit(dagId, again);
    const { dags } = b.kernel.state;
    for (const seq of [2, 3]) dags.set.dagFinish(dags.find(seq), MAX_DAG_FINISH - 1);
    // They come into the order with the ends that they have now.
    for (const dagId of ['first', 'second']) b.give(Code.PauseDag, acme(dagId));
    for (const dagId of ['second', 'first']) b.give(Code.ResumeDag, acme(dagId));
    b.complete('busy', '0');
    b.complete('busy', '1');
    const started = ['0', '0', '1', '1'].map((index, i) => {
      const dagId = i % 2 === 0 ? 'first' : 'second';
      const isStarted = b.stateOf(dagId, index) === 'dispatched';
      b.at += 1000;
      b.fail(dagId, index);
      return isStarted;
    });
    expect(started).toEqual([true, true, true, true]);
    expect([2, 3].map((seq) => dags.c.dagFinish[dags.find(seq)])).toEqual([MAX_DAG_FINISH, MAX_DAG_FINISH]);
  });
});

describe('what is summed over all that runs', () => {
  /** A unit costs the most that there is; what more leases than a test can have come to is written into the rows. */
  const expensive = (policy = 'default@1') => {
    const b = new KernelBench({ isLarge: true });
    b.give(Code.SetPolicy, { policy });
    b.give(Code.SetClassLimits, classLimits({ unitCost: MAX_COST }));
    return b;
  };
  const completed = (b: KernelBench, unitsUsed: number) =>
    b.give(Code.CompleteJob, { lease: b.lease('a', '0'), output: null, blob: null, unitsUsed });
  const laneOf = (b: KernelBench) => b.kernel.state.leases.c.lane[b.kernel.state.leases.find(b.lease('a', '0').token)];

  it.each(['default@1', 'fair@1'])('stops with the charges of a tenant and of a DAG under %s', (policy) => {
    const b = expensive(policy);
    b.register('e1', { sessionMs: 600_000 });
    b.submit('a', jobs);
    const { tags, fairDags } = b.kernel.state;
    const tag = tags.find(tagKey(1, 0), 1);
    tags.set.pending(tag, MAX_SUM - 10);
    if (policy === 'fair@1') fairDags.set.pending(fairDags.find(1, 1), MAX_SUM - 10);
    b.register('e2', { sessionMs: 600_000 });
    expect(tags.c.pending[tag]).toBe(MAX_SUM);
    if (policy === 'fair@1') expect(fairDags.c.pending[fairDags.find(1, 1)]).toBe(MAX_SUM);
  });

  it.each([
    ['more', MAX_SUM - 10, 1, MAX_SUM],
    ['less', 10 - MAX_SUM, 0, -MAX_SUM],
  ])(
    'stops where a tenant came back while it ran, and it took %s than it was charged',
    (_, before, unitsUsed, after) => {
      const b = expensive();
      b.register('e1', { sessionMs: 600_000 });
      b.submit('a', [job('0', { units: 1 - unitsUsed })]);
      b.submit('b', jobs);
      const { tags } = b.kernel.state;
      const tag = tags.find(tagKey(1, 0), 1);
      tags.set.ahead(tag, before);
      completed(b, unitsUsed);
      expect(tags.c.ahead[tag]).toBe(after);
    },
  );

  it('stops with what the guard owes', () => {
    const b = expensive();
    b.submit('a', [job('0')]);
    b.later(200_000);
    b.register('e1', { sessionMs: 600_000 });
    expect(laneOf(b)).toBe(Lane.guard);
    const { classes } = b.kernel.state;
    classes.set.guardCredit(classes.find(1), 10 - MAX_SUM);
    completed(b, 1);
    expect(classes.c.guardCredit[classes.find(1)]).toBe(-MAX_SUM);
  });

  it('stops with what urgent work takes back', () => {
    const b = expensive();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('a', [job('0', { units: 1 })], { deadlineAtMs: b.at + 2000 });
    expect(laneOf(b)).toBe(Lane.urgent);
    const { classes } = b.kernel.state;
    classes.set.regularCredit(classes.find(1), 10 - MAX_SUM);
    completed(b, 0);
    expect(classes.c.regularCredit[classes.find(1)]).toBe(-MAX_SUM);
  });
});
