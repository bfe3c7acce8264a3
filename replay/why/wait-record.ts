import type { JobRef } from '../../src/kernel/explain/index.js';
import type { Holder, Overtaking, Wait, WaitReason, WaitSpan, WaitStart } from './wait.js';

/** Who holds slots of a class: job and slots of each lease. */
export interface Holding extends JobRef {
  readonly slots: number;
}

/** A wait that is being written down. */
export class WaitRecord {
  readonly #spans: WaitSpan[] = [];
  readonly #holders = new Map<number, { jobs: Set<number>; slotMs: number }>();
  readonly #overtakings = new Map<string, { jobs: number; overtaking: Overtaking }>();

  constructor(
    readonly job: JobRef,
    readonly attempt: number,
    readonly from: { readonly turn: number; readonly atMs: number; readonly what: WaitStart },
  ) {}

  /** A stretch of time passed for a reason. Stretches come in order, without gaps. */
  add(fromMs: number, toMs: number, reason: WaitReason, on: string | null): void {
    if (toMs === fromMs) return;
    const last = this.#spans.at(-1);
    if (last?.reason === reason && last.on === on) this.#spans[this.#spans.length - 1] = { ...last, toMs };
    else this.#spans.push({ fromMs, toMs, reason, on });
  }

  /** Others held slots for so long. */
  held(holdings: readonly Holding[], ms: number): void {
    for (const { dag, job, slots } of holdings) {
      const holder = this.#holders.get(dag) ?? { jobs: new Set(), slotMs: 0 };
      holder.jobs.add(job);
      holder.slotMs += slots * ms;
      this.#holders.set(dag, holder);
    }
  }

  /** Another job was dispatched before it. */
  overtaken(field: number, first: Overtaking['first']): void {
    const key = `${first.dag} ${field}`;
    const known = this.#overtakings.get(key);
    if (known !== undefined) known.jobs += 1;
    else this.#overtakings.set(key, { jobs: 1, overtaking: { dag: first.dag, jobs: 1, field, first } });
  }

  end(to: Wait['to'], untilMs: number): Wait {
    const holders: Holder[] = [...this.#holders].map(([dag, { jobs, slotMs }]) => ({ dag, jobs: jobs.size, slotMs }));
    const overtakings = [...this.#overtakings.values()].map(({ jobs, overtaking }) => ({ ...overtaking, jobs }));
    return {
      job: this.job,
      attempt: this.attempt,
      from: this.from,
      to,
      untilMs,
      spans: this.#spans,
      holders: holders.sort((a, b) => b.slotMs - a.slotMs || a.dag - b.dag),
      overtakings: overtakings.sort((a, b) => b.jobs - a.jobs || a.dag - b.dag || a.field - b.field),
    };
  }
}
