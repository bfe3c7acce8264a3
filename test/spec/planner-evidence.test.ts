/** Evidence of a dispatch: what it says, and that it is small whatever the numbers are (policy.md, section 11). */
import { describe, expect, it } from 'vitest';
import { writeEvidence } from '../../src/catalogue/generated/codec.js';
import type { EventEntry, Evidence } from '../../src/catalogue/generated/types.js';
import { Writer } from '../../src/catalogue/wire/writer.js';
import { MAX_COST, MAX_JOBS_PER_DAG, MAX_PRIORITY } from '../../src/kernel/limits.js';
import { Code, job, KernelBench } from '../support/kernel/bench.js';

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
  decidedBy: 18,
  runnerUpValue: 2 ** 52,
  backfill: true,
};

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
    const dispatch = (entries as EventEntry[]).find(({ code }) => code === Code.JobDispatched);
    expect(dispatch?.body).toMatchObject({
      dag: 3,
      evidence: { priority: 5, runnerUpDag: 2, runnerUpJob: 0, decidedBy: 1, runnerUpValue: 2, freeAfter: 0 },
    });
  });
});
