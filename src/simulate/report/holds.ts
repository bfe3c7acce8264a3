/** How long DAGs are held by limits of their tenants: accepted, and none of their jobs may start. */
import { madeOnce } from '../../catalogue/made-once.js';
import { DEFAULT_ACTIVE_DAGS, DEFAULT_RUNNABLE_JOBS } from '../../kernel/limits.js';
import type { Plan } from '../plan/plan.js';
import { type Spread, spreadOf } from './spread.js';

/** A limit of a tenant that holds DAGs, by its name in a plan. */
export type HoldLimit = 'activeDags' | 'runnableJobs';

/** What is known of the time that a DAG was held. */
export interface Hold {
  /** What came before the last release, in ms. */
  beforeMs: number;
  /** Since when it is held, in journal time; null: it is not. */
  since: number | null;
  /** It has ended while it was held. */
  toItsEnd: boolean;
  readonly limit: HoldLimit;
}

/** DAGs that a limit of a tenant held. */
export interface HoldReport {
  readonly tenant: string;
  readonly limit: HoldLimit;
  /** How many the limit allows. */
  readonly most: number;
  readonly dags: number;
  /** Still held when the run ended. */
  readonly open: number;
  /** How long they were held; those that still are, until the end. */
  readonly time: Spread;
}

/** A DAG, as far as its holds go. */
interface Held {
  readonly submission: { readonly tenant: string };
  hold: Hold | null;
}

const DEFAULTS: Readonly<Record<HoldLimit, number>> = {
  activeDags: DEFAULT_ACTIVE_DAGS,
  runnableJobs: DEFAULT_RUNNABLE_JOBS,
};

/** Notes on DAGs when they are held and released. */
export class Holds {
  /** The limit that held a tenant's DAGs last: one that is held behind them is held by the same. */
  readonly #limits = new Map<string, HoldLimit>();

  held(dag: Held, at: number, reason: string): void {
    const { tenant } = dag.submission;
    if (reason === 'active-dags') this.#limits.set(tenant, 'activeDags');
    else if (reason === 'runnable-jobs') this.#limits.set(tenant, 'runnableJobs');
    const limit = this.#limits.get(tenant) ?? 'activeDags';
    dag.hold = { beforeMs: dag.hold?.beforeMs ?? 0, since: at, toItsEnd: false, limit };
  }

  /** It has ended, and is held no longer. */
  ended(dag: Held, at: number): void {
    if (dag.hold !== null) dag.hold.toItsEnd = dag.hold.since !== null;
    this.released(dag, at);
  }

  /** It is held no longer. */
  released({ hold }: Held, at: number): void {
    if (hold === null || hold.since === null) return;
    hold.beforeMs += at - hold.since;
    hold.since = null;
  }
}

/** How long a DAG was held until a moment, in ms. */
export function heldMs({ hold }: Pick<Held, 'hold'>, endAt: number): number {
  if (hold === null) return 0;
  return hold.beforeMs + (hold.since === null ? 0 : endAt - hold.since);
}

/** What each limit of each tenant held, in the order in which they did so first. */
export function holdReports(dags: readonly Held[], { tenants }: Plan, endAt: number): readonly HoldReport[] {
  const found = new Map<string, Held[]>();
  for (const dag of dags) {
    if (dag.hold === null) continue;
    madeOnce(found, `${dag.hold.limit} ${dag.submission.tenant}`, () => []).push(dag);
  }
  return [...found.values()].map((held) => {
    const { tenant } = held[0]!.submission;
    const { limit } = held[0]!.hold!;
    return {
      tenant,
      limit,
      most: tenants[tenant]?.[limit] ?? DEFAULTS[limit],
      dags: held.length,
      open: held.filter(({ hold }) => hold!.since !== null).length,
      time: spreadOf(held.map((dag) => heldMs(dag, endAt)))!,
    };
  });
}
