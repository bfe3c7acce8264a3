/** Evidence of a dispatch: what it says, and that it is small whatever the numbers are (policy.md: Evidence). */
import { describe, expect, it } from 'vitest';
import { keyWords } from '../../../replay/why/words.js';
import { writeEvidence } from '../../../src/catalogue/generated/codec.js';
import { EvidenceField, Lane } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry, Evidence } from '../../../src/catalogue/generated/types.js';
import { Writer } from '../../../src/catalogue/wire/writer.js';
import { MAX_COST, MAX_JOBS_PER_DAG, MAX_PRIORITY } from '../../../src/kernel/limits.js';
import { Code, classLimits, job, KernelBench } from '../../support/kernel/bench.js';

function bytesOf(evidence: Evidence): number {
  const writer = new Writer();
  writeEvidence(writer, evidence);
  return writer.take().length;
}

/** Tags and virtual times stay below it, a rank below 2^49, sequence numbers are safe integers. */
const LARGEST: Evidence = {
  lane: 2,
  cost: MAX_COST,
  priority: -MAX_PRIORITY,
  tenantTag: 2 ** 52,
  dagFinish: 2 ** 52,
  rank: 2 ** 49,
  freeAfter: 2 ** 31 - 1,
  runnerUpDag: Number.MAX_SAFE_INTEGER,
  runnerUpJob: MAX_JOBS_PER_DAG,
  decidedBy: 19,
  runnerUpValue: 2 ** 52,
  backfill: true,
};

function dispatchOf(entries: readonly { readonly code: number }[]) {
  const found = (entries as EventEntry[]).find((entry) => entry.code === Code.JobDispatched);
  return found?.code === Code.JobDispatched ? found.body : null;
}

describe('evidence', () => {
  it('has at most 64 bytes with the largest numbers that there can be', () => {
    expect(bytesOf(LARGEST)).toBeLessThanOrEqual(64);
  });

  it('says who wins over whom, by which field, and what the other one has there', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    b.submit('first', [job('a')]);
    b.submit('low', [job('a')], { priority: 2 });
    b.submit('high', [job('a')], { priority: 5, tenant: 'beta' });
    const { entries } = b.complete('first', 'a');
    expect(dispatchOf(entries)).toMatchObject({
      dag: 3,
      evidence: { priority: 5, runnerUpDag: 2, runnerUpJob: 0, decidedBy: 1, runnerUpValue: 2, freeAfter: 0 },
    });
  });

  it('counts the slots that are free after it, as far as the limit of the class lets them be used', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 8, sessionMs: 600_000 });
    b.give(Code.SetClassLimits, classLimits({ maxSlots: 3 }));
    expect(dispatchOf(b.submit('d', [job('a')]).entries)).toMatchObject({ evidence: { freeAfter: 2 } });
  });

  it('charges 398 slot-days at most, whatever a job needs', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 1024, sessionMs: 600_000 });
    const { entries } = b.submit('d', [job('a', { slots: 1024, estimateMs: 30 * 24 * 3_600_000 })]);
    expect(dispatchOf(entries)).toMatchObject({ evidence: { cost: MAX_COST } });
  });

  it('has what the urgent lane goes by: the need of the flow, where others have the rank of the job', () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 600_000 });
    const three = ['a', 'b', 'c'].map((id) => job(id, { estimateMs: 1000 }));
    const plain = b.submit('plain', three.slice(1));
    expect(dispatchOf(plain.entries)).toMatchObject({ evidence: { lane: Lane.regular, rank: 1000 } });
    b.submit('near', three, { deadlineAtMs: b.at + 5000 });
    const { entries } = b.complete('plain', 'b');
    expect(dispatchOf(entries)).toMatchObject({ evidence: { lane: Lane.urgent, rank: 3000 } });
  });
});

describe('what decided', () => {
  it('is the reservation where the job that has one starts, whoever comes before it', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [job('a', { slots: 4, estimateMs: 60_000 })]);
    b.register('e2', { slots: 4, sessionMs: 600_000 });
    b.submit('y', [job('a', { slots: 2, estimateMs: 30_000 }), job('b', { slots: 2, estimateMs: 30_000 })]);
    b.complete('y', 'a');
    b.submit('w', [job('w', { slots: 4 })], { priority: 1 });
    b.later(10_000);
    b.submit('top', [job('a', { estimateMs: 50_000 })], { priority: 9 });
    const dispatch = dispatchOf(b.complete('x', 'a').entries);
    const decided = {
      lane: Lane.regular,
      runnerUpDag: 4,
      decidedBy: EvidenceField.reservation,
      runnerUpValue: 0,
      backfill: false,
    };
    expect(dispatch).toMatchObject({ dag: 3, evidence: decided });
    expect(keyWords([], 'reservation', { own: 2, runnerUp: 0 })[0]).toContain('reserved');
  });

  it('says that a job filled a gap, but not of the one for which the executor is reserved', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [job('a', { slots: 3, estimateMs: 60_000 })]);
    b.submit('w', [job('w', { slots: 4 })]);
    b.later(10_000);
    const gap = b.submit('gap', [job('a')]);
    expect(dispatchOf(gap.entries)).toMatchObject({ dag: 3, evidence: { backfill: true } });
    b.complete('gap', 'a');
    b.submit('next', [job('a', { slots: 2 })]);
    const own = b.complete('x', 'a');
    expect(dispatchOf(own.entries)).toMatchObject({ dag: 2, evidence: { backfill: false, runnerUpDag: 4 } });
  });

  it('is the lane, in words that say which one had its turn', () => {
    const lane = (own: number, runnerUp: number) => keyWords([], 'lane', { own, runnerUp })[0];
    expect(lane(Lane.urgent, Lane.regular)).toContain('earlier lane than the runner-up');
    expect(lane(Lane.regular, Lane.urgent)).toContain('regular work had not had its share');
  });

  it('is in the regular lane under a policy without lanes, also for what the guard has reserved', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('x', [job('a', { slots: 2, estimateMs: 400_000 }), job('b', { slots: 2, estimateMs: 400_000 })]);
    b.submit('w', [job('w', { slots: 4 })]);
    b.later(300_000);
    b.complete('x', 'a');
    const { classes } = b.kernel.state;
    expect(classes.c.reservedLane[classes.find(1)]).toBe(Lane.guard);
    b.give(Code.SetPolicy, { policy: 'fifo@1' });
    expect(dispatchOf(b.complete('x', 'b').entries)).toMatchObject({ dag: 2, evidence: { lane: Lane.regular } });
    expect(classes.c.guardCredit[classes.find(1)]).toBe(0);
  });
});
