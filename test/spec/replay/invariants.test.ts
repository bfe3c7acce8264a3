/**
 * Histories that no fabric writes, though every hash in them is
 * right: an audit says which invariant is broken, and where.
 */
import { describe, expect, it } from 'vitest';
import { Invariants } from '../../../replay/invariants/invariants.js';
import type { Violation } from '../../../replay/invariants/violation.js';
import { ScratchFold } from '../../../replay/scratch-fold.js';
import { CauseCode, Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, Evidence, TurnRecord } from '../../../src/catalogue/generated/types.js';
import type { AnyRows, Fields, Setters } from '../../../src/kernel/rows/table.js';
import { StateDiverged } from '../../../src/scheduler/recovery.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

/** Two executors of a slot each, a DAG of two jobs one after the other, and one that has to wait for a slot. */
function turns(): readonly TurnRecord[] {
  return new Stage(() => 1_000)
    .executor('e1', 1)
    .submit(1_000, 'chain', [job('first'), job('second', { after: ['first'] })])
    .submit(1_100, 'waits', [job('read')])
    .submit(9_000, 'later', [job('read')])
    .turns();
}

/** Folds turns of which one has other entries than were decided, up to it; gives what is found to be broken there. */
async function broken(isMeant: (turn: TurnRecord) => boolean, change: (turn: TurnRecord) => Partial<TurnRecord>) {
  const scratch: ScratchFold = new ScratchFold({
    onEvent: (entry) => invariants.event(entry),
    onChanged: (changes) => invariants.changed(changes),
  });
  const invariants = new Invariants(scratch.state);
  for (const turn of turns()) {
    const isForged = isMeant(turn);
    const record = isForged ? { ...turn, ...change(turn) } : turn;
    invariants.begin(record);
    try {
      await scratch.fold(record, new Uint8Array(32));
    } catch (error) {
      // The forger would have written the hash that comes out; some of what is forged can't be applied at all.
      if (!isForged) throw error;
    }
    if (isForged) return invariants.violations;
    expect(invariants.violations).toEqual([]);
  }
  throw new Error('no turn was meant');
}

const has = (code: number, ms?: number) => (turn: TurnRecord) =>
  turn.entries.some((entry) => entry.code === code) && (ms === undefined || turn.at === at(ms));

const EVIDENCE: Evidence = {
  lane: 2,
  cost: 1,
  priority: 0,
  tenantTag: 0,
  dagFinish: 0,
  rank: 0,
  freeAfter: 0,
  runnerUpDag: -1,
  runnerUpJob: -1,
  decidedBy: 0,
  runnerUpValue: 0,
  backfill: false,
};

/** What a planner says when it dispatches a job. */
function dispatch(token: number, dag: number, index: number): AnyEntry[] {
  const cause = CauseCode.plan;
  return [
    { code: Code.LeaseGranted, cause, body: { token, dag, job: index, attempt: 1, executor: 1 } },
    { code: Code.SlotReserved, cause, body: { token, executor: 1, slots: 1 } },
    { code: Code.JobDispatched, cause, body: { token, dag, job: index, evidence: EVIDENCE, deadline: null } },
  ];
}

function without(code: number) {
  return ({ entries }: TurnRecord) => ({ entries: entries.filter((entry) => entry.code !== code) });
}

function also(...more: readonly AnyEntry[]) {
  return ({ entries }: TurnRecord) => ({ entries: [...entries, ...more] });
}

function invariantsOf(violations: readonly Violation[]): readonly string[] {
  return [...new Set(violations.map(({ invariant }) => invariant))];
}

