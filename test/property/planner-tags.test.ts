/**
 * Tags of tenants against start-time fair queueing as it is written in books: a model that drops no tag while anybody is
 * busy. A row that the fabric drops (policy.md: Tenants share by weight) thus changes no decision.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Lane } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { Code, job } from '../support/kernel/bench.js';
import { type Arrival, LoadRun } from '../support/kernel/load.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 80);
const seed = process.env['MARIE_SEED'] ?? '1';

const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const TENANTS = ['a', 'b', 'c', 'd', 'e'] as const;

interface Tag {
  tag: number;
  rem: number;
  ready: number;
  leases: number;
  /** Charges for what still runs. */
  pending: number;
  /** How far it was ahead of V when its tenant came back, had what ran been charged as it is now. */
  ahead: number;
}

/** Tags of one class and one priority. */
class Model {
  private readonly tags = new Map<string, Tag>();
  private readonly charges = new Map<number, { readonly tenant: string; readonly cost: number; isOld: boolean }>();
  private v = 0;
  private busy = 0;
  /** Dispatches whose tags were compared, and tenants that came back to a tag that is not ahead. */
  compared = 0;
  returned = 0;

  constructor(private readonly weights: Readonly<Record<string, number>>) {}

  take(event: EventEntry, { bench }: LoadRun): void {
    const { specs } = bench.cold;
    if (event.code === Code.JobReadied) this.ready(specs.get(event.body.dag)!.tenant);
    if (event.code === Code.SlotReleased) this.release(event.body.token, event.body.occupancyMs);
    if (event.code !== Code.JobDispatched) return;
    const { dag, token, evidence } = event.body;
    this.dispatch(specs.get(dag)!.tenant, token, evidence.cost, evidence.lane, evidence.tenantTag);
  }

  private of(tenant: string): Tag {
    const known = this.tags.get(tenant);
    if (known !== undefined) return known;
    const made = { tag: 0, rem: 0, ready: 0, leases: 0, pending: 0, ahead: 0 };
    this.tags.set(tenant, made);
    return made;
  }

  private ready(tenant: string): void {
    const own = this.of(tenant);
    if (own.ready === 0 && own.leases === 0) this.busy += 1;
    const ahead = own.tag - this.v;
    if (own.ready === 0 && ahead <= 0) {
      if (own.tag > 0) this.returned += 1;
      own.tag = this.v;
      // A tenant that was away begins as one that was never there.
      if (own.leases === 0) own.rem = 0;
    }
    // What runs moves it as far as it would begin ahead of V now, were all of it charged already.
    if (own.ready === 0) {
      own.ahead = ahead;
      for (const charge of this.charges.values()) if (charge.tenant === tenant) charge.isOld = true;
    }
    own.ready += 1;
  }

  private dispatch(tenant: string, token: number, cost: number, lane: number, tag: number): void {
    const own = this.of(tenant);
    if (own.tag !== tag) throw new Error(`${tenant} is dispatched at ${tag}, and should be at ${own.tag}`);
    this.compared += 1;
    if (lane === Lane.regular) this.v = Math.max(this.v, own.tag - own.pending);
    this.add(own, tenant, cost);
    own.pending += Math.floor(cost / this.weights[tenant]!);
    own.ready -= 1;
    own.leases += 1;
    this.charges.set(token, { tenant, cost, isOld: false });
  }

  private release(token: number, actual: number): void {
    const { tenant, cost, isOld } = this.charges.get(token)!;
    this.charges.delete(token);
    const own = this.of(tenant);
    const before = own.tag;
    this.add(own, tenant, actual - cost);
    if (isOld) {
      const ahead = own.ahead + own.tag - before;
      own.tag = before + Math.max(0, ahead) - Math.max(0, own.ahead);
      own.ahead = ahead;
    }
    own.pending -= Math.floor(cost / this.weights[tenant]!);
    own.leases -= 1;
    if (own.ready > 0 || own.leases > 0) return;
    this.busy -= 1;
    if (this.busy > 0) return;
    this.v = 0;
    this.tags.clear();
  }

  private add(own: Tag, tenant: string, amount: number): void {
    const weight = this.weights[tenant]!;
    const sum = own.rem + amount;
    own.tag += Math.floor(sum / weight);
    own.rem = sum - Math.floor(sum / weight) * weight;
  }
}

