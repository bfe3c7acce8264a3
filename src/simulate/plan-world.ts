/** The world that a plan describes: its executors, its limits, and the DAGs of its streams. */
import { Code } from '../catalogue/generated/codes.js';
import type { JobSpec, SubmitDag } from '../catalogue/generated/types.js';
import { momentsOf } from './arrivals.js';
import { Chance, Draw } from './chance.js';
import { merge } from './merge.js';
import type { Plan, Stream } from './plan.js';
import { className } from './records.js';
import type { JobRun, Template } from './template.js';
import { START_MS } from './virtual-cell.js';
import { type Arrival, type Attempt, arrival, type Ending, type World } from './world.js';

/** Jobs of ended DAGs that are kept; a run asks for none of them. */
const RETAINED_JOBS = 20_000;

/** What was drawn for a DAG when it arrived. */
interface Draft {
  readonly stream: number;
  /** Its number in the stream. */
  readonly number: number;
  readonly template: Template;
  /** When it arrived, in ms after the beginning. */
  readonly atMs: number;
}

export class PlanWorld implements World {
  readonly #plan: Plan;
  readonly #chance: Chance;
  readonly #arrivals: Iterator<Arrival>;
  readonly #drafts = new Map<string, Draft>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#chance = new Chance(plan.seed);
    const streams = plan.streams.map((stream, index) => this.#stream(stream, index));
    this.#arrivals = merge([settingsOf(plan), changesOf(plan), ...streams]);
  }

  next(): Arrival | null {
    const { value, done } = this.#arrivals.next();
    return done ? null : value;
  }

  ending({ submission, lease, spec }: Attempt): Ending {
    const { stream, number, template, atMs } = this.#drafts.get(submission.dagId)!;
    const run = template.runs[spec]!;
    // A job's draws are named by its stream and number, not by when or where it runs.
    const dag = stream * 2 ** 24 + number;
    const mean = this.#meanOf(run, dag, spec, atMs);
    const drawn = this.#chance.lognormal(mean, run.sigma, Draw.run, dag, lease.job, lease.attempt);
    const failed =
      run.fails !== null &&
      lease.attempt <= run.fails.attempts &&
      this.#chance.uniform(Draw.failure, dag, lease.job) < run.fails.share;
    const failure = failed ? { code: 'simulated-failure', retryable: true } : null;
    return { afterMs: Math.max(1, Math.round(drawn)), order: 0, failure, output: null, unitsUsed: null };
  }

  #meanOf(run: JobRun, dag: number, spec: number, atMs: number): number {
    const later = run.later.find(({ from }) => atMs >= from);
    if (later !== undefined) return later.time;
    const { times } = run;
    return times.length === 1 ? times[0]! : times[this.#pick(times.length, Draw.run, dag, spec)]!;
  }

  #pick(count: number, purpose: number, a: number, b: number): number {
    return Math.floor(this.#chance.uniform(purpose, a, b) * count);
  }

  *#stream(stream: Stream, index: number): Generator<Arrival, void, void> {
    let number = 0;
    for (const atMs of momentsOf(stream, index, this.#plan, this.#chance)) {
      yield arrival(START_MS + atMs, Code.SubmitDag, this.#submission(stream, index, number, atMs));
      number += 1;
    }
  }

  #submission(stream: Stream, index: number, number: number, atMs: number): SubmitDag {
    const dag = index * 2 ** 24 + number;
    const { templates, tenant, name, priority, onHardDeadline } = stream;
    const template = templates[templates.length === 1 ? 0 : this.#pick(templates.length, Draw.place, dag, 1)]!;
    const dagId = `${name}-${index}-${number}`;
    this.#drafts.set(dagId, { stream: index, number, template, atMs });
    return {
      dagId,
      idempotencyKey: dagId,
      tenant: tenant.length === 1 ? tenant[0]! : tenant[this.#pick(tenant.length, Draw.tenant, dag, 0)]!,
      name,
      template: null,
      priority,
      deadlineAtMs: this.#deadline(stream.deadline, template, dag, atMs, 0),
      hardDeadlineAtMs: this.#deadline(stream.hardDeadline, template, dag, atMs, 1),
      onHardDeadline,
      labels: [],
      failurePolicy: stream.failurePolicy === 'continue' ? 'continue' : 'fail_fast',
      parent: null,
      jobs: this.#jobs(template, dag),
    };
  }

  /** The jobs, with the sizes of their fan-outs drawn; without any to draw they are the same for all DAGs. */
  #jobs({ jobs, fanOuts }: Template, dag: number): readonly JobSpec[] {
    const drawn = [...fanOuts].filter(([, [low, high]]) => low < high);
    if (drawn.length === 0) return jobs;
    const copy = [...jobs];
    for (const [index, [low, high]] of drawn) {
      const count = Math.floor(this.#chance.between(low, high + 1, Draw.count, dag, index));
      copy[index] = { ...jobs[index]!, fanOut: { ...jobs[index]!.fanOut!, count } };
    }
    return copy;
  }

  #deadline(
    deadline: Stream['deadline'],
    { pathMs }: Template,
    dag: number,
    atMs: number,
    which: number,
  ): number | null {
    if (deadline === undefined || this.#chance.uniform(Draw.share, dag, which) >= deadline.share) return null;
    const [low, high] = deadline.after ?? deadline.paths!;
    const drawn = low === high ? low : this.#chance.between(low, high, Draw.deadline, dag, which);
    return START_MS + atMs + Math.max(1, Math.round(deadline.after === undefined ? drawn * pathMs : drawn));
  }
}

/** What is set and who registers before the first DAG arrives. */
function* settingsOf({ policy, tenants, classes }: Plan): Generator<Arrival, void, void> {
  yield arrival(START_MS, Code.SetPolicy, { policy });
  const retention = { retainTerminalMs: null, retainTerminalJobs: RETAINED_JOBS };
  yield arrival(START_MS, Code.SetCellLimits, { knownJobs: null, ...retention });
  for (const [tenant, limits] of Object.entries(tenants)) {
    const { weight, openDags = null, activeDags = null, runnableJobs = null } = limits;
    yield arrival(START_MS, Code.SetTenantLimits, { tenant, weight, openDags, activeDags, runnableJobs });
  }
  for (const name of Object.keys(classes)) yield* registrations(classes, name, START_MS, 1);
}

/** Every executor of a changed class registers anew with its share of slots; those left with none stop for a while. */
function* changesOf({ classes, changes }: Plan): Generator<Arrival, void, void> {
  for (const change of changes.toSorted((a, b) => a.at - b.at)) {
    for (const [name, { group }] of Object.entries(classes)) {
      if (change.class !== undefined && change.class !== className(group, name)) continue;
      yield* registrations(classes, name, START_MS + change.at, change.share);
    }
  }
}

function* registrations(
  classes: Plan['classes'],
  name: string,
  at: number,
  share: number,
): Generator<Arrival, void, void> {
  const { executors, slots, group } = classes[name]!;
  for (let i = 0; i < executors; i++) {
    yield arrival(at, Code.RegisterExecutor, {
      executor: `${className(group, name)}-${i}`,
      incarnation: 'one',
      group,
      executorClass: name,
      slots: Math.floor(slots * share),
      labels: [],
      sessionMs: 0,
      held: [],
    });
  }
}
