/** A history as the load of a run: what arrived is sent again, and attempts take as long as they took. */
import { Code } from '../../catalogue/generated/codes.js';
import type { JobSpec, SubmitDag } from '../../catalogue/generated/types.js';
import type { FormProblem } from '../../form/form-error.js';
import type { Source } from '../cell/source.js';
import { DONE } from '../cell/terminal.js';
import { START_MS } from '../cell/virtual-cell.js';
import type { Arrival, Attempt, Ending } from '../cell/world.js';
import { className } from '../class-name.js';
import { missingClass } from '../plan/missing-class.js';
import type { Plan } from '../plan/plan.js';
import { PlanError } from '../plan/plan-error.js';
import type { SpecPlace } from './fan-outs.js';
import type { NameUse } from './name-uses.js';
import type { OwnNames } from './own-names.js';
import { type Heard, tookMs } from './took.js';

/** How an attempt ended; null: not by itself, it ran into its time-out. */
export type Recorded = (Ending & Heard) | null;

/** An input about a DAG, as it came. */
export interface HistoryArrival extends Arrival {
  /** Which use of its names it is about; absent: the first. */
  readonly use?: NameUse;
}

/** What a history tells of its load. */
export interface History {
  /** Submissions, signals' answers and other inputs about DAGs, at the times at which they came. */
  readonly arrivals: readonly HistoryArrival[];
  /** Attempts that have ended, by `attemptKey`. */
  readonly attempts: ReadonlyMap<string, Recorded>;
  /** How long an attempt that isn't among them was seen to run, before others ended it or the history did; else 0. */
  ranMs(key: string): number;
  /** Tenants in the order of their numbers, by which the planner decides between equals. */
  readonly tenants: ReadonlySet<string>;
  /** Settings in force there that are not made again, in words, and how often they were made. */
  readonly left: ReadonlyMap<string, number>;
}

/** Name of an attempt that is the same in every run of the same DAGs; `child` is its place in its fan-out. */
export function attemptKey(dag: string, { spec, child, making }: SpecPlace, attempt: number): string {
  return `${dag} ${spec} ${child ?? '-'} ${making} ${attempt}`;
}

/** Name of a DAG among those of all tenants, and among those that have its id one after the other. */
export function dagKey({ tenant, dagId }: { readonly tenant: string; readonly dagId: string }, use = 0): string {
  return JSON.stringify([tenant, dagId, use]);
}

/** Whether names of its DAGs mean other DAGs later: played, the earlier ones may still be there. */
export function hasReusedNames({ arrivals }: History): boolean {
  return arrivals.some(({ use }) => use !== undefined);
}

/**
 * Plays a history again, arrivals `speed` times as fast. Attempts whose end it doesn't know take their estimate, or longer
 * than they were seen to run. `names`: what its DAGs are called beside others of the same names; null: as they were.
 */
export class HistorySource implements Source {
  readonly arrivals: Iterator<Arrival>;
  /** `dagKey` in the history by that in the run. */
  readonly #dags = new Map<string, string>();
  /** By `dagKey`; made when it is asked for. */
  #last: ReadonlyMap<string, number> | undefined;
  /** Attempts that took their estimate, or longer than they ran, because the history doesn't say how they ended. */
  assumed = 0;

  constructor(
    private readonly history: History,
    private readonly speed: number,
    private readonly names: OwnNames | null,
  ) {
    this.arrivals = this.#play();
  }

  /** When the last input about a DAG comes, in the run's time; -Infinity: none ever does. */
  lastOf(dag: { readonly tenant: string; readonly dagId: string }): number {
    this.#last ??= new Map(
      this.history.arrivals.map((one) => [dagKey(this.#named(one) as SubmitDag), this.#played(one.at)]),
    );
    return this.#last.get(dagKey(dag)) ?? Number.NEGATIVE_INFINITY;
  }

  #played(at: number): number {
    return START_MS + Math.floor((at - this.history.arrivals[0]!.at) / this.speed);
  }

  *#play(): Generator<Arrival, void, void> {
    for (const one of this.history.arrivals) {
      const { at, code, body, order, use } = one;
      const played = this.#played(at);
      const named = this.#named(one);
      if (code === Code.SubmitDag) this.#dags.set(dagKey(named as SubmitDag), dagKey(body as SubmitDag, use?.dag));
      yield { at: played, code, body: shifted(named, played - at), order };
    }
  }

  /** The same input about the DAG as it is called here. */
  #named({ body, use }: HistoryArrival): Arrival['body'] {
    const names = this.names;
    if (names === null || !('dagId' in body)) return body;
    const named = { ...body, dagId: names.of(body.dagId, use?.dag) };
    return 'idempotencyKey' in named ? { ...named, idempotencyKey: names.of(named.idempotencyKey, use?.key) } : named;
  }

  ending({ submission, spec, child, making, lease, estimateMs }: Attempt): Ending | null | undefined {
    const dag = this.#dags.get(dagKey(submission));
    if (dag === undefined) return undefined;
    const key = attemptKey(dag, { spec, child, making }, lease.attempt);
    const recorded = this.history.attempts.get(key);
    if (recorded !== undefined) return recorded && { ...recorded, afterMs: tookMs(recorded, estimateMs) };
    this.assumed += 1;
    return { afterMs: Math.max(estimateMs, this.history.ranMs(key) + 1), order: 0, terminal: DONE };
  }
}

/** The same input with its deadlines as far from it as they were. */
function shifted(body: Arrival['body'], byMs: number): Arrival['body'] {
  if (!('hardDeadlineAtMs' in body)) return body;
  const move = (at: number | null) => (at === null ? null : Math.max(1, at + byMs));
  return { ...body, deadlineAtMs: move(body.deadlineAtMs), hardDeadlineAtMs: move(body.hardDeadlineAtMs) };
}

/** Throws `PlanError` where a plan has no executors for jobs of its histories, or a history is without DAGs. */
export function checkHistories(plan: Plan, histories: readonly History[]): void {
  const { journals } = plan;
  const problems: FormProblem[] = [];
  histories.forEach(({ arrivals }, index) => {
    const { journal } = journals[index]!;
    const dags = arrivals.filter(({ code }) => code === Code.SubmitDag).map(({ body }) => body as SubmitDag);
    if (dags.length === 0) problems.push({ path: 'load', detail: `no DAG was submitted in ${journal}` });
    for (const { group, executorClass } of new Map(dags.flatMap(classesOf)).values()) {
      const detail = missingClass(plan, group, executorClass);
      if (detail !== null) problems.push({ path: 'classes', detail: `jobs of ${journal}: ${detail}` });
    }
  });
  if (problems.length > 0) throw new PlanError(problems);
}

/** The classes of a DAG's jobs, by name. */
function classesOf({ jobs }: SubmitDag): readonly (readonly [string, JobSpec])[] {
  return jobs.filter(({ kind }) => kind === 'executor').map((job) => [className(job.group, job.executorClass), job]);
}
