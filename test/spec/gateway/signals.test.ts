import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CauseCode, Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry } from '../../../src/catalogue/generated/types.js';
import { Distribution, SLICE_MS } from '../../../src/gateway/signals/distribution.js';
import { registerSignals } from '../../../src/gateway/signals/prometheus.js';
import { SignalRecorder } from '../../../src/gateway/signals/recorder.js';
import { SeqColumn } from '../../../src/gateway/signals/seq-column.js';
import type { FoldSignals } from '../../../src/scheduler/views/port.js';
import { startGateway } from '../../support/gateway.js';

describe('a distribution', () => {
  it('gives percentiles of a window, and counts since the start', () => {
    const values = new Distribution(1, 100);
    for (let value = 1; value <= 1_000; value++) values.record(value);
    values.record(5_000_000);
    const all = values.window(10);
    expect(all.count).toBe(1_001);
    expect(all.minMs).toBe(1);
    expect(all.p50Ms).toBeGreaterThanOrEqual(495);
    expect(all.p50Ms).toBeLessThanOrEqual(510);
    expect(all.p99Ms).toBeGreaterThanOrEqual(985);
    expect(all.p99Ms).toBeLessThanOrEqual(1_000);
    expect(all.maxMs).toBeGreaterThan(4_950_000);
    values.turnTo(105);
    values.record(7);
    expect(values.window(1)).toMatchObject({ count: 1, p50Ms: 7 });
    expect(values.window(10).count).toBe(1_002);
    values.turnTo(112);
    expect(values.window(10).count).toBe(1);
    expect(values.count).toBe(1_002);
    values.turnTo(200);
    expect(values.window(10)).toMatchObject({ count: 0, p50Ms: null });
  });

  it('has no percentile above the longest', () => {
    for (let value = 1; value < 3_000_000; value = Math.ceil(value * 1.01)) {
      const values = new Distribution(1, 100);
      values.record(value);
      const { p50Ms, p999Ms, maxMs } = values.window(10);
      expect([p50Ms, p999Ms]).toEqual([maxMs, maxMs]);
    }
  });

  it('keeps microseconds, and takes what is below or beyond its range', () => {
    const values = new Distribution(1_000, 1);
    values.recordMany(250.4, 3);
    values.record(-5);
    values.recordMany(2 ** 50, 1);
    const { p50Ms, count } = values.window(1);
    expect(p50Ms).toBeCloseTo(0.25, 2);
    expect(count).toBe(5);
  });
});

it('a column keeps a number for each sequence number, and nothing for those that are gone', () => {
  const column = new SeqColumn();
  for (let seq = 1; seq <= 20_000; seq++) column.set(seq, seq * 2);
  expect([column.get(1), column.get(4_096), column.get(20_000), column.get(20_001)]).toEqual([2, 8_192, 40_000, 0]);
  for (let seq = 1; seq <= 20_000; seq++) if (seq !== 9_000) column.set(seq, 0);
  expect([column.get(1), column.get(9_000), column.get(19_999)]).toEqual([0, 18_000, 0]);
  column.set(5, 0);
  column.set(5, 1);
  expect(column.get(5)).toBe(1);
});

it('a column of very many, of which some stay, takes room for those that are there', () => {
  const column = new SeqColumn();
  const stays = (seq: number) => seq % 5_000 === 0;
  for (let seq = 1; seq <= 2_000_000; seq++) {
    column.set(seq, seq);
    if (seq > 1_000 && !stays(seq - 1_000)) column.set(seq - 1_000, 0);
  }
  expect(column.chunks).toBeLessThan(3);
  const left = Array.from({ length: 390 }, (_, i) => 5_000 * (i + 1));
  expect(left.map((seq) => column.get(seq))).toEqual(left);
  expect(left.map((seq) => column.get(seq + 1)).every((value) => value === 0)).toBe(true);
  column.set(5_000, -1);
  expect(column.get(5_000)).toBe(-1);
  column.set(5_000, 0);
  expect(column.get(5_000)).toBe(0);
});

