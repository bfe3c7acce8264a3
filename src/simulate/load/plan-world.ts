/** The world that a plan describes: its limits and executors, and the DAGs of its streams and journals. */
import { Code } from '../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../catalogue/generated/types.js';
import type { Source } from '../cell/source.js';
import { START_MS } from '../cell/virtual-cell.js';
import { type Arrival, type Attempt, arrival, type Ending, type World } from '../cell/world.js';
import { type History, HistorySource, hasReusedNames } from '../history/history.js';
import { OwnNames } from '../history/own-names.js';
import type { Plan } from '../plan/plan.js';
import { Chance } from './chance.js';
import { changes, registrations } from './fleet.js';
import { merge } from './merge.js';
import { StreamSource } from './stream-source.js';

/** Jobs of ended DAGs that are kept. Journals run such DAGs again: where there are some, a cell's default holds. */
const RETAINED_JOBS = 20_000;

export class PlanWorld implements World {
  readonly #arrivals: Iterator<Arrival>;
  readonly #sources: readonly Source[];
  readonly #histories: readonly HistorySource[];
  /** Sources that have not given all that arrives. */
  #coming: number;

  /** `histories`: what the plan's journals tell, in their order. */
  constructor(plan: Plan, histories: readonly History[] = []) {
    const chance = new Chance(plan.seed);
    // A journal alone keeps its ids; beside other loads they may be those of other DAGs, and so may those used again.
    const isAlone = histories.length + plan.streams.length === 1;
    this.#histories = histories.map((history, index) => {
      const names = isAlone && !hasReusedNames(history) ? null : new OwnNames(index);
      return new HistorySource(history, plan.journals[index]!.speed, names);
    });
    const streams = plan.streams.map((stream, index) => new StreamSource(stream, index, plan, chance));
    this.#sources = [...streams, ...this.#histories];
    this.#coming = this.#sources.length;
    const arrivals = this.#sources.map((source) => this.#counted(source));
    this.#arrivals = merge([settings(plan, histories), registrations(plan), changes(plan), ...arrivals]);
  }

  /** All DAGs have come; what is left are changes, which nobody would notice without DAGs. */
  get isOver(): boolean {
    return this.#coming === 0;
  }

  *#counted({ arrivals }: Source): Generator<Arrival, void, void> {
    yield* { [Symbol.iterator]: () => arrivals };
    this.#coming -= 1;
  }

  /** Attempts of histories' DAGs that took their estimate so far. */
  get assumed(): number {
    return this.#histories.reduce((sum, { assumed }) => sum + assumed, 0);
  }

  /** Whether something about a DAG is still to come after a moment: journals answer signals, plans never do. */
  tellsOf(submission: SubmitDag, at: number): boolean {
    return this.#histories.some((history) => history.lastOf(submission) > at);
  }

  next(): Arrival | null {
    const { value, done } = this.#arrivals.next();
    return done ? null : value;
  }

  ending(attempt: Attempt): Ending | null {
    for (const source of this.#sources) {
      const ending = source.ending(attempt);
      if (ending !== undefined) return ending;
    }
    throw new Error(`assertion failed: no source has the DAG ${attempt.submission.dagId}`);
  }
}

/** Limits of a tenant that has none of its own. */
const UNLIMITED: Plan['tenants'][string] = { weight: 1 };

/**
 * What is set before the first DAG arrives. Tenants and classes are numbered by it, and the planner goes by their numbers:
 * so tenants of journals are named as they were there, and all classes in the plan's order, whichever of them have limits.
 */
function* settings({ policy, tenants, classes }: Plan, histories: readonly History[]): Generator<Arrival, void, void> {
  yield arrival(START_MS, Code.SetPolicy, { policy });
  const retainTerminalJobs = histories.length === 0 ? RETAINED_JOBS : null;
  const retention = { retainTerminalMs: null, retainTerminalJobs, retainExecutorsMs: null };
  yield arrival(START_MS, Code.SetCellLimits, { knownJobs: null, ...retention });
  const known = histories.flatMap((history) => [...history.tenants]);
  for (const tenant of new Set([...known, ...Object.keys(tenants)])) {
    const limits = Object.hasOwn(tenants, tenant) ? tenants[tenant]! : UNLIMITED;
    const { weight, openDags = null, activeDags = null, runnableJobs = null } = limits;
    yield arrival(START_MS, Code.SetTenantLimits, { tenant, weight, openDags, activeDags, runnableJobs });
  }
  for (const [executorClass, { group, maxSlots: most = null, unitCost, shortReserve = null, rates }] of Object.entries(
    classes,
  )) {
    const limits = { maxSlots: most, unitCost, shortReserve, rates };
    yield arrival(START_MS, Code.SetClassLimits, { group, executorClass, ...limits });
  }
}
