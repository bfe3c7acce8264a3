/**
 * What the planner promises (policy.md: Tenants share by weight; The
 * guard), on random loads: nothing waits for ever, tenants share.
 */

import fc from 'fast-check';
import { describe, it } from 'vitest';
import { JobState, Lane } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { costOf, shapeOf } from '../../src/kernel/evolve/flows.js';
import { slotsOf } from '../../src/kernel/fold.js';
import { shapeOfFlow } from '../../src/kernel/rows/keys.js';
import { Code, job } from '../support/kernel/bench.js';
import { type Arrival, LoadRun } from '../support/kernel/load.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** A DAG of a chain, or of jobs side by side. */
function dagOf(estimates: readonly number[], isChain: boolean) {
  return estimates.map((estimateMs, i) => job(`j${i}`, { estimateMs, after: isChain && i > 0 ? [`j${i - 1}`] : [] }));
}

const TENANTS = ['a', 'b', 'c'] as const;

/** More than the slots can do, for longer than a DAG's patience. */
const overload: fc.Arbitrary<readonly Arrival[]> = fc.array(
  fc.record({
    atMs: fc.nat({ max: 400_000 }),
    percent: of(100, 100, 60, 180, 1),
    jobs: fc
      .tuple(fc.array(of(200, 1000, 5000, 40_000), { minLength: 1, maxLength: 12 }), fc.boolean())
      .map(([estimates, isChain]) => dagOf(estimates, isChain)),
    more: fc.record({
      tenant: of(...TENANTS),
      priority: of(0, 0, 1, 9),
      deadlineAtMs: fc.oneof(fc.constant(null), fc.integer({ min: 1_000, max: 700_000 })),
    }),
  }),
  { minLength: 10, maxLength: 60 },
);

/** A flood of important work, and a few DAGs that nobody but the guard lets through. */
const flood: fc.Arbitrary<readonly Arrival[]> = fc
  .record({
    estimateMs: of(1000, 4000),
    important: fc.integer({ min: 3, max: 6 }),
    low: fc.array(
      fc.record({
        atMs: fc.nat({ max: 60_000 }),
        percent: fc.constant(100),
        jobs: fc
          .array(of(300, 1000, 4000), { minLength: 1, maxLength: 6 })
          .map((estimates) => dagOf(estimates, estimates.length % 2 === 0)),
        more: fc.record({ tenant: of(...TENANTS), priority: of(0, 1) }),
      }),
      { minLength: 2, maxLength: 8 },
    ),
  })
  .map(({ estimateMs, important, low }) => {
    const jobs = dagOf(
      Array.from({ length: Math.floor(300_000 / estimateMs) }, () => estimateMs),
      false,
    );
    const more = { tenant: 'a', priority: 9 };
    return [...low, ...Array.from({ length: important }, () => ({ atMs: 0, percent: 100, jobs, more }))];
  });

/** What was so when a flow was first seen overdue. */
interface Noted {
  readonly done: number;
  readonly rest: number;
  readonly jobs: number;
}

/**
 * Watches the flows that are overdue (policy.md: The guard). What counts is work that was really done: what others say
 * that their jobs take must neither lock the guard out nor let it in.
 */
class Watch {
  private readonly noted = new Map<string, Noted>();
  private done = 0;
  private largest = 0;
  /** How many flows were seen overdue and dispatched then, and how much of the bound was used at most. */
  checked = 0;
  used = 0;

  constructor(private readonly slots: number) {}

  take(event: EventEntry, { bench }: LoadRun): void {
    if (event.code === Code.SlotReleased) this.ended(event.body.occupancyMs);
    if (event.code !== Code.JobDispatched) return;
    const { state } = bench.kernel;
    const { dag, job: index, evidence } = event.body;
    const flags = state.jobs.c.flags[state.space.handle(state.dags.find(dag), index)]!;
    const flow = `${dag} ${shapeOf(flags)}`;
    const noted = this.noted.get(flow);
    this.largest = Math.max(this.largest, evidence.cost);
    if (noted !== undefined) {
      // Of what ran when it was noted a part was done before.
      const bound = 16 * (noted.rest + this.largest) + (noted.jobs + this.slots) * this.largest;
      const waited = this.done - noted.done;
      if (waited > bound) throw new Error(`${flow} waited while ${waited} slot-ms were done, of at most ${bound}`);
      this.checked += 1;
      this.used = Math.max(this.used, waited / bound);
      this.noted.delete(flow);
    }
  }

  private ended(occupancyMs: number): void {
    this.done += occupancyMs;
    this.largest = Math.max(this.largest, occupancyMs);
  }

  /** Notes the flows that are overdue now and have jobs. */
  look({ bench }: LoadRun): void {
    const { flows, dags } = bench.kernel.state;
    for (let flow = 1; flow < flows.table.high; flow++) {
      if (!flows.table.isLive(flow) || flows.c.ready[flow] === 0) continue;
      const dag = dags.find(flows.keyA[flow]!);
      const dueAt = dags.c.dueAtMs[dag]!;
      const name = `${dags.keyA[dag]} ${shapeOfFlow(flows.keyB[flow]!)}`;
      if (dueAt > bench.at || this.noted.has(name)) continue;
      this.noted.set(name, { done: this.done, ...restOf(bench, dueAt) });
    }
  }
}

/** How long the jobs of a DAG take, as a part of what is expected. */
function percentOf(bench: LoadRun['bench'], dag: number): number {
  return Number(bench.cold.specs.get(bench.kernel.state.dags.keyA[dag]!)!.labels[0]!.value) / 100;
}

