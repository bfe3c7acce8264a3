/** fair@1 between the DAGs of a tenant: who was away, or comes from elsewhere, competes as one that is new. */

import { describe, expect, it } from 'vitest';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { dagTagOf } from '../../../src/kernel/evolve/fair-dags.js';
import { tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';
import { Slot } from '../../support/kernel/slot.js';

const flat = (count: number, more: Partial<JobSpec> = {}) =>
  Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs: 100, ...more }));

/** One slot under fair@1, whose jobs end after their estimates. */
class OneSlot {
  private readonly slot = new Slot();
  readonly b = this.slot.bench;

  constructor() {
    this.b.give(Code.SetPolicy, { policy: 'fair@1' });
  }

  /** Ends so many jobs one after the other; gives the DAGs of those that were started meanwhile. */
  run(jobs: number): string {
    return Array.from({ length: jobs }, () => this.slot.next(100))
      .flatMap((started) => started.map((one) => one.split('/')[0]!))
      .join(' ');
  }

  /** The same; gives how many of them were of this DAG. */
  startsOf(dagId: string, jobs: number): number {
    return this.run(jobs)
      .split(' ')
      .filter((one) => one === dagId).length;
  }
}

const acme = (dagId: string) => ({ tenant: 'acme', dagId });

describe('fair@1', () => {
  it('begins with all DAGs equal when their tenant wanted nothing of the class meanwhile', () => {
    const slot = new OneSlot();
    const { b } = slot;
    const waits = { after: ['ask'] };
    b.submit('old', [...flat(5), job('ask', { kind: 'signal', signalName: 'ask', after: ['4'] }), job('5', waits)]);
    slot.run(5);
    b.submit('new', flat(4));
    b.give(Code.ResolveSignal, { ...acme('old'), signal: 'ask', output: null });
    expect(slot.run(4)).toBe('old new new new');
  });

  it('gives a DAG later what others had while its job had no room, also when more of it becomes ready', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.register('e1', { slots: 2, sessionMs: 600_000 });
    b.submit('busy', flat(12));
    const wide = job('w', { slots: 2, estimateMs: 100 });
    b.submit('early', [wide, job('s', { kind: 'signal', signalName: 's' }), job('small', { after: ['s'] })]);
    for (const from of [0, 2, 4]) {
      b.at += 100;
      for (const i of [from, from + 1]) b.complete('busy', `${i}`);
    }
    b.submit('late', flat(2));
    b.give(Code.ResolveSignal, { ...acme('early'), signal: 's', output: null });
    b.complete('busy', '6');
    expect([b.stateOf('early', 'small'), b.stateOf('late', '0')]).toEqual(['dispatched', 'ready']);
  });

  it('starts nothing of a DAG that is paused when a job of it ends', () => {
    const slot = new OneSlot();
    slot.b.submit('away', flat(3));
    slot.b.give(Code.PauseDag, acme('away'));
    expect(slot.run(1)).toBe('');
  });

  it.each(['paused', 'paused while it has nothing ready'])('earns a DAG nothing that it was %s', (how) => {
    const slot = new OneSlot();
    const { b } = slot;
    b.submit('busy', flat(12));
    const isReady = how === 'paused';
    b.submit(
      'away',
      isReady ? flat(6) : [job('ask', { kind: 'signal', signalName: 'ask' }), ...flat(6, { after: ['ask'] })],
    );
    b.give(Code.PauseDag, acme('away'));
    if (!isReady) b.give(Code.ResolveSignal, { ...acme('away'), signal: 'ask', output: null });
    slot.run(6);
    b.give(Code.ResumeDag, acme('away'));
    expect(slot.run(4)).toBe('away busy away busy');
  });

  it.each([
    ['has had more', 8, 2],
    ['has had less', 2, 8],
  ])('puts a DAG that gets another priority beside those that are there, though it %s', (_, own, theirs) => {
    const slot = new OneSlot();
    const { b } = slot;
    b.submit('there', flat(theirs + 5));
    slot.run(theirs);
    b.submit('moved', flat(own + 5), { priority: 1 });
    slot.run(own);
    b.give(Code.ReprioritizeDag, { ...acme('moved'), priority: 0 });
    expect(slot.startsOf('moved', 6)).toBe(3);
  });

  it('charges a DAG nothing for what ran at another priority', () => {
    const slot = new OneSlot();
    const { b } = slot;
    b.submit('moved', flat(9), { priority: 1 });
    b.submit('there', flat(9));
    b.give(Code.ReprioritizeDag, { ...acme('moved'), priority: 0 });
    b.at += 5000;
    expect(slot.startsOf('moved', 6)).toBe(3);
  });

  it('gives a DAG back what it did not use, and so what others had meanwhile', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.submit('quick', flat(3, { estimateMs: 10_000 }));
    b.submit('other', flat(30));
    b.register('e1', { slots: 3, sessionMs: 600_000 });
    for (let i = 0; i < 18; i += 2) {
      b.at += 100;
      for (const index of [i, i + 1]) b.complete('other', `${index}`);
    }
    b.complete('quick', '0');
    expect(b.stateOf('quick', '1')).toBe('dispatched');
    // It took 900 ms of its 10 s, and the other one twice that on two slots.
    const { fairDags } = b.kernel.state;
    expect(fairDags.c.tag[fairDags.find(1, 1)]).toBe(900 + 10_000);
  });

  it('gives a DAG nothing of what others had while it wanted nothing, though a job of it ran', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    const ask = job('ask', { kind: 'signal', signalName: 'ask' });
    b.submit('away', [job('long', { estimateMs: 100_000 }), ask, ...flat(4, { after: ['ask'] })]);
    b.submit('busy', flat(40));
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    for (let i = 0; i < 30; i += 3) {
      b.at += 100;
      for (const index of [i, i + 1, i + 2]) b.complete('busy', `${index}`);
    }
    b.give(Code.ResolveSignal, { ...acme('away'), signal: 'ask', output: null });
    b.complete('away', 'long');
    // It has used a second of one slot, the other one of three: it goes on beside that one.
    const { fairDags, tags } = b.kernel.state;
    const v = tags.c.dagV[tags.find(tagKey(1, 0), 1)]!;
    expect([v, fairDags.c.tag[fairDags.find(1, 1)]]).toEqual([3000, 3000 + 100]);
  });

  it('owes a DAG that found no room for long what the class does in ten minutes, and no more', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.give(Code.SetClassLimits, classLimits({ unitCost: 1 }));
    const cost = 1_000_000;
    b.submit('wide', flat(1, { slots: 2 }));
    b.submit('other', flat(20, { units: cost }));
    b.register('e1', { slots: 1, sessionMs: 600_000 });
    for (let i = 0; i < 10; i++) {
      b.at += 100;
      b.complete('other', `${i}`);
    }
    b.register('e2', { slots: 2, sessionMs: 600_000 });
    expect(b.stateOf('wide', '0')).toBe('dispatched');
    const { fairDags, tags } = b.kernel.state;
    expect(fairDags.c.tag[fairDags.find(1, 1)]).toBe(10 * cost - 600_000 * 3 + 200);
    expect(tags.c.dagV[tags.find(tagKey(1, 0), 1)]).toBe(10 * cost);
  });

  it('forgets what runs when it comes into force again', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.submit('most', flat(1, { estimateMs: 1000 }));
    b.submit('less', flat(1));
    b.register('e1', { slots: 2, sessionMs: 600_000 });
    for (const policy of ['fifo@1', 'fair@1']) b.give(Code.SetPolicy, { policy });
    const { state } = b.kernel;
    expect([1, 2].map((seq) => dagTagOf(state, state.dags.find(seq), 1))).toEqual([0, 0]);
  });

  it('keeps what a DAG had also where that is nothing, and forgets it with the DAG', () => {
    const { b } = new OneSlot();
    b.submit('d', flat(2));
    b.complete('d', '0');
    b.complete('d', '1');
    expect(b.kernel.state.fairDags.table.live).toBe(0);
  });

  it('begins with all DAGs equal when it comes into force again, whatever they had before', () => {
    const slot = new OneSlot();
    const { b } = slot;
    b.submit('old', flat(12));
    slot.run(5);
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    b.submit('other', flat(6));
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    expect(slot.run(4)).toBe('old other old other');
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    expect(slot.run(3)).toBe('old other old');
  });
});
