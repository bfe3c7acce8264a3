/** The executors of a counterfactual history: attempts take as long as they took, whenever they begin. */
import { Code, LeaseState } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, LeaseRef } from '../../src/catalogue/generated/types.js';
import type { State } from '../../src/kernel/rows/state.js';
import { ExecutorPlay } from '../../src/simulate/cell/executor-play.js';
import { DONE } from '../../src/simulate/cell/terminal.js';
import type { Dispatched, Ending } from '../../src/simulate/cell/world.js';
import type { Endings } from './endings.js';

/** What was assumed comes after everything that was recorded. */
const ASSUMED = Number.POSITIVE_INFINITY;

export class Executors {
  readonly play: ExecutorPlay;
  /** Recorded DAGs by the numbers that they have here. */
  readonly #recorded = new Map<number, number>();
  /** How often attempts were given back here, which keep their numbers. */
  readonly #returned = new Map<string, number>();
  /** Attempts of which the history doesn't have the end: they take their estimate, or longer than they ran there. */
  assumed = 0;

  constructor(
    private readonly state: State,
    private readonly endings: Endings,
  ) {
    this.play = new ExecutorPlay(state, (attempt) => this.#endingOf(attempt), ASSUMED);
  }

  /** A DAG is accepted under a number; `recorded` is the one that it had. */
  accepted(dag: number, recorded: number | undefined): void {
    if (recorded !== undefined) this.#recorded.set(dag, recorded);
  }

  /** What runs when the histories part: its answers come when they came. */
  resume(at: number): void {
    const { leases } = this.state;
    leases.table.eachRow((row) => {
      if (leases.c.state[row] === 0) return;
      const [dag, job, attempt] = [leases.c.dag[row]!, leases.c.job[row]!, leases.c.attempt[row]!];
      const lease = { dag, job, attempt, token: leases.keyA[row]! };
      const executor = leases.c.executor[row]!;
      if (leases.c.state[row] === LeaseState.inForce) this.play.begin(lease, executor, leases.c.reservedAtMs[row]!, at);
      else this.play.stopping(lease, executor, at);
    });
  }

  /** What counts in turns that are kept as well: who is there, under which number, and what was given back. */
  followAlways(entries: readonly AnyEntry[]): void {
    this.play.followSessions(entries);
    for (const entry of entries) {
      if (entry.code !== Code.JobReleased) continue;
      const input = entries[entry.cause];
      if (input?.code === Code.ReturnJob) this.#givenBack(attemptKey(input.body.lease));
    }
  }

  #givenBack(key: string): void {
    this.#returned.set(key, (this.#returned.get(key) ?? 0) + 1);
  }

  #endingOf(dispatched: Dispatched): Ending | null {
    const { lease, spec, child, making, estimateMs } = dispatched;
    const { dag, attempt } = lease;
    const recorded = this.#recorded.get(dag);
    const returned = this.#returned.get(attemptKey(lease)) ?? 0;
    const place = recorded && { dag: recorded, job: spec, child: child ?? -1, making, attempt };
    const ending = place ? this.endings.of(place, returned, dispatched) : undefined;
    if (ending !== undefined) return ending;
    this.assumed += 1;
    const afterMs = Math.max(estimateMs, place ? this.endings.ranMs(place, dispatched) + 1 : 0);
    return { afterMs, order: ASSUMED, terminal: DONE };
  }
}

function attemptKey({ dag, job, attempt }: LeaseRef): string {
  return `${dag} ${job} ${attempt}`;
}
