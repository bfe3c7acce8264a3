/**
 * The other policies: one key each, and a switch between them
 * while everything runs (policy.md: Choosing another policy).
 */
import { describe, expect, it, vi } from 'vitest';
import type { EventEntry, JobSpec, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { policyIds } from '../../../src/kernel/policy/index.js';
import { Code, cellLimits, input, job, KernelBench } from '../../support/kernel/bench.js';

type Dag = readonly [string, readonly JobSpec[], Partial<SubmitDag>?];

/** The order in which the jobs of DAGs run on one slot under a policy, each ending after its estimate. */
function orderOf(policy: string, dags: readonly Dag[]): string {
  const b = new KernelBench();
  b.give(Code.SetPolicy, { policy });
  for (const [dagId, jobs, more] of dags) b.submit(dagId, jobs, more);
  const names: string[] = [];
  let running: { dag: number; job: number; attempt: number; token: number } | null = null;
  const note = (entries: readonly EventEntry[]) => {
    running = null;
    for (const entry of entries) {
      if (entry.code === Code.LeaseGranted) running = entry.body;
      if (entry.code !== Code.JobDispatched) continue;
      expect(entry.body.evidence.lane).toBe(2);
      const spec = b.cold.specs.get(entry.body.dag)!;
      names.push(`${spec.dagId}.${spec.jobs[entry.body.job]!.id}`);
    }
  };
  note(b.register('e1', { sessionMs: 600_000 }).entries as EventEntry[]);
  while (running !== null) {
    const { dag, job: index, attempt, token }: { dag: number; job: number; attempt: number; token: number } = running;
    b.at += b.cold.specs.get(dag)!.jobs[index]!.estimateMs ?? 1000;
    note(b.completeLease({ dag, job: index, attempt, token }).entries as EventEntry[]);
  }
  return names.join(' ');
}

const chain = (...estimates: number[]) =>
  estimates.map((estimateMs, i) => job(`${i}`, { estimateMs, after: i === 0 ? [] : [`${i - 1}`] }));
const flat = (...estimates: number[]) => estimates.map((estimateMs, i) => job(`${i}`, { estimateMs }));

describe('policies', () => {
  it('are these', () => {
    expect(policyIds()).toEqual(['default@1', 'edf@1', 'fair@1', 'fifo@1', 'level-first@1', 'strict-priority@1']);
  });

  it('fifo@1: what became ready first', () => {
    const dags: Dag[] = [
      ['a', chain(100, 100)],
      ['b', flat(100, 100), { priority: 9 }],
    ];
    expect(orderOf('fifo@1', dags)).toBe('a.0 b.0 b.1 a.1');
  });

  it.each([
    ['fifo@1', 'a.x b.z a.y', 'what became ready later goes behind others, though its DAG came first'],
    ['level-first@1', 'a.y a.x b.z', 'what becomes ready ahead of others brings its DAG there'],
  ])('%s: %s, for %s', (policy, order) => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy });
    b.register('e1', { sessionMs: 600_000 });
    b.submit('busy', flat(100));
    const later = { after: ['s'], estimateMs: 100 };
    b.submit('a', [job('x', { estimateMs: 100 }), job('s', { kind: 'signal', signalName: 's' }), job('y', later)]);
    b.submit('b', [job('z', { estimateMs: 70 })]);
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 'a', signal: 's', output: null });
    let last = ['busy', '0'] as const;
    const names: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { entries } = b.complete(...last);
      const dispatch = (entries as EventEntry[]).find(({ code }) => code === Code.JobDispatched);
      if (dispatch?.code !== Code.JobDispatched) throw new Error('nothing is dispatched');
      const spec = b.cold.specs.get(dispatch.body.dag)!;
      last = [spec.dagId, spec.jobs[dispatch.body.job]!.id] as never;
      names.push(last.join('.'));
    }
    expect(names.join(' ')).toBe(order);
  });

  it('edf@1: the earliest deadline, none last, soft or hard', () => {
    const dags: Dag[] = [
      ['none', flat(100), { priority: 9 }],
      ['late', flat(100), { deadlineAtMs: 90_000 }],
      ['hard', flat(100), { hardDeadlineAtMs: 50_000 }],
      ['near', flat(100), { deadlineAtMs: 40_000, hardDeadlineAtMs: 100_000 }],
    ];
    expect(orderOf('edf@1', dags)).toBe('near.0 hard.0 late.0 none.0');
  });

  it('level-first@1: what has begun, deepest first, then priority, then short', () => {
    const dags: Dag[] = [
      ['a', chain(100, 100)],
      ['b', flat(300, 200), { priority: 1 }],
      ['c', flat(100), { priority: 1 }],
    ];
    expect(orderOf('level-first@1', dags)).toBe('c.0 b.1 b.0 a.0 a.1');
  });

  it('strict-priority@1: priority, deadline by the quarter of an hour, begun, few jobs left, deep, short', () => {
    const dags: Dag[] = [
      ['many', flat(100, 100, 100)],
      ['few', chain(100, 100)],
      ['near', flat(100), { deadlineAtMs: 890_000 }],
      ['nearer', flat(90), { deadlineAtMs: 800_000 }],
      ['high', flat(900), { priority: 1 }],
    ];
    expect(orderOf('strict-priority@1', dags)).toBe('high.0 nearer.0 near.0 few.0 few.1 many.0 many.1 many.2');
  });

  it('strict-priority@1: what is late goes before what is not, as soon as time has made it so', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'strict-priority@1' });
    const deadlineAtMs = b.at + 5_000;
    b.submit('late', chain(9_000), { deadlineAtMs });
    b.submit('later', chain(9_000), { deadlineAtMs: deadlineAtMs + 900_001 });
    b.submit('near', chain(100), { deadlineAtMs: deadlineAtMs + 900_000 });
    const order: string[] = [];
    const served = (entries: readonly EventEntry[]) => {
      for (const { code, body } of entries) {
        if (code === Code.JobDispatched) order.push(b.cold.specs.get(body.dag)!.dagId);
      }
    };
    b.at = deadlineAtMs + 1;
    served(b.register('e1', { sessionMs: 600_000 }).entries as EventEntry[]);
    served(b.complete('late', '0').entries as EventEntry[]);
    served(b.complete('near', '0').entries as EventEntry[]);
    expect(order).toEqual(['late', 'near', 'later']);
  });

  it.each([
    [-1, 'short'],
    [0, 'later'],
    [899_999, 'short'],
    [900_000, 'later'],
  ])('strict-priority@1: %i ms after the earlier of two deadlines the one that is %s goes first', (afterMs, first) => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'strict-priority@1' });
    const deadlineAtMs = b.at + 5_000;
    b.submit('later', flat(200), { deadlineAtMs });
    b.submit('short', flat(100), { deadlineAtMs: deadlineAtMs + 1 });
    b.at = deadlineAtMs + afterMs;
    const { entries } = b.register('e1', { sessionMs: 600_000 });
    const dispatch = (entries as EventEntry[]).find(({ code }) => code === Code.JobDispatched);
    expect(dispatch?.body).toMatchObject({ dag: first === 'later' ? 1 : 2 });
  });

  describe('strict-priority@1: time comes to', () => {
    const acme = { tenant: 'acme', dagId: 'a' };
    const none = { ...acme, deadlineAtMs: null, hardDeadlineAtMs: null };
    const signal = job('s', { kind: 'signal', signalName: 's' });
    it.each<readonly [string, (b: KernelBench) => void]>([
      [
        'a paused DAG whose deadline was taken away',
        (b) => {
          b.give(Code.PauseDag, acme);
          b.give(Code.SetDeadline, none);
        },
      ],
      [
        'one without a ready job',
        (b) => {
          b.register('e0', { sessionMs: 600_000 });
          b.give(Code.SetDeadline, none);
        },
      ],
      [
        'the row of a forgotten one that another has now',
        (b) => {
          b.give(Code.SetCellLimits, cellLimits({ retainTerminalMs: 0 }));
          b.give(Code.CancelDag, { ...acme, reason: '' });
          for (let i = 0; i < 5; i++) b.later(10);
          b.submit('other', [signal]);
        },
      ],
    ])('%s', (_, happens) => {
      const b = new KernelBench();
      b.give(Code.SetPolicy, { policy: 'strict-priority@1' });
      b.submit('a', flat(100), { deadlineAtMs: b.at + 60_000 });
      happens(b);
      b.register('e1', { sessionMs: 600_000 });
      b.later(61_000);
      const { entries } = b.submit('b', flat(100));
      expect(entries.some(({ code }) => code === Code.JobDispatched)).toBe(true);
    });
  });

  it.each([900_000, 1_800_000])(
    'strict-priority@1: a deadline that moves by %i ms puts its DAG behind, as if made anew',
    (byMs) => {
      const first = (rebuilt: boolean) => {
        const b = new KernelBench();
        b.give(Code.SetPolicy, { policy: 'strict-priority@1' });
        const deadlineAtMs = b.at + 3_500_000;
        for (const dagId of ['a', 'b']) b.submit(dagId, flat(100), { deadlineAtMs });
        const moved = { deadlineAtMs: deadlineAtMs + byMs, hardDeadlineAtMs: null };
        b.give(Code.SetDeadline, { tenant: 'acme', dagId: 'a', ...moved });
        if (rebuilt) b.kernel.indexes.rebuild();
        const entries = b.register('e1', { sessionMs: 600_000 }).entries as EventEntry[];
        return entries.flatMap(({ code, body }) => (code === Code.JobDispatched ? [body.dag] : []));
      };
      expect(first(false)).toEqual([2]);
      expect(first(true)).toEqual([2]);
    },
  );

  it('fair@1: tenants by what they had, and so the DAGs of a tenant', () => {
    const dags: Dag[] = [
      ['a', flat(100, 100, 100)],
      ['b', flat(200, 200)],
      ['c', flat(100, 100), { tenant: 'beta' }],
    ];
    expect(orderOf('fair@1', dags)).toBe('a.0 c.0 b.0 c.1 a.1 a.2 b.1');
  });

  it('fair@1: a DAG that comes later starts where the others are, and its rows end with it', () => {
    const b = new KernelBench();
    b.give(Code.SetPolicy, { policy: 'fair@1' });
    b.register('e1', { sessionMs: 600_000 });
    b.submit('old', flat(100, 100, 100, 100));
    for (let i = 0; i < 3; i++) b.complete('old', `${i}`);
    b.submit('new', flat(100, 100));
    const { fairDags } = b.kernel.state;
    expect(fairDags.c.tag[fairDags.find(2, 1)]).toBe(fairDags.c.tag[fairDags.find(1, 1)]! - 100);
    b.give(Code.SetPolicy, { policy: 'default@1' });
    b.complete('old', '3');
    b.complete('new', '0');
    b.complete('new', '1');
    expect(fairDags.table.live).toBe(0);
  });

  it('sets both credits of each class to nothing when another comes into force, and only then', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('a', flat(1000));
    const { classes } = b.kernel.state;
    expect(classes.c.regularCredit[1]).toBe(-3000);
    b.give(Code.SetPolicy, { policy: 'default@1' });
    expect(classes.c.regularCredit[1]).toBe(-3000);
    b.give(Code.SetPolicy, { policy: 'edf@1' });
    expect(classes.c.regularCredit[1]).toBe(0);
  });

  it('looks through what is ready once, however often a turn changes the policy', () => {
    const b = new KernelBench();
    b.submit('a', flat(1, 2, 3, 4, 5));
    const looks = vi.spyOn(b.kernel.indexes.heads, 'flow');
    const changes = Array.from({ length: 100 }, (_, i) =>
      input(Code.SetPolicy, { policy: ['fifo@1', 'edf@1'][i % 2]! }),
    );
    b.step(changes);
    expect(b.kernel.indexes.policy.id).toBe('edf@1');
    expect(looks.mock.calls.length).toBeLessThan(20);
  });
});
