/** The order of the regular lane, field by field, what a dispatch says of it, and another policy (policy.md, 1 to 3). */
import { describe, expect, it } from 'vitest';
import { EVIDENCE_FIELD_NAMES } from '../../../src/catalogue/generated/codes.js';
import type { Evidence } from '../../../src/catalogue/generated/types.js';
import { Code, fanOut, job, KernelBench } from '../../support/kernel/bench.js';

/** One slot: gives the order in which jobs run, each for its estimate. */
function order(b: KernelBench, most = 20): string[] {
  const ran: string[] = [];
  for (let n = 0; n < most; n++) {
    const last = dispatches(b).at(-1);
    if (last === undefined || last.name === ran.at(-1)) break;
    ran.push(last.name);
    b.at += last.estimateMs;
    b.completeLease(last.lease);
  }
  return ran;
}

interface Dispatched {
  readonly name: string;
  readonly lease: { dag: number; job: number; attempt: number; token: number };
  readonly estimateMs: number;
  readonly evidence: Evidence;
}

/** All dispatches so far. */
function dispatches(b: KernelBench): Dispatched[] {
  return b.history.flatMap(({ entries }) =>
    entries.flatMap((entry) => {
      if (entry.code !== Code.JobDispatched) return [];
      const { dag, job: index, token, evidence } = entry.body;
      const spec = b.cold.specs.get(dag)!;
      const own = spec.jobs[index]!;
      const lease = { dag, job: index, attempt: 1, token };
      return [{ name: `${spec.dagId}/${own.id}`, lease, estimateMs: own.estimateMs ?? 1000, evidence }];
    }),
  );
}

/** Why the n-th dispatch won: the field, and the runner-up's value in it. */
function decided(b: KernelBench, n: number): string {
  const { decidedBy, runnerUpValue, runnerUpDag, runnerUpJob } = dispatches(b)[n]!.evidence;
  const runnerUp = runnerUpDag < 0 ? 'nobody' : `${b.cold.specs.get(runnerUpDag)!.dagId}/${runnerUpJob}`;
  return `${EVIDENCE_FIELD_NAMES.get(decidedBy)} ${runnerUpValue} of ${runnerUp}`;
}

describe('the regular lane goes', () => {
  it('by priority first', () => {
    const b = new KernelBench();
    b.submit('low', [job('a')], { priority: -1 });
    b.submit('mid', [job('a')]);
    b.submit('high', [job('a')], { priority: 9 });
    b.register('e1', { sessionMs: 600_000 });
    expect(order(b)).toEqual(['high/a', 'mid/a', 'low/a']);
    expect(decided(b, 0)).toBe('priority 0 of mid/0');
  });

  it('then by tenants, each in proportion to its weight', () => {
    const b = new KernelBench();
    b.give(Code.SetTenantLimits, { tenant: 'beta', weight: 3, openDags: null, activeDags: null, runnableJobs: null });
    for (let n = 0; n < 12; n++) {
      b.submit(`a${n}`, [job('x')]);
      b.submit(`b${n}`, [job('x')], { tenant: 'beta' });
    }
    b.register('e1', { sessionMs: 600_000 });
    const first = order(b, 16).map((name) => name[0]);
    expect(first.filter((tenant) => tenant === 'b')).toHaveLength(12);
  });

  it('then by the DAG that would have finished first: a small one passes a giant at the next slot', () => {
    const b = new KernelBench();
    b.submit(
      'giant',
      Array.from({ length: 9 }, (_, i) => job(`p${i}`, { estimateMs: 4000 })),
    );
    b.submit('small', [job('x')]);
    b.register('e1', { sessionMs: 600_000 });
    expect(order(b, 3)).toEqual(['small/x', 'giant/p0', 'giant/p1']);
    expect(decided(b, 0)).toBe('dagFinish 36000 of giant/0');
  });

  it('then by the longest path behind a job, then by who was ready first', () => {
    const b = new KernelBench();
    b.submit('d', [job('leaf'), job('root'), job('after', { after: ['root'], estimateMs: 5000 }), job('other')]);
    b.register('e1', { sessionMs: 600_000 });
    expect(order(b)).toEqual(['d/root', 'd/after', 'd/leaf', 'd/other']);
    expect([0, 2].map((n) => decided(b, n))).toEqual(['rank 1000 of d/0', 'readySeq 3 of d/3']);
  });

  it('with the whole work of a fan-out once it is known', () => {
    const b = new KernelBench();
    b.submit('giant', [job('f', { estimateMs: 1000, fanOut: fanOut(50) })]);
    b.submit('small', [job('x', { estimateMs: 30_000 })]);
    b.settle();
    const { dags } = b.kernel.state;
    expect([dags.c.dagFinish[dags.find(1)], dags.c.dagFinish[dags.find(2)]]).toEqual([50_000, 30_000]);
    b.register('e1', { sessionMs: 600_000 });
    expect(dispatches(b)[0]!.name).toBe('small/x');
  });
});

