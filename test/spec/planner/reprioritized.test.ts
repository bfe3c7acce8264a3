/**
 * A DAG that gets another priority is ordered among those that are
 * there as if it had always been: by the work that it has.
 */

import { describe, expect, it } from 'vitest';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { tagKey } from '../../../src/kernel/rows/keys.js';
import { Code, job, KernelBench } from '../../support/kernel/bench.js';

const flat = (count: number) => Array.from({ length: count }, (_, i) => job(`${i}`, { estimateMs: 100 }));
const moved = { tenant: 'acme', dagId: 'moved' };

/** Jobs of a long DAG of a priority have run, so that its virtual work is ahead; `moved` is new beside it. */
function afterLong(priority: number): KernelBench {
  const b = new KernelBench();
  b.register('e1', { sessionMs: 600_000 });
  b.submit('long', flat(30), { priority });
  for (let i = 0; i < 20; i++) {
    b.at += 100;
    b.complete('long', `${i}`);
  }
  b.submit('moved', flat(3), { priority });
  return b;
}

/** Ends the running job; gives the DAG of the next one. */
function next(b: KernelBench, dagId: string, id: string): string {
  b.at += 100;
  const entries = b.complete(dagId, id).entries as EventEntry[];
  const dispatched = entries.flatMap(({ code, body }) => (code === Code.JobDispatched ? [body.dag] : []));
  return b.cold.specs.get(dispatched[0]!)!.dagId;
}

describe('a DAG that gets another priority', () => {
  it('does not stand behind larger ones there for what its old one has had', () => {
    const b = afterLong(0);
    b.submit('there', flat(5), { priority: 5 });
    b.give(Code.ReprioritizeDag, { ...moved, priority: 5 });
    expect(next(b, 'long', '20')).toBe('moved');
  });

  it('does not stand before smaller ones there for what its old one has not had', () => {
    const b = afterLong(0);
    b.submit('small', flat(2), { priority: 0 });
    b.submit('other', flat(3), { priority: -1 });
    b.give(Code.ReprioritizeDag, { tenant: 'acme', dagId: 'other', priority: 0 });
    expect(next(b, 'long', '20')).toBe('small');
  });

  it('leaves its tenant what that is owed, where it is the priority that it has', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2, sessionMs: 600_000 });
    b.submit('narrow', flat(30));
    b.submit('wide', [job('w', { slots: 2 })], { tenant: 'beta' });
    for (let i = 0; i < 10; i++) {
      b.at += 50;
      b.complete('narrow', `${i}`);
    }
    const { tags, virtuals } = b.kernel.state;
    expect(virtuals.c.v[virtuals.find(tagKey(1, 0), 0)]).toBeGreaterThan(0);
    b.give(Code.ReprioritizeDag, { tenant: 'beta', dagId: 'wide', priority: 0 });
    expect(tags.c.tag[tags.find(tagKey(1, 0), 2)]).toBe(0);
  });
});