it('a column of what is there already takes as little room, in whatever order that is found', () => {
  const column = SeqColumn.of((set) => {
    for (let seq = 40_000; seq > 0; seq--) set(seq, seq * 2);
  });
  expect(column.chunks).toBe(10);
  expect([column.get(1), column.get(20_000), column.get(40_000)]).toEqual([2, 40_000, 80_000]);
});

it('a column keeps what a map keeps, whatever comes and goes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: -1, max: 1 })), { maxLength: 300 }),
      fc.integer({ min: 0, max: 9_000 }),
      (changes, dense) => {
        const column = new SeqColumn();
        const map = new Map<number, number>();
        const both = (seq: number, value: number): void => {
          column.set(seq, value);
          map.set(seq, value);
        };
        for (let seq = 0; seq < dense; seq++) both(seq, seq + 1);
        for (const [seq, value] of changes) both(seq, value);
        for (let seq = 0; seq < dense; seq += 3) both(seq, 0);
        expect([...map.keys()].map((seq) => column.get(seq))).toEqual([...map.values()]);
      },
    ),
    { numRuns: 40 },
  );
});

const fold: FoldSignals = {
  classOfExecutor: (executor) => executor,
  className: (classSeq) => ({ group: 'default', executorClass: `class-${classSeq}` }),
  waitMs: () => 40,
  eachFirstRun: (each) => {
    each(7, 500_000, false);
    each(8, 400_000, true);
  },
  eachHeldToken: (each) => each(90, 2),
  pressure: async () => [
    { group: null, executorClass: null, priority: 0, open: 4, atRisk: 1, overdue: 1 },
    { group: 'default', executorClass: 'ocr', priority: 5, open: 0, atRisk: 0, overdue: 0 },
  ],
};

const at = (receivedAtMs: number) => ({
  inputId: 'i',
  receivedAtMs,
  principal: null,
  traceparent: null,
  digest: new Uint8Array(16),
});
const event = (code: number, body: object, cause: number = CauseCode.plan) =>
  ({ code, cause, body }) as unknown as AnyEntry;
const input = (code: number, receivedAtMs: number) =>
  ({ code, envelope: at(receivedAtMs), body: {} }) as unknown as AnyEntry;

/** A job of class 1 from submission to the end of its DAG, in two turns, accepted at 1,000,200 and 1,000,900. */
function life(recorder: SignalRecorder): void {
  const timings = {
    takenAtMs: 1_000_190,
    plannedAtMs: 1_000_198,
    appendedAtMs: 1_000_200,
    appendedMonotonicMs: 0,
    planMs: 0.5,
  };
  const first = [
    input(Code.SubmitDag, 1_000_000),
    event(Code.DagAccepted, { dag: 1 }, 0),
    event(Code.JobReadied, { dag: 1, job: 0 }, 0),
    event(Code.JobReadied, { dag: 1, job: 1 }, 0),
    event(Code.LeaseGranted, { token: 11, executor: 1 }),
    event(Code.SlotReserved, { token: 11, executor: 1, slots: 1 }),
    event(Code.JobDispatched, { token: 11, dag: 1, job: 0 }),
  ];
  recorder.take({
    cell: 'main',
    epoch: 1,
    turn: 1,
    hash: new Uint8Array(32),
    atMs: 1_000_190,
    entries: first,
    timings,
  });
  const second = [
    input(Code.CompleteJob, 1_000_870),
    event(Code.SlotReleased, { token: 11, slots: 1, occupancyMs: 650 }, 0),
    event(Code.DagSucceeded, { dag: 1 }, 0),
  ];
  const later = {
    takenAtMs: 1_000_880,
    plannedAtMs: 1_000_890,
    appendedAtMs: 1_000_900,
    appendedMonotonicMs: 0,
    planMs: 0.1,
  };
  recorder.take({
    cell: 'main',
    epoch: 1,
    turn: 2,
    hash: new Uint8Array(32),
    atMs: 1_000_880,
    entries: second,
    timings: later,
  });
}

let nowMs = 0;
const clock = { monotonicMs: () => nowMs };