describe('an audit names', () => {
  it('I5: a slot that is given to two jobs, with the executor and how many it has', async () => {
    const found = await broken(has(Code.SubmitDag, 1_100), also(...dispatch(2, 2, 0)));
    expect(found).toContainEqual({
      invariant: 'I5',
      what: 'slots in use after a grant, at most',
      rows: [{ table: 'executor', key: [1, 0] }],
      found: 2,
      expected: 1,
    });
  });

  it('I5: an executor that is forgotten although it is there, and works', async () => {
    const forgets: AnyEntry = { code: Code.ExecutorForgotten, cause: CauseCode.timer, body: { executor: 1 } };
    const found = await broken(has(Code.SubmitDag, 1_100), also(forgets));
    const rows = [{ table: 'executor', key: [1, 0] }];
    expect(found).toContainEqual(
      expect.objectContaining({ what: 'slots in use of an executor that is forgotten', rows, found: 1, expected: 0 }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ what: 'executors that left or were lost, of one that is forgotten', rows }),
    );
  });

  it('I4: a second lease of a job, and a token that is not above the one before', async () => {
    const found = await broken(has(Code.SubmitDag, 1_100), also(...dispatch(1, 1, 0)));
    expect(found).toContainEqual(
      expect.objectContaining({ invariant: 'I4', what: 'leases in force of a job', found: 2, expected: 1 }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ what: 'token of a new lease, which must be above', found: 1, expected: 1 }),
    );
  });

  it('I6: a job that ends twice', async () => {
    const end: AnyEntry = { code: Code.JobSucceeded, cause: CauseCode.plan, body: { dag: 1, job: 0, attempt: 1 } };
    const found = await broken(has(Code.JobSucceeded, 2_000), also(end));
    expect(found).toContainEqual(
      expect.objectContaining({ invariant: 'I6', rows: [{ table: 'job', key: [1, 0] }], found: 8, expected: 8 }),
    );
  });

  it('I6: a DAG that ends before its jobs', async () => {
    const end: AnyEntry = { code: Code.DagSucceeded, cause: CauseCode.plan, body: { dag: 1 } };
    const found = await broken(has(Code.JobSucceeded, 2_000), also(end));
    expect(found).toContainEqual(
      expect.objectContaining({ invariant: 'I6', what: 'jobs left of a DAG that ends', found: 1, expected: 0 }),
    );
  });

  it('I6: a DAG that ends twice, and one that runs again before it has ended', async () => {
    const reopened = { dag: 1, run: 2, job: -1, work: 0, dagFinish: 0, dueAtMs: 0, held: false };
    const again: AnyEntry = { code: Code.DagReopened, cause: CauseCode.plan, body: reopened };
    const early = await broken(has(Code.JobSucceeded, 2_000), also(again));
    const rows = [{ table: 'dag', key: [1, 0] }];
    expect(early).toContainEqual(
      expect.objectContaining({ invariant: 'I6', what: 'state of a DAG that is reopened, above', rows }),
    );
    const end: AnyEntry = { code: Code.DagSucceeded, cause: CauseCode.plan, body: { dag: 1 } };
    const twice = await broken(({ entries }) => entries.some(({ code }) => code === Code.DagSucceeded), also(end));
    expect(twice).toContainEqual(
      expect.objectContaining({ invariant: 'I6', what: 'state of a DAG that ends, at most', rows }),
    );
  });

  it('I7: a job that is readied before the one that it waits for', async () => {
    const ready: AnyEntry = {
      code: Code.JobReadied,
      cause: CauseCode.continuation,
      body: { dag: 1, job: 1, shape: 0, deadline: null },
    };
    const found = await broken(has(Code.SubmitDag, 1_100), also(ready));
    expect(found).toContainEqual(
      expect.objectContaining({ invariant: 'I7', rows: [{ table: 'job', key: [1, 1] }], found: 1, expected: 0 }),
    );
    expect(found).toContainEqual(expect.objectContaining({ what: 'jobs before a job that began', found: 1 }));
  });

  it('I7: a job that is dispatched before it is ready', async () => {
    const found = await broken(has(Code.SubmitDag, 1_100), also(...dispatch(2, 1, 1)));
    expect(invariantsOf(found)).toContain('I7');
  });

  it('I8: a DAG that nothing can bring to its end any more', async () => {
    const found = await broken(has(Code.SubmitDag, 1_100), without(Code.JobReadied));
    expect(found).toEqual([
      {
        invariant: 'I8',
        what: 'jobs and continuations that can bring an open DAG to its end',
        rows: [{ table: 'dag', key: [2, 0] }],
        found: 0,
        expected: 1,
      },
    ]);
  });

  it('I9: a submission that nobody answered', async () => {
    const found = await broken(has(Code.SubmitDag, 1_100), ({ entries }) => ({ entries: entries.slice(0, 1) }));
    expect(found).toEqual([expect.objectContaining({ invariant: 'I9', found: 0, expected: 1 })]);
  });

  it('I10: an answer to a dispatch that no accepted turn had made', async () => {
    const answer: AnyEntry = { code: Code.DispatchAcknowledged, cause: CauseCode.plan, body: { token: 1 } };
    const found = await broken(has(Code.SubmitDag, 1_000), also(answer));
    expect(found).toEqual([expect.objectContaining({ invariant: 'I10', rows: [{ table: 'lease', key: [1, 0] }] })]);
    const early = await broken(has(Code.SubmitDag, 1_000), ({ turn }) => ({ published: turn }));
    expect(early).toEqual([expect.objectContaining({ invariant: 'I10' })]);
  });

  it('I10: turns that had been published, and are not any more', async () => {
    const found = await broken(has(Code.SubmitDag, 9_000), () => ({ published: 0 }));
    expect(found).toEqual([expect.objectContaining({ invariant: 'I10', what: 'turns that are published', found: 0 })]);
  });

  it('I4: a job that runs on without its lease, and a lease that outlives its job', async () => {
    const only = (...codes: readonly number[]) =>
      broken(has(Code.JobSucceeded, 2_000), ({ entries }) => ({
        entries: entries.filter(({ code }) => codes.includes(code)),
      }));
    const unleased = await only(Code.CompleteJob, Code.LeaseReleased, Code.SlotReleased);
    expect(unleased).toContainEqual(
      expect.objectContaining({ invariant: 'I4', what: 'leases in force of a job that runs', found: 0, expected: 1 }),
    );
    const outlives = await only(Code.CompleteJob, Code.JobSucceeded);
    expect(outlives).toContainEqual(
      expect.objectContaining({
        invariant: 'I4',
        what: 'leases in force of a job that does not run',
        found: 1,
        expected: 0,
      }),
    );
  });

  it('law 6: a lease without a dispatch', async () => {
    const found = await broken(has(Code.SubmitDag, 1_000), without(Code.JobDispatched));
    expect(found).toContainEqual(expect.objectContaining({ invariant: 'law 6', found: 0, expected: 1 }));
  });
});