/** Slot-ms, charged or taken, and number of the jobs still to be dispatched of DAGs that are due by then. */
function restOf(bench: LoadRun['bench'], dueAt: number): { readonly rest: number; readonly jobs: number } {
  const { dags, jobs, space } = bench.kernel.state;
  let rest = 0;
  let count = 0;
  for (let dag = 1; dag < dags.table.high; dag++) {
    if (!dags.table.isLive(dag) || dags.c.dueAtMs[dag]! > dueAt) continue;
    for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
      const row = space.handle(dag, index);
      if (jobs.c.state[row] !== JobState.waiting && jobs.c.state[row] !== JobState.ready) continue;
      rest += costOf(jobs.c.estimateMs[row]!, slotsOf(bench.kernel.state, row)) * Math.max(1, percentOf(bench, dag));
      count += 1;
    }
  }
  return { rest, jobs: count };
}

describe('the guard', () => {
  it('dispatches a flow that is overdue before its class has done 16 (R + E) + (n + slots) E more', {
    timeout: 600_000,
  }, () => {
    let checked = 0;
    let used = 0;
    fc.assert(
      fc.property(fc.oneof(overload, flood), of([1], [2], [1, 1, 1]), (arrivals, slots) => {
        const watch = new Watch(slots.length);
        const run = new LoadRun({ slots }, (event, self) => watch.take(event, self));
        run.run(arrivals, () => watch.look(run));
        checked += watch.checked;
        used = Math.max(used, watch.used);
      }),
      settings,
    );
    // Otherwise the loads would be too light to say anything.
    if (checked < runs || used < 0.7)
      throw new Error(`only ${checked} flows were overdue, ${used} of the bound was used`);
  });
});

/** Two tenants or more that want the slots all the time, with exact estimates and no deadlines. */
const sharing = fc.record({
  slots: of([1], [3], [2, 2]),
  weights: fc.record({ a: of(1, 1, 3), b: of(1, 1, 2), c: of(1, 5) }),
  arrivals: fc.array(
    fc.record({
      atMs: of(0, 0, 0, 500, 3000, 9000),
      percent: fc.constant(100),
      jobs: fc
        .tuple(fc.array(of(50, 100, 700, 1300), { minLength: 1, maxLength: 10 }), fc.boolean())
        .map(([estimates, isChain]) => dagOf(estimates, isChain)),
      more: fc.record({ tenant: of(...TENANTS) }),
    }),
    { minLength: 4, maxLength: 25 },
  ),
});

/** What each tenant has been charged for its weight, while all that are compared want slots. */
class Shares {
  /** Of each pair of tenants that both have ready jobs: the difference, its least and its most since both have. */
  private readonly pairs = new Map<string, { difference: number; least: number; most: number }>();
  private readonly ready = new Map<string, number>();
  largest = 0;
  /** Charges that were compared. */
  compared = 0;

  constructor(
    private readonly weights: Readonly<Record<string, number>>,
    private readonly slots: number,
  ) {}

  take(event: EventEntry, { bench }: LoadRun): void {
    if (event.code !== Code.JobReadied && event.code !== Code.JobDispatched) return;
    const { tenant } = bench.cold.specs.get(event.body.dag)!;
    if (event.code === Code.JobReadied) {
      this.ready.set(tenant, this.count(tenant) + 1);
      return;
    }
    if (event.body.evidence.lane !== Lane.regular) throw new Error('the guard is not silent');
    const { cost } = event.body.evidence;
    this.largest = Math.max(this.largest, cost);
    for (const other of TENANTS) if (other !== tenant && this.count(other) > 0) this.charge(tenant, other, cost);
    this.ready.set(tenant, this.count(tenant) - 1);
    if (this.count(tenant) > 0) return;
    for (const pair of [...this.pairs.keys()]) if (pair.includes(tenant)) this.pairs.delete(pair);
  }

  private count(tenant: string): number {
    return this.ready.get(tenant) ?? 0;
  }

  private charge(tenant: string, other: string, cost: number): void {
    const isFirst = tenant < other;
    const name = isFirst ? tenant + other : other + tenant;
    const pair = this.pairs.get(name) ?? { difference: 0, least: 0, most: 0 };
    this.pairs.set(name, pair);
    pair.difference += ((isFirst ? 1 : -1) * cost) / this.weights[tenant]!;
    pair.least = Math.min(pair.least, pair.difference);
    pair.most = Math.max(pair.most, pair.difference);
    this.compared += 1;
    // Who comes begins where others are without what runs of theirs, which is all slots but one at most. Each charge is
    // rounded down to a whole slot-ms of tag; what is left stays for the next.
    const [own, its] = [this.largest / this.weights[tenant]!, this.largest / this.weights[other]!];
    const bound = own + its + (this.slots - 1) * Math.max(own, its) + 2;
    const apart = pair.most - pair.least;
    if (apart > bound) throw new Error(`${tenant} and ${other} are ${apart} apart, which may be ${bound}`);
  }
}

describe('tenants that both want slots', () => {
  it('are never further apart than E / weight of each and what ran at the beginning, over any time', {
    timeout: 600_000,
  }, () => {
    let compared = 0;
    fc.assert(
      fc.property(sharing, ({ slots, weights, arrivals }) => {
        const shares = new Shares(
          weights,
          slots.reduce((sum, count) => sum + count, 0),
        );
        new LoadRun({ slots, weights }, (event, self) => shares.take(event, self)).run(arrivals);
        compared += shares.compared;
      }),
      settings,
    );
    if (compared < 10 * runs) throw new Error(`only ${compared} charges were compared`);
  });
});