/** Jobs side by side, or one after the other. */
function jobsOf(estimates: readonly number[], isChain: boolean) {
  return estimates.map((estimateMs, i) => job(`j${i}`, { estimateMs, after: isChain && i > 0 ? [`j${i - 1}`] : [] }));
}

/**
 * Tenants come and go, so that tags are ahead, are caught up with, and are dropped. Between two links of a chain that is
 * alone nobody wants anything.
 */
const load = fc.record({
  slots: of([1], [2], [4]),
  weights: fc.record({ a: of(1, 3), b: of(1, 7), c: of(1, 2), d: of(1, 1000), e: of(1, 6) }),
  arrivals: fc.array(
    fc.record({
      atMs: fc.nat({ max: 30_000 }),
      percent: of(100, 30, 250),
      jobs: fc
        .tuple(fc.array(of(7, 100, 901, 4000), { minLength: 1, maxLength: 6 }), fc.boolean())
        .map(([estimates, isChain]) => jobsOf(estimates, isChain)),
      more: fc.record({ tenant: of(...TENANTS), deadlineAtMs: of(null, null, 9000, 30_000) }),
    }),
    { minLength: 5, maxLength: 40 },
  ) as fc.Arbitrary<readonly Arrival[]>,
});

describe('the tag of a tenant', () => {
  it('is that of a tenant whose rows were never dropped', { timeout: 600_000 }, () => {
    let compared = 0;
    let returned = 0;
    fc.assert(
      fc.property(load, ({ slots, weights, arrivals }) => {
        const model = new Model(weights);
        const run = new LoadRun({ slots, weights }, (event, self) => model.take(event, self));
        run.run(arrivals);
        if (run.bench.kernel.state.tags.table.live !== 0) throw new Error('tags are left when nobody wants anything');
        compared += model.compared;
        returned += model.returned;
      }),
      { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) },
    );
    if (compared < 20 * runs || returned < runs / 2) throw new Error(`only ${compared} compared, ${returned} returned`);
  });

  it('is not ahead of others by what it had before the only one who was there since wanted nothing for a moment', () => {
    const minute = 60_000;
    const many = (estimateMs: number) =>
      jobsOf(
        Array.from({ length: 100 }, () => estimateMs),
        false,
      );
    const chain = jobsOf(
      Array.from({ length: 100 }, () => minute),
      true,
    );
    const come = (atMs: number, tenant: string, jobs: Arrival['jobs']): Arrival => {
      return { atMs, percent: 100, jobs, more: { tenant } };
    };
    const had = { a: 0, b: 0 };
    const backMs = 90 * minute;
    const run = new LoadRun({ slots: [17] }, ({ code, body }, { bench }) => {
      if (code !== Code.JobDispatched || bench.at < run.startMs + backMs) return;
      if (bench.at < run.startMs + backMs + 3 * minute) had[bench.cold.specs.get(body.dag)!.tenant as 'a' | 'b'] += 1;
    });
    run.run([
      come(0, 'a', many(10 * minute).slice(0, 16)),
      come(0, 'b', chain),
      come(backMs, 'b', many(minute)),
      come(backMs, 'a', many(minute)),
    ]);
    if (Math.abs(had.a - had.b) > 3) throw new Error(`a has started ${had.a} jobs, b ${had.b}`);
  });

  it('has no remainder from before when it comes back behind the others, whether its row is there still or not', () => {
    const come = (atMs: number, tenant: string, ...estimates: number[]): Arrival => {
      const jobs = estimates.map((estimateMs, i) => job(`j${i}`, { estimateMs }));
      return { atMs, percent: 100, jobs, more: { tenant } };
    };
    const first = [come(0, 'd', 901), come(0, 'e', 100), come(0, 'b', 7), come(0, 'a', 7)];
    const second = [come(215, 'a', 7), come(215, 'e', 7, 100), come(215, 'a', 7), come(0, 'd', 100)];
    const weights = { a: 1, b: 1, d: 1, e: 6 };
    const model = new Model(weights);
    new LoadRun({ slots: [1], weights }, (event, self) => model.take(event, self)).run([...first, ...second]);
    if (model.compared !== 9) throw new Error(`${model.compared} dispatches`);
  });
});
