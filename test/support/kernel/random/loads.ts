/**
 * Random loads of the planner, as plans of a simulation: wide
 * jobs, rates, limits, deadlines, fan-outs, tenants that hold.
 */
import fc from 'fast-check';
import type { Kernel } from '../../../../src/kernel/kernel.js';
import { policyIds } from '../../../../src/kernel/policy/index.js';
import { START_MS, VirtualCell, type Watcher } from '../../../../src/simulate/cell/virtual-cell.js';
import type { World } from '../../../../src/simulate/cell/world.js';
import { checkPlan } from '../../../../src/simulate/index.js';
import { PlanWorld } from '../../../../src/simulate/load/plan-world.js';

/** How long a load is looked at, in ms. */
const LOOKED_MS = 90_000;

const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const rate = fc.oneof(
  fc.record({ per: of('starts'), add: fc.integer({ min: 1, max: 20 }), perMs: of(1000, 3000, 9000) }),
  fc.record({ per: of('units'), add: fc.integer({ min: 30, max: 60 }), perMs: of(1000, 9000), burst: of(30, 60) }),
);

const executorClass = fc.record({
  executors: fc.integer({ min: 1, max: 3 }),
  slots: fc.integer({ min: 1, max: 5 }),
  maxSlots: sometimes(fc.integer({ min: 1, max: 6 })),
  rates: sometimes(fc.tuple(rate)),
});

const job = fc.record({
  executorClass: of<'p' | 'q'>('p', 'q'),
  slots: of(1, 1, 1, 2, 3, 5),
  isAfter: fc.boolean(),
  units: fc.integer({ min: 0, max: 30 }),
  fanOut: sometimes(fc.record({ count: fc.nat({ max: 6 }) })),
  timeoutMs: of(undefined, undefined, undefined, 1500),
  run: fc.record({ time: of(200, 1000, 1000, 4000, 30_000) }),
  estimateMs: of(undefined, undefined, 500, 20_000),
});

const stream = fc.record({
  tenant: of(['a'], ['b'], ['a', 'b', 'c']),
  priority: of(0, 0, 0, 3),
  count: fc.integer({ min: 3, max: 25 }),
  jobs: fc.array(job, { minLength: 1, maxLength: 5 }),
  deadline: sometimes(fc.record({ paths: of([1, 12]), share: of(0.7) })),
});

/** A random load. */
export const load = fc.record({
  policy: of('default@1', 'default@1', 'default@1', ...policyIds()),
  p: executorClass,
  q: executorClass,
  streams: fc.array(stream, { minLength: 1, maxLength: 4 }),
  activeDags: sometimes(fc.integer({ min: 1, max: 5 })),
  isDisturbed: fc.boolean(),
});

export type Load = typeof load extends fc.Arbitrary<infer T> ? T : never;

/** The plan of a load, as somebody would write it. */
function planOf({ policy, p, q, streams, activeDags, isDisturbed }: Load): unknown {
  const change = (at: string, share: number): object => ({ at, class: 'p', share });
  return defined({
    duration: '1min',
    end: 'duration',
    policy,
    classes: { p, q },
    tenants: activeDags === undefined ? undefined : { a: { activeDags } },
    load: streams.map(({ count, jobs, ...more }, n) => ({
      ...more,
      name: `s${n}`,
      arrivals: { count },
      jobs: jobs.map(({ isAfter, slots, ...fields }, i) => ({
        ...fields,
        id: `j${i}`,
        slots: Math.min(slots, { p, q }[fields.executorClass].slots),
        after: isAfter && i > 0 ? [`j${i - 1}`] : [],
      })),
    })),
    changes: isDisturbed ? [change('15s', 0.5), change('35s', 1)] : undefined,
  });
}

/** Without the fields that are not there. */
function defined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Plays a load on a kernel; `around` may put another world around that of the plan. */
export function play(one: Load, kernel: Kernel, watch: Watcher, around = (world: World): World => world): void {
  const world = around(new PlanWorld(checkPlan(planOf(one), () => null)));
  new VirtualCell(world, watch, kernel).run(START_MS + LOOKED_MS);
}
