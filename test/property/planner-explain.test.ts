/** What `explain` says of ready jobs holds, turn after turn, on random loads of the real kernel under a virtual clock. */
import fc from 'fast-check';
import { it } from 'vitest';
import { DagState, EvidenceField, JobState, Lane } from '../../src/catalogue/generated/codes.js';
import { type Blocked, explain } from '../../src/kernel/explain/index.js';
import { slotsOf } from '../../src/kernel/fold.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { Placement } from '../../src/kernel/placement.js';
import { policyIds } from '../../src/kernel/policy/index.js';
import { checkPlan } from '../../src/simulate/index.js';
import { PlanWorld } from '../../src/simulate/plan-world.js';
import { START_MS, VirtualCell, type VirtualTurn } from '../../src/simulate/virtual-cell.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

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

const load = fc.record({
  policy: of('default@1', 'default@1', 'default@1', ...policyIds()),
  p: executorClass,
  q: executorClass,
  streams: fc.array(stream, { minLength: 1, maxLength: 4 }),
  activeDags: sometimes(fc.integer({ min: 1, max: 5 })),
  isDisturbed: fc.boolean(),
});

type Load = typeof load extends fc.Arbitrary<infer T> ? T : never;

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

/** What was said of a job, and whether it was so. */
interface Said {
  readonly job: string;
  readonly blocked: Blocked;
  /** What is wrong with it, if time passes before the next turn. */
  readonly wrong: string | null;
}

class Listener {
  readonly kernel = new Kernel();
  #said: readonly Said[] = [];
  #at = 0;

  hear({ turn, at, result }: VirtualTurn): void {
    if (at > this.#at) this.#check();
    this.#at = at;
    this.#said = result.full || result.unfinished ? [] : this.#sayAll(turn, at);
  }

  #check(): void {
    for (const { job: name, blocked, wrong } of this.#said) {
      if (wrong !== null) throw new Error(`${name}: ${wrong}: ${JSON.stringify(blocked)}`);
    }
  }

  #sayAll(turn: number, at: number): readonly Said[] {
    const { dags, jobs, space } = this.kernel.state;
    const said: Said[] = [];
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag) || dags.c.state[dag] !== DagState.open) continue;
      for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
        const row = space.handle(dag, index);
        if (row === 0 || jobs.c.state[row] !== JobState.ready) continue;
        const { state, indexes } = this.kernel;
        const blocked = explain({ state, indexes, at, running: at }, dag, row, [])!;
        const wrong = this.#wrongWith(blocked, at, dag, row);
        said.push({ job: `turn ${turn}, DAG ${dags.keyA[dag]}, job ${index}`, blocked, wrong });
      }
    }
    return said;
  }

  #wrongWith(blocked: Blocked, at: number, dag: number, row: number): string | null {
    switch (blocked.reason) {
      case 'turn-full':
        return 'the next turn has not gone on with it';
      case 'rate-limited':
        return blocked.untilMs > at ? null : 'there are tokens';
      case 'waiting-for-reservation': {
        const { state } = this.kernel;
        const free = Placement.offered(state, state.executors.find(blocked.executor));
        return free < slotsOf(state, row) ? null : 'its executor has room';
      }
      case 'no-free-slot':
        if (blocked.ahead === null)
          return blocked.widest < blocked.slots ? null : 'it has room, and nothing is before it';
        return this.#isBefore(blocked.ahead, dag, row) ? null : 'what is ahead of it comes after it';
      default:
        return null;
    }
  }

  #isBefore({ field, value, own }: { field: number; value: number; own: number }, dag: number, row: number): boolean {
    const { policy, heads } = this.kernel.indexes;
    const flow = heads.flow(row);
    // Regular work has a share beside what is urgent.
    if (field === EvidenceField.lane) return value < own || (value === Lane.regular && own === Lane.urgent);
    const part = policy.keyOf({ job: row, flow, dag, lane: policy.laneOf(flow) }).find((one) => one.field === field);
    return part === undefined || (part.descends ? value > own : value < own);
  }
}

it('what is said of ready jobs holds until time passes', () => {
  fc.assert(
    fc.property(load, (one) => {
      const listener = new Listener();
      const world = new PlanWorld(checkPlan(planOf(one), () => null));
      new VirtualCell(world, (turn) => listener.hear(turn), listener.kernel).run(START_MS + LOOKED_MS);
    }),
    settings,
  );
});
