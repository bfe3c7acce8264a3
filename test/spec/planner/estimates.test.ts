/**
 * What a job is expected to take: what was given, corrected by what its pattern
 * took, or what that took (policy.md: What a job is expected to take).
 */
import { describe, expect, it } from 'vitest';
import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { patternsOf } from '../../../src/kernel/patterns.js';
import { Code, fanOut, job, KernelBench, submission } from '../../support/kernel/bench.js';

/** A slot on which DAGs of a template run one after the other. */
class Runs {
  readonly bench = new KernelBench();
  private dags = 0;

  constructor() {
    this.bench.register('e1', { sessionMs: 600_000 });
  }

  /** Runs a DAG of one job; gives what the job was expected to take. */
  run(tookMs: number, estimateMs: number | null = null, more: Partial<SubmitDag> = {}, id = 'a'): number {
    const { bench } = this;
    const dagId = this.submit(estimateMs, more, id);
    const expected = this.work();
    bench.at += tookMs;
    bench.complete(dagId, id);
    return expected;
  }

  /** What such a job would be expected to take now. */
  expected(estimateMs: number | null = null, more: Partial<SubmitDag> = {}, id = 'a'): number {
    this.submit(estimateMs, more, id);
    const expected = this.work();
    this.bench.complete(`d${this.dags}`, id);
    return expected;
  }

  private submit(estimateMs: number | null, more: Partial<SubmitDag>, id: string): string {
    this.dags += 1;
    this.bench.submit(`d${this.dags}`, [job(id, { estimateMs })], { name: 'scans', ...more });
    return `d${this.dags}`;
  }

  private work(): number {
    const { dags, cell, cellRow } = this.bench.kernel.state;
    return dags.c.work[dags.find(cell.c.nextDag[cellRow]!)]!;
  }
}

describe('a job without an estimate', () => {
  it('counts as the mean of its pattern, then of its class, then as a second', () => {
    const r = new Runs();
    expect(r.run(3000)).toBe(1000);
    expect(r.run(5000)).toBe(3000);
    expect(r.run(7000, null, { name: 'letters' })).toBe(4000);
    expect(r.expected()).toBe(4000);
    expect(r.expected(null, { name: 'letters' })).toBe(7000);
    expect(r.expected(null, { name: 'others' })).toBe(3000);
  });

  it('has the pattern of its template, where the DAG has one, and of its own id', () => {
    const r = new Runs();
    r.run(8000, null, { template: 't' });
    expect(r.run(2000, null, { template: 't', name: 'another' })).toBe(8000);
    expect(r.run(600, null, { name: 'new' }, 'b')).toBe(5000);
    expect(r.expected(null, { name: 'new' }, 'b')).toBe(600);
  });

  it('is expected to take what the last ones took when they change', () => {
    const r = new Runs();
    for (let n = 0; n < 8; n++) r.run(1000);
    for (let n = 0; n < 30; n++) r.run(9000);
    expect(r.expected()).toBeGreaterThan(8700);
  });

  it('is expected to take 30 days at most, whatever one has taken', () => {
    const r = new Runs();
    const day = 24 * 3_600_000;
    r.bench.stoppedMs = 40 * day;
    r.run(40 * day);
    r.bench.stoppedMs += 20 * day;
    r.run(20 * day);
    expect(r.expected()).toBe(25 * day);
  });

  it('learns nothing from an attempt that may have ended while the fabric stood still, but from those heard later', () => {
    const r = new Runs();
    const { bench } = r;
    bench.register('e2', { sessionMs: 600_000 });
    bench.submit('short', [job('a')], { name: 'scans' });
    bench.submit('long', [job('a')], { name: 'scans' });
    bench.skip();
    bench.standStill(90_000);
    bench.later(1000);
    bench.complete('short', 'a');
    expect(r.run(10)).toBe(1000);
    expect(r.expected()).toBe(10);
    bench.later(500_000);
    for (const executor of ['e1', 'e2']) bench.give(Code.Heartbeat, { executor, incarnation: `${executor}-1` });
    bench.later(200_000);
    bench.complete('long', 'a');
    expect(r.expected()).toBeGreaterThan(200_000);
  });

  it('learns from an attempt over which the fabric stood still for no more than an eighth of it, all in all', () => {
    const expectedAfter = (tookMs: number): number => {
      const r = new Runs();
      const { bench } = r;
      bench.submit('over', [job('a')], { name: 'scans' });
      for (const gapMs of [6_000, 6_000]) bench.standStill(gapMs);
      bench.later(tookMs - 12_000);
      bench.complete('over', 'a');
      return r.expected();
    };
    expect(expectedAfter(95_999)).toBe(1_000);
    expect(expectedAfter(96_000)).toBe(96_000);
  });

  it('learns nothing from attempts that fail', () => {
    const r = new Runs();
    r.bench.submit('fails', [job('a')], { name: 'scans' });
    r.bench.at += 60_000;
    r.bench.fail('fails', 'a');
    expect(r.run(10)).toBe(1000);
  });

  it('learns nothing from one that was ended before, and ends well all the same', () => {
    const r = new Runs();
    r.bench.submit('late', [job('a')], { name: 'scans' });
    const lease = r.bench.lease('late', 'a');
    r.bench.give(Code.CancelJob, { tenant: 'acme', dagId: 'late', job: 'a', reason: '' });
    r.bench.at += 20_000;
    r.bench.completeLease(lease);
    expect(r.run(10)).toBe(1000);
  });

  it('of no pattern is expected to take what 256 of its class took, of which a new one is one', () => {
    const r = new Runs();
    for (let n = 0; n < 256; n++) r.run(1000);
    r.run(257_000);
    expect(r.expected(null, { name: 'others' })).toBe(2000);
  });

  it('that fans out has children of its pattern', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 4, sessionMs: 600_000 });
    b.submit('first', [job('pages', { fanOut: fanOut(4) })], { name: 'scans' });
    b.settle();
    b.at += 5000;
    for (let i = 0; i < 4; i++) b.complete('first', `pages[${i}]`);
    b.submit('second', [job('pages', { fanOut: fanOut(3) })], { name: 'scans' });
    b.settle();
    const { dags } = b.kernel.state;
    expect(dags.c.work[dags.find(2)]).toBe(3 * 5000);
  });
});

