import type { EventEntry, InputEntry, JobSpec, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { Code, input, KernelBench, registration, submission } from './bench.js';

/** A DAG that comes at a moment; its jobs take as long as they are expected to, or so many hundredths of that. */
export interface Arrival {
  readonly atMs: number;
  readonly jobs: readonly JobSpec[];
  readonly percent: number;
  readonly more?: Partial<SubmitDag>;
}

/** What a load is run on: executors of one class, with so many slots each. */
export interface Stage {
  readonly slots: readonly number[];
  readonly weights?: Readonly<Record<string, number>>;
}

/**
 * Runs a load on a kernel: DAGs come, jobs end after their time, and the kernel is asked whenever it wants to be. Each
 * event is told to `note` in the order of the journal, after the turn that holds it.
 */
export class LoadRun {
  readonly bench = new KernelBench({ isLarge: true, isQuiet: true });
  /** Journal time at which the load began. */
  readonly startMs: number;
  private readonly ends: { readonly atMs: number; readonly token: number; readonly input: InputEntry }[] = [];

  constructor(
    stage: Stage,
    private readonly note: (event: EventEntry, run: LoadRun) => void,
  ) {
    const { bench } = this;
    for (const [tenant, weight] of Object.entries(stage.weights ?? {})) {
      bench.give(Code.SetTenantLimits, { tenant, weight, openDags: null, activeDags: null, runnableJobs: null });
    }
    const sessionMs = 600_000;
    bench.step(
      stage.slots.map((slots, i) => input(Code.RegisterExecutor, registration(`e${i}`, { slots, sessionMs }))),
    );
    this.startMs = bench.at;
  }

  /** Runs until everything has ended; `turned` is called after each turn. */
  run(arrivals: readonly Arrival[], turned: () => void = () => undefined): void {
    const waiting = arrivals.map((arrival, i) => ({ arrival, i })).sort((a, b) => a.arrival.atMs - b.arrival.atMs);
    const { bench } = this;
    for (;;) {
      const now = bench.at;
      const inputs = [...this.ended(now), ...this.heartbeats()];
      while (waiting[0] !== undefined && this.startMs + waiting[0].arrival.atMs <= now) {
        inputs.push(this.submission(waiting.shift()!));
      }
      const { entries, full, unfinished } = bench.step(inputs);
      for (const entry of entries) if (!('envelope' in entry)) this.take(entry);
      turned();
      if (full || unfinished) continue;
      const next = Math.min(
        waiting[0] === undefined ? Number.POSITIVE_INFINITY : this.startMs + waiting[0].arrival.atMs,
        this.ends[0]?.atMs ?? Number.POSITIVE_INFINITY,
      );
      if (next === Number.POSITIVE_INFINITY) return;
      bench.at = Math.max(now, Math.min(next, bench.kernel.nextAt(0)));
    }
  }

  private submission({ arrival, i }: { readonly arrival: Arrival; readonly i: number }): InputEntry {
    const { jobs, more = {} } = arrival;
    return input(
      Code.SubmitDag,
      submission(`d${i}`, jobs, { ...more, labels: [{ name: 'percent', value: String(arrival.percent) }] }),
    );
  }

  /** Callbacks of the jobs that have ended by now. */
  private ended(now: number): InputEntry[] {
    const found: InputEntry[] = [];
    while (this.ends[0] !== undefined && this.ends[0].atMs <= now) found.push(this.ends.shift()!.input);
    return found;
  }

  /** No executor is lost while a load runs. */
  private heartbeats(): InputEntry[] {
    const { executors } = this.bench.kernel.state;
    const found: InputEntry[] = [];
    for (let row = 1; row < executors.table.high; row++) {
      const executor = executors.c.id[row]!;
      found.push(input(Code.Heartbeat, { executor, incarnation: `${executor}-1` }));
    }
    return found;
  }

  private take(event: EventEntry): void {
    if (event.code === Code.LeaseGranted) {
      const { dag, job, attempt, token } = event.body;
      const spec = this.bench.cold.specs.get(dag)!;
      const percent = Number(spec.labels[0]!.value);
      const tookMs = Math.max(1, Math.floor((spec.jobs[job]!.estimateMs! * percent) / 100));
      const lease = { dag, job, attempt, token };
      const end = input(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: null });
      this.ends.push({ atMs: this.bench.at + tookMs, token, input: end });
      this.ends.sort((a, b) => a.atMs - b.atMs || a.token - b.token);
    }
    this.note(event, this);
  }
}