describe('the recorder', () => {
  it('measures each signal from one moment to the other', () => {
    const recorder = new SignalRecorder(fold, clock);
    life(recorder);
    const one = (key: Parameters<SignalRecorder['series']>[0]) => {
      const found = recorder.series(key).map(({ labels, values }) => ({ labels, ...values.window(1) }));
      return found.map(({ labels, count, maxMs }) => ({ labels, count, maxMs }));
    };
    const ofClass = { group: 'default', class: 'class-1' };
    expect(one('endToEnd')).toEqual([{ labels: { outcome: 'succeeded' }, count: 1, maxMs: 900 }]);
    expect(one('frontierWait')).toEqual([{ labels: {}, count: 1, maxMs: 200 }]);
    expect(one('planningTime')).toMatchObject([{ labels: {}, count: 2 }]);
    expect(one('slotWait')).toEqual([{ labels: ofClass, count: 1, maxMs: 40 }]);
    expect(one('slotOccupancy')).toEqual([{ labels: ofClass, count: 1, maxMs: 650 }]);
    expect(one('callbackToRelease')).toEqual([{ labels: ofClass, count: 1, maxMs: 30 }]);
    const [lease] = one('leaseTime');
    expect(lease).toMatchObject({ labels: ofClass, count: 1 });
    expect(lease?.maxMs).toBeCloseTo(2, 1);
  });

  it('goes on with DAGs and leases that were there before it', () => {
    const recorder = new SignalRecorder(fold, clock);
    const entries = [
      event(Code.JobReadied, { dag: 7, job: 0 }),
      event(Code.JobReadied, { dag: 8, job: 0 }),
      event(Code.SlotReleased, { token: 90, slots: 1, occupancyMs: 5 }, CauseCode.timer),
      event(Code.DagFailed, { dag: 8, code: 'x' }),
      event(Code.DagFailed, { dag: 8, code: 'x' }),
    ];
    recorder.take({ cell: 'main', epoch: 1, turn: 1, hash: new Uint8Array(32), atMs: 600_000, entries });
    expect(recorder.series('frontierWait')[0]?.values.window(10)).toMatchObject({ count: 1, maxMs: 100_000 });
    expect(recorder.series('slotOccupancy')[0]?.labels).toEqual({ group: 'default', class: 'class-2' });
    expect(recorder.series('callbackToRelease')).toEqual([]);
    expect(recorder.series('endToEnd')[0]?.values.window(10).count).toBe(1);
  });

  it('lets what was measured grow old while its wall clock is put back', () => {
    const recorder = new SignalRecorder(fold, clock);
    life(recorder);
    nowMs += SLICE_MS;
    const timings = { takenAtMs: 0, plannedAtMs: 1, appendedAtMs: 2, appendedMonotonicMs: 0, planMs: 0.1 };
    recorder.take({ cell: 'main', epoch: 1, turn: 3, hash: new Uint8Array(32), atMs: 0, entries: [], timings });
    const count = (slices: number) => recorder.series('planningTime')[0]?.values.window(slices).count;
    expect([count(1), count(2)]).toEqual([1, 3]);
  });

  it('gives what was recorded in all of a window, however far its half minute is, and says how long it is', () => {
    nowMs = 10 * SLICE_MS + 12_000;
    const recorder = new SignalRecorder(fold, clock);
    const seen = () => {
      const { windowMs, series } = recorder.recent('slotOccupancy', 30_000);
      return [windowMs, series[0]?.count];
    };
    life(recorder);
    expect(seen()).toEqual([1, 1]);
    nowMs += 17_000;
    expect(seen()).toEqual([17_000, 1]);
    nowMs += 1_500;
    expect(seen()).toEqual([18_500, 1]);
    nowMs += 29_000;
    expect(seen()).toEqual([47_500, 1]);
    nowMs += 1_000;
    expect(seen()).toEqual([30_500, 0]);
    nowMs += 240_000;
    expect(recorder.recent('slotOccupancy', 300_000)).toMatchObject({ windowMs: 288_500, series: [{ count: 1 }] });
    for (let atLeastMs = 1; atLeastMs <= 300_000; atLeastMs += 6_999) {
      const { windowMs } = recorder.recent('slotOccupancy', atLeastMs);
      expect(windowMs).toBeGreaterThanOrEqual(Math.min(atLeastMs, 288_500));
      expect(windowMs).toBeLessThan(atLeastMs + SLICE_MS);
    }
  });

  it('counts each lease once, and none of turns of which it is not known how long they took: another leader made them', () => {
    const recorder = new SignalRecorder(fold, clock);
    const timings = { takenAtMs: 0, plannedAtMs: 1, appendedAtMs: 2, appendedMonotonicMs: 0, planMs: 0.1 };
    for (const [turn, known] of [{}, {}, { timings }, { timings }].entries()) {
      const entries = [
        event(Code.SlotReserved, { token: turn + 1, executor: 1, slots: 1 }),
        event(Code.JobDispatched, { token: turn + 1, dag: 1, job: turn }),
      ];
      recorder.take({ cell: 'main', epoch: 1, turn, hash: new Uint8Array(32), atMs: 1, entries, ...known });
    }
    expect(recorder.series('leaseTime')[0]?.values.count).toBe(2);
  });

  it('knows the class of slots that an executor came back with, when their work stops', () => {
    const recorder = new SignalRecorder(fold, clock);
    const entries = [
      event(Code.SlotWithdrawn, { token: 90, slots: 1 }, CauseCode.timer),
      event(Code.SlotReportedHeld, { token: 90, executor: 2, slots: 1 }),
      event(Code.SlotReleased, { token: 90, slots: 1, occupancyMs: 5 }),
    ];
    recorder.take({ cell: 'main', epoch: 1, turn: 1, hash: new Uint8Array(32), atMs: 1, entries });
    expect(recorder.series('slotOccupancy').map(({ labels }) => labels['class'])).toEqual(['class-2']);
  });

  it('lets classes beyond the first 128 share a series', () => {
    const recorder = new SignalRecorder(fold, clock);
    const entries = [1, 200, 300].flatMap((executor) => [
      event(Code.SlotReserved, { token: executor, executor, slots: 1 }),
      event(Code.SlotReleased, { token: executor, slots: 1, occupancyMs: 5 }),
    ]);
    recorder.take({ cell: 'main', epoch: 1, turn: 1, hash: new Uint8Array(32), atMs: 1, entries });
    const found = recorder
      .series('slotOccupancy')
      .map(({ labels, values }) => [labels['class'], values.window(1).count]);
    expect(found).toEqual([
      ['other', 2],
      ['class-1', 1],
    ]);
  });

  it('is told to Prometheus as histograms and a gauge, without a DAG or a job', async () => {
    const registry = new Registry();
    const recorder = new SignalRecorder(fold, clock);
    life(recorder);
    registerSignals(registry, recorder, fold.pressure);
    const text = await registry.metrics();
    expect(text).toContain('# TYPE marie_slot_wait_ms histogram');
    expect(text).toContain('marie_slot_wait_ms_bucket{group="default",class="class-1",le="25"} 0');
    expect(text).toContain('marie_slot_wait_ms_bucket{group="default",class="class-1",le="50"} 1');
    expect(text).toContain('marie_slot_wait_ms_bucket{group="default",class="class-1",le="+Inf"} 1');
    expect(text).toContain('marie_slot_wait_ms_sum{group="default",class="class-1"} 40');
    expect(text).toContain('marie_end_to_end_ms_count{outcome="succeeded"} 1');
    expect(text).toContain('marie_sla_pressure{group="",class="",priority="0"} 0.5');
    nowMs += 20 * SLICE_MS;
    recorder.goOn();
    expect(await registry.metrics()).toContain('marie_frontier_wait_ms_count 1');
  });
});

it('a process that follows another gives its metrics, without the clock that only a leader has', async () => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  const metrics = async () => await (await fetch(`${gateway.url}/metrics`)).text();
  expect(await metrics()).toMatch(/^marie_clock_ahead_ms 7$/mu);
  vi.spyOn(gateway.views, 'cell').mockReturnValue({ ...gateway.views.cell(), clockAheadMs: null as never });
  const follows = await metrics();
  expect(follows).toMatch(/^marie_turn \d+$/mu);
  expect(follows).not.toMatch(/^marie_clock_ahead_ms /mu);
});
