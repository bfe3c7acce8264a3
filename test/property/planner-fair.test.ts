/**
 * The DAGs of a tenant under `fair@1` against start-time fair queueing as it is written in books: a model in which all tags
 * are 0 when a busy period begins. That the fabric keeps rows over such periods thus changes no decision, and no tag.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { EvidenceField } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import { Code, job } from '../support/kernel/bench.js';
import { type Arrival, LoadRun } from '../support/kernel/load.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 80);
const seed = process.env['MARIE_SEED'] ?? '1';

const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** A class that is not looked at: DAGs are there while they want nothing of the other one. */
const ELSEWHERE = 'elsewhere';

interface Dag {
  tag: number;
  ready: number;
  /** Charges for what still runs. */
  pending: number;
  /** It has wanted more ever since this token was granted. */
  sinceToken: number;
}

/** The DAGs of one tenant. */
class Tenant {
  private readonly dags = new Map<number, Dag>();
  private v = 0;
  private ready = 0;
  private leases = 0;

  /** A job of the DAG is ready, after the lease of this token was granted. */
  begin(seq: number, lastToken: number): void {
    if (this.ready === 0 && this.leases === 0) {
      this.v = 0;
      this.dags.clear();
    }
    const dag = this.of(seq);
    if (dag.ready === 0) {
      dag.tag = Math.max(dag.tag, this.v);
      dag.sinceToken = lastToken;
    }
    dag.ready += 1;
    this.ready += 1;
  }

  dispatch(seq: number, cost: number): void {
    for (const [other, { tag, ready }] of this.dags) {
      const own = this.of(seq).tag;
      if (ready === 0 || other === seq || tag > own || (tag === own && other > seq)) continue;
      throw new Error(`DAG ${seq} is dispatched at ${own}, before DAG ${other} at ${tag}`);
    }
    const dag = this.of(seq);
    this.v = Math.max(this.v, dag.tag - dag.pending);
    dag.tag += cost;
    dag.pending += cost;
    dag.ready -= 1;
    this.ready -= 1;
    this.leases += 1;
  }

  /** Tag of a DAG before one of its jobs is dispatched. */
  tagOf(seq: number): number {
    return this.of(seq).tag;
  }

  release(seq: number, token: number, cost: number, actual: number): void {
    const dag = this.of(seq);
    const least = token > dag.sinceToken ? 0 : this.v;
    dag.tag = Math.max(least, dag.tag + actual - cost);
    dag.pending -= cost;
    this.leases -= 1;
  }

  private of(seq: number): Dag {
    const known = this.dags.get(seq);
    if (known !== undefined) return known;
    const made = { tag: 0, ready: 0, pending: 0, sinceToken: 0 };
    this.dags.set(seq, made);
    return made;
  }
}

class Model {
  private readonly tenants = new Map<string, Tenant>();
  private readonly charges = new Map<number, { readonly dag: number; readonly cost: number }>();
  dispatches = 0;
  private lastToken = 0;

  take(event: EventEntry, { bench }: LoadRun): void {
    const tenantOf = (dag: number) => this.tenant(bench.cold.specs.get(dag)!.tenant);
    const isElsewhere = ({ dag, job: index }: { readonly dag: number; readonly job: number }) =>
      bench.cold.specs.get(dag)!.jobs[index]!.executorClass === ELSEWHERE;
    if (event.code === Code.JobReadied && !isElsewhere(event.body))
      tenantOf(event.body.dag).begin(event.body.dag, this.lastToken);
    if (event.code === Code.JobDispatched) this.lastToken = event.body.token;
    if (event.code === Code.JobDispatched && !isElsewhere(event.body)) {
      const { dag, token, evidence } = event.body;
      const { decidedBy, runnerUpDag, runnerUpValue } = evidence;
      if (decidedBy === EvidenceField.dagTag && tenantOf(runnerUpDag).tagOf(runnerUpDag) !== runnerUpValue)
        throw new Error(`DAG ${runnerUpDag} is the runner-up at ${runnerUpValue}`);
      tenantOf(dag).dispatch(dag, evidence.cost);
      this.charges.set(token, { dag, cost: evidence.cost });
      this.dispatches += 1;
    }
    const charge = event.code === Code.SlotReleased ? this.charges.get(event.body.token) : undefined;
    if (event.code !== Code.SlotReleased || charge === undefined) return;
    tenantOf(charge.dag).release(charge.dag, event.body.token, charge.cost, event.body.occupancyMs);
  }

  private tenant(name: string): Tenant {
    const known = this.tenants.get(name);
    if (known !== undefined) return known;
    const made = new Tenant();
    this.tenants.set(name, made);
    return made;
  }
}

/** Chains and jobs side by side, so that DAGs are away for a while and come back; tenants too. */
const load = fc.record({
  slots: of([1], [1], [2], [4]),
  arrivals: fc.array(
    fc.record({
      atMs: fc.nat({ max: 30_000 }),
      percent: of(100, 30, 250),
      jobs: fc
        .array(
          fc.record({ estimateMs: of(7, 100, 901, 4000), isLast: fc.boolean(), isElsewhere: of(false, false, true) }),
          { minLength: 1, maxLength: 6 },
        )
        .map((jobs) =>
          jobs.map(({ estimateMs, isLast, isElsewhere }, i) => {
            const executorClass = isElsewhere ? ELSEWHERE : 'ocr';
            return job(`j${i}`, { estimateMs, executorClass, after: isLast && i > 0 ? [`j${i - 1}`] : [] });
          }),
        ),
      more: fc.record({ tenant: of('a', 'a', 'b') }),
    }),
    { minLength: 5, maxLength: 40 },
  ) as fc.Arbitrary<readonly Arrival[]>,
});

describe('the DAG that is next of its tenant', () => {
  it('is that of a model in which a busy period begins with nothing', { timeout: 600_000 }, () => {
    let dispatches = 0;
    fc.assert(
      fc.property(load, ({ slots, arrivals }) => {
        const model = new Model();
        const run = new LoadRun({ slots }, (event, self) => model.take(event, self));
        run.bench.give(Code.SetPolicy, { policy: 'fair@1' });
        run.bench.register('elsewhere', { executorClass: ELSEWHERE, slots: 100, sessionMs: 600_000 });
        run.run(arrivals);
        if (run.bench.kernel.state.fairDags.table.live !== 0) throw new Error('tags are left when all DAGs have ended');
        dispatches += model.dispatches;
      }),
      { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) },
    );
    if (dispatches < 10 * runs) throw new Error(`only ${dispatches} dispatches`);
  });
});
