/** The level of a job follows from its DAG's edges alone, wherever in memory its row is. */
import { expect, it } from 'vitest';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { Code, job, KernelBench } from '../support/kernel/bench.js';
import { Eviction } from '../support/kernel/eviction.js';

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
