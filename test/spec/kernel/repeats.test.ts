/** Repeats: idempotency keys of submissions, inputIds of controls, and ids that are used again. */
import { describe, expect, it } from 'vitest';
import { Code, classLimits, input, job, KernelBench, registration, submission } from '../../support/kernel/bench.js';

describe('a submission', () => {
  it('with a known idempotency key is answered with the first DAG, whatever else it says', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.SubmitDag, submission('another', [job('b')], { idempotencyKey: 'd' }));
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag another
        DuplicateInput d code already-accepted turn 1 atMs 1000
      "
    `);
  });

  it('with a known id but another key is refused; under another tenant it is another DAG', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.skip();
    b.give(Code.SubmitDag, submission('d', [job('a')], { idempotencyKey: 'k2' }));
    b.give(Code.SubmitDag, submission('d', [job('a')], { tenant: 'other' }));
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > SubmitDag d
        InputRefused d code duplicate-dag-id
      -- 1000
      > SubmitDag d
        DagAccepted d
        JobReadied d/a
      "
    `);
  });

  it('that was refused is not remembered: it may come again, corrected', () => {
    const b = new KernelBench();
    b.submit('d', []);
    b.submit('d', [job('a')]);
    expect(b.transcript.lines.filter((line) => line.startsWith('  '))).toEqual([
      '  InputRefused code empty-dag',
      '  DagAccepted d',
      '  JobReadied d/a',
    ]);
  });
});

describe('a registration', () => {
  it('that comes again late says nothing any more: what its executor has begun since goes on', () => {
    const b = new KernelBench();
    const first = input(Code.RegisterExecutor, registration('e1'), 'sent-once');
    b.step([first]);
    b.submit('d', [job('a')]);
    b.give(Code.AcknowledgeDispatch, { lease: b.lease('d', 'a') });
    b.skip();
    b.step([first]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > RegisterExecutor e1 slots 1
        DuplicateInput code duplicate-input turn 1 atMs 1000
      "
    `);
    expect(b.stateOf('d', 'a')).toBe('running');
  });

  it('that was refused is refused again, and another one is taken', () => {
    const b = new KernelBench();
    const wrong = input(Code.RegisterExecutor, registration('e1', { slots: -1 }), 'wrong');
    b.step([wrong]);
    b.skip();
    b.step([wrong]);
    expect(b.tell()).toContain('DuplicateInput code duplicate-input turn 1 atMs 1000 refused {code invalid-slots');
    b.register('e1');
    expect(b.tell()).toContain('ExecutorRegistered e1');
  });
});

describe('a control', () => {
  const pause = () => input(Code.PauseDag, { tenant: 'acme', dagId: 'd' }, 'press-once');

  it('that comes again is answered as it was at first, taken or refused', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    const wrong = input(Code.ResumeDag, { tenant: 'acme', dagId: 'd' }, 'wrong');
    b.step([wrong]);
    b.step([pause()]);
    b.give(Code.ResumeDag, { tenant: 'acme', dagId: 'd' });
    b.skip();
    b.step([pause(), wrong]);
    expect(b.tell()).toMatchInlineSnapshot(`
      "
      -- 1000
      > PauseDag d
        DuplicateInput code duplicate-input turn 3 atMs 1000
      > ResumeDag d
        DuplicateInput code duplicate-input turn 2 atMs 1000 refused {code dag-not-paused, path /dagId, detail the DAG is not paused}
      "
    `);
  });

  it('is remembered for ten minutes of journal time; then others make room', () => {
    const b = new KernelBench();
    b.submit('d', [job('a')]);
    b.step([pause()]);
    b.later(600_000);
    b.step([pause()]);
    expect(b.transcript.lines.at(-1)).toBe('  DuplicateInput code duplicate-input turn 2 atMs 1000');
    b.later(1);
    b.give(Code.ResumeDag, { tenant: 'acme', dagId: 'd' });
    b.step([pause()]);
    expect(b.transcript.lines.at(-1)).toBe('  DagPaused d');
    expect(b.kernel.state.remembered.table.live).toBe(2);
  });

  it('of an unknown DAG, and inputs that say nothing new, lead to one event at least', () => {
    const b = new KernelBench();
    const furthest = b.at + 366 * 24 * 3600_000;
    b.give(Code.AcceptClock, { clockAtMs: furthest });
    b.give(Code.AcceptClock, { clockAtMs: furthest + 1 });
    b.give(Code.ReportSnapshot, { turn: 1, uri: 'blob:1', stateHash: new Uint8Array(16) });
    b.give(Code.SetPolicy, { policy: 'best@9' });
    b.give(Code.SetClassLimits, classLimits({ group: 'g', executorClass: '' }));
    b.give(Code.SetClassLimits, classLimits({ group: 'g', executorClass: 'c', maxSlots: -1 }));
    b.give(Code.Undecodable, {
      reason: 'avro',
      detail: 'x',
      sha256: new Uint8Array(32),
      length: 3,
      head: Uint8Array.of(1, 2, 3),
    });
    expect(b.transcript.lines.filter((line) => line.startsWith('  '))).toMatchInlineSnapshot(`
      [
        "  ClockAccepted clockAtMs 31622401000",
        "  InputRefused code invalid-clock",
        "  SnapshotTaken turn 1 uri blob:1",
        "  InputRefused code unknown-policy",
        "  InputRefused code invalid-class",
        "  InputRefused code invalid-limit",
        "  InputRefused code undecodable",
      ]
    `);
  });
});
