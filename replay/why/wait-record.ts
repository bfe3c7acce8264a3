import { madeOnce } from '../../src/catalogue/made-once.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import type { Overtaking, Wait, WaitReason, WaitSpan, WaitStart } from './wait.js';

/** A wait that is being written down. */
export class WaitRecord {
  readonly #spans: WaitSpan[] = [];
  readonly #overtakings = new Map<string, Overtaking & { jobs: number }>();

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
    madeOnce(this.#overtakings, key, () => ({ dag: first.dag, jobs: 0, field, first })).jobs += 1;
  }

  end(to: Wait['to'], untilMs: number, held: Pick<Wait, 'holders' | 'heldMs'>): Wait {
    return {
      job: this.job,
      attempt: this.attempt,
      from: this.from,
      to,
      untilMs,
      spans: this.#spans,
      ...held,
      overtakings: [...this.#overtakings.values()].sort(
        (a, b) => b.jobs - a.jobs || a.dag - b.dag || a.field - b.field,
      ),
    };
  }
}
