/** The level of a job follows from its DAG's edges alone, wherever in memory its row is. */
import { expect, it } from 'vitest';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { Code, cellLimits, fanOut, job, KernelBench } from '../../support/kernel/bench.js';
import { Eviction } from '../../support/kernel/eviction.js';

it('level-first@1: a DAG has its own levels, also where its row was that of one that is forgotten', () => {
  const b = new KernelBench();
  b.give(Code.SetPolicy, { policy: 'level-first@1' });
  b.give(Code.SetCellLimits, cellLimits({ retainTerminalMs: 0 }));
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  b.submit('gone', [job('a'), job('b')]);
  for (const id of ['a', 'b']) b.complete('gone', id);
  for (let i = 0; i < 5; i++) b.later(10);
  b.submit('next', [job('a'), job('b', { after: ['a'], estimateMs: 900 })]);
  b.submit('other', [job('a', { estimateMs: 10 }), job('b', { estimateMs: 10 })]);
  b.complete('next', 'a');
  expect([b.stateOf('next', 'b'), b.stateOf('other', 'b')]).toEqual(['dispatched', 'ready']);
});

it('level-first@1: children have the level of the job that fans out', () => {
  const b = new KernelBench();
  b.give(Code.SetPolicy, { policy: 'level-first@1' });
  b.register('e1', { slots: 2, sessionMs: 600_000 });
  const pages = job('pages', { after: ['a'], fanOut: fanOut(2), estimateMs: 900 });
  b.submit('fans', [job('a'), pages, job('end', { after: ['pages'] })]);
  b.submit('other', [job('a'), job('b', { after: ['a'], estimateMs: 10 })]);
  b.give(Code.CordonExecutor, { executor: 'e1' });
  for (const dagId of ['fans', 'other']) b.complete(dagId, 'a');
  b.settle();
  b.skip();
  b.give(Code.UncordonExecutor, { executor: 'e1' });
  expect(b.tell().match(/JobDispatched \S+/g)).toEqual(['JobDispatched other/b', 'JobDispatched fans/pages[0]']);
});

it.each(['level-first@1', 'strict-priority@1'])(
  '%s: a DAG that is run again has its levels, also if it has left memory since',
  (policy) => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy });
    b.register('e1', { sessionMs: 600_000 });
    b.submit('again', [job('a'), job('b'), job('c', { after: ['a', 'b'], estimateMs: 900 })]);
    for (const id of ['a', 'b']) b.complete('again', id);
    b.fail('again', 'c');
    b.settle();
    const eviction = new Eviction(b.kernel.state, b.cold.specs);
    eviction.evict();
    eviction.load([1]);
    b.submit('other', [job('a', { estimateMs: 10 }), job('b', { estimateMs: 10 })]);
    b.give(Code.RetryDag, { tenant: 'acme', dagId: 'again' });
    b.settle();
    const next = (b.complete('other', 'a').entries as EventEntry[]).find(({ code }) => code === Code.JobDispatched);
    // Deeper than what is left of the other DAG, though it takes longer.
    expect(next?.body).toMatchObject({ dag: 1, job: 2 });
  },
);