/** The state at 1,500 ms: `first` runs, `read` of the second DAG is ready. */
async function busyState() {
  const scratch = new ScratchFold();
  for (const turn of turns()) {
    if (turn.at > at(1_500)) break;
    await scratch.fold(turn, new Uint8Array(32)).catch((error) => {
      if (!(error instanceof StateDiverged)) throw error;
    });
  }
  return scratch.state;
}

describe('a count that is one too high is found in', () => {
  it.each([
    ['I5', 'executors', 'reserved'],
    ['I5', 'executors', 'reclaiming'],
    ['I5', 'classes', 'reserved'],
    ['I5', 'classes', 'slots'],
    ['I5', 'classes', 'executors'],
    ['I6', 'dags', 'jobsLeft'],
    ['I8', 'dags', 'cursors'],
    ['I11', 'flows', 'ready'],
    ['I11', 'flows', 'work'],
    ['I11', 'classes', 'ready'],
    ['I11', 'tenants', 'runnableJobs'],
    ['I11', 'tags', 'flows'],
    ['I11', 'tags', 'leases'],
    ['I11', 'virtuals', 'busy'],
    ['I8', 'tenants', 'openDags'],
    ['I8', 'cell', 'openDags'],
    ['I8', 'cell', 'knownJobs'],
    ['I11', 'fairs', 'open'],
  ] as const)('%s: %s.%s', async (invariant, name, field) => {
    const state = await busyState();
    const invariants = new Invariants(state);
    invariants.all();
    expect(invariants.violations).toEqual([]);
    const { table, set } = state[name] as unknown as AnyRows & { set: Setters<Fields> };
    const row = Array.from({ length: table.high }, (_, i) => i).find((i) => table.isLive(i) && !table.isBlank(i))!;
    const number = table.names.indexOf(field);
    const before = table.number(number, row);
    set[field]!(row, before + 1);
    state.commit();
    const own = { table: table.name, key: [table.keyA[row], table.keyB[row]] };
    const again = new Invariants(state);
    again.all();
    expect(again.violations).toContainEqual(
      expect.objectContaining({ invariant, rows: [own], found: before + 1, expected: before }),
    );
  });
});