describe('a tenant that was idle', () => {
  it('earns nothing by it: it starts where the others are', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    for (let n = 0; n < 10; n++) b.submit(`a${n}`, [job('x')]);
    order(b, 5);
    for (let n = 0; n < 5; n++) b.submit(`b${n}`, [job('x')], { tenant: 'beta' });
    const next = order(b, 9)
      .map((name) => name[0])
      .join('');
    expect(next).toMatch(/^a?(ab|ba)+/);
    expect(next).not.toContain('bbb');
  });

  it('leaves no tag when nobody is busy beside it; one that is ahead stays until V has passed it', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000, slots: 2 });
    b.submit('b', [job('x', { estimateMs: 1500 })], { tenant: 'beta' });
    b.submit('a', [job('x'), job('y'), job('z')]);
    b.at += 1500;
    const { tags, virtuals } = b.kernel.state;
    b.completeLease({ dag: 1, job: 0, attempt: 1, token: 1 });
    expect([tags.table.live, virtuals.table.live]).toEqual([2, 1]);
    b.complete('a', 'x');
    expect([tags.table.live, virtuals.table.live]).toEqual([1, 1]);
    b.at += 1000;
    b.complete('a', 'y');
    b.complete('a', 'z');
    b.step();
    expect([tags.table.live, virtuals.table.live]).toEqual([0, 0]);
  });
});

describe('a charge', () => {
  it('is corrected by what was really used', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('a1', [job('x', { estimateMs: 1000 })]);
    b.submit('a2', [job('x', { estimateMs: 1000 })]);
    b.submit('b1', [job('x', { estimateMs: 1000 })], { tenant: 'beta' });
    b.at += 10_000;
    b.complete('a1', 'x');
    const { tags, tenants } = b.kernel.state;
    const key = 2 ** 21 + 2 ** 20;
    expect(tenants.c.name[tenants.find(1)]).toBe('acme');
    expect(tags.c.tag[tags.find(key, 1)]).toBe(10_000);
    expect(dispatches(b).at(-1)!.name).toBe('b1/x');
    expect(decided(b, 1)).toBe('tenantTag 10000 of a2/0');
  });
});

describe('SetPolicy', () => {
  it('takes effect at the next plan: fifo@1 asks only who was ready first', () => {
    const b = new KernelBench();
    b.submit('first', [job('a'), job('b')], { priority: -5 });
    b.submit('second', [job('a')], { priority: 5 });
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    b.register('e1', { sessionMs: 600_000 });
    expect(order(b, 2)).toEqual(['first/a', 'first/b']);
    expect(decided(b, 0)).toBe('readySeq 2 of first/1');
    b.give(Code.SetPolicy, { policy: 'default@1' });
    expect(b.transcript.lines).toContain('  PolicyChanged policy default@1');
    expect(b.kernel.policy()).toBe('default@1');
    expect(order(b).at(-1)).toBe('second/a');
  });

  it('finds paused DAGs, and flows that come and go, as they are', () => {
    const b = new KernelBench();
    for (const dag of ['d1', 'd2', 'd3']) b.submit(dag, [job('a'), job('b')]);
    b.give(Code.PauseDag, { tenant: 'acme', dagId: 'd1' });
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    b.give(Code.CancelDag, { tenant: 'acme', dagId: 'd2', reason: '' });
    b.register('e1', { sessionMs: 600_000 });
    b.give(Code.ResumeDag, { tenant: 'acme', dagId: 'd1' });
    expect(order(b)).toEqual(['d3/a', 'd1/a', 'd1/b', 'd3/b']);
  });

  it('to one that is not there is refused', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'best@1' });
    expect(b.transcript.lines.at(-1)).toBe('  InputRefused code unknown-policy');
  });
});