describe('an estimate that is given', () => {
  it('is taken until eight of its pattern have ended, and then where it is right within a factor of two', () => {
    const r = new Runs();
    for (let n = 0; n < 8; n++) expect(r.run(1900, 1000)).toBe(1000);
    expect(r.expected(1000)).toBe(1000);
    expect(r.expected(4000)).toBe(4000);
  });

  it('is corrected by what they took for what was given, and its size counts', () => {
    const r = new Runs();
    for (let n = 0; n < 8; n++) r.run(16_000, 1000);
    expect(r.run(16_000, 1000)).toBe(16_000);
    expect(r.run(32_000, 2000)).toBeGreaterThan(28_000);
  });

  it('is held against what was given lately', () => {
    const r = new Runs();
    for (let n = 0; n < 40; n++) r.run(1000, 1000);
    for (let n = 0; n < 16; n++) r.run(16_000, 16_000);
    expect(r.expected(16_000)).toBe(16_000);
  });

  it('is corrected by a factor of sixteen at most', () => {
    const slow = new Runs();
    const quick = new Runs();
    for (let n = 0; n < 8; n++) {
      slow.run(20_000, 100);
      quick.run(10, 64_000);
    }
    expect(slow.expected(100)).toBe(1600);
    expect(quick.expected(64_000)).toBe(4000);
  });
});

describe('patterns', () => {
  it('of a class are 4,096 at most: a new one takes the place of an old one', () => {
    const b = new KernelBench({ isLarge: true, isQuiet: true });
    for (let n = 0; n < 100; n++) {
      const jobs = Array.from({ length: 100 }, (_, i) => job(`j${i}`));
      b.submit(`d${n}`, jobs);
    }
    const { patterns } = b.kernel.state;
    expect(patterns.table.live).toBeGreaterThan(3000);
    expect(patterns.table.live).toBeLessThanOrEqual(4096);
  });

  it('begin with nothing, also at the place of another', () => {
    const r = new Runs();
    const placeOf = (name: string) => patternsOf(submission('d', [job('a')], { name }))[0]!.place;
    let name = 'n0';
    for (let n = 1; placeOf(name) !== placeOf('scans'); n++) name = `n${n}`;
    r.run(7000);
    r.run(1000, null, { name });
    expect(r.expected(null, { name })).toBe(1000);
  });
});

describe('the ends of a pattern', () => {
  it('are those of children, too', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 20, sessionMs: 600_000 });
    b.submit('first', [job('p', { fanOut: fanOut(10), estimateMs: 1000 })], { name: 'scans' });
    b.settle();
    b.at += 10_000;
    for (let i = 0; i < 10; i++) b.complete('first', `p[${i}]`);
    b.submit('second', [job('p', { fanOut: fanOut(3), estimateMs: 1000 })], { name: 'scans' });
    b.settle();
    const { dags } = b.kernel.state;
    expect(dags.c.work[dags.find(2)]).toBe(30_000);
  });

  it('correct what is given also where it was given once', () => {
    const runs = new Runs();
    runs.run(10_000, 1000);
    for (let n = 0; n < 7; n++) runs.run(10_000);
    expect(runs.expected(1000)).toBe(10_000);
  });
});
