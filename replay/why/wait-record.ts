import type { JobRef } from '../../src/kernel/explain/index.js';
import type { Overtaking, Wait, WaitReason, WaitSpan, WaitStart } from './wait.js';

/** A wait that is being written down. */
export class WaitRecord {
  readonly #spans: WaitSpan[] = [];
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

  /** Another job was dispatched before it. */
  overtaken(field: number, first: Overtaking['first']): void {
    const key = `${first.dag} ${field}`;
    const known = this.#overtakings.get(key);
    if (known !== undefined) known.jobs += 1;
    else this.#overtakings.set(key, { jobs: 1, overtaking: { dag: first.dag, jobs: 1, field, first } });
  }

  end(to: Wait['to'], untilMs: number, held: Pick<Wait, 'holders' | 'heldMs'>): Wait {
    const overtakings = [...this.#overtakings.values()].map(({ jobs, overtaking }) => ({ ...overtaking, jobs }));
    return {
      job: this.job,
      attempt: this.attempt,
      from: this.from,
      to,
      untilMs,
      spans: this.#spans,
      ...held,
      overtakings: overtakings.sort((a, b) => b.jobs - a.jobs || a.dag - b.dag || a.field - b.field),
    };
  }
}
