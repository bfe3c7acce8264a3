/** The DAGs of a plan's stream: made of its templates, with everything that is left to chance drawn by their number. */
import { Code } from '../../catalogue/generated/codes.js';
import type { JobSpec, SubmitDag } from '../../catalogue/generated/types.js';
import type { Source } from '../cell/source.js';
import { DONE, type Terminal } from '../cell/terminal.js';
import { START_MS } from '../cell/virtual-cell.js';
import { type Arrival, type Attempt, arrival, type Ending } from '../cell/world.js';
import { numberedId } from '../plan/numbered-id.js';
import type { Plan, Stream } from '../plan/plan.js';
import type { JobRun, Template } from '../plan/template.js';
import { momentsOf } from './arrivals.js';
import { type Chance, Draw } from './chance.js';

/** What was drawn for a DAG when it arrived. */
interface Draft {
  /** Names its draws: unique among the DAGs of all streams. */
  readonly dag: number;
  readonly template: Template;
  /** When it arrived, in ms after the beginning. */
  readonly atMs: number;
}

/** DAGs of a stream, whose numbers tell their draws from those of other streams. */
const MAX_DAGS = 2 ** 24;

const FAILED: Terminal = { code: Code.FailJob, failure: 'simulated-failure', retryable: true, unitsUsed: null };

export class StreamSource implements Source {
  readonly arrivals: Iterator<Arrival>;
  readonly #drafts = new Map<string, Draft>();

  constructor(
    private readonly stream: Stream,
    private readonly index: number,
    plan: Plan,
    private readonly chance: Chance,
  ) {
    this.arrivals = this.#arrivals(plan);
  }

  *#arrivals(plan: Plan): Generator<Arrival, void, void> {
    let number = 0;
    for (const atMs of momentsOf(this.stream, this.index, plan, this.chance)) {
      yield arrival(START_MS + atMs, Code.SubmitDag, this.#submission(number, atMs));
      number += 1;
    }
  }

  ending({ submission, lease, spec, child }: Attempt): Ending | undefined {
    const draft = this.#drafts.get(submission.dagId);
    if (draft === undefined) return undefined;
    const { dag, template, atMs } = draft;
    const run = template.runs[spec]!;
    // A job's draws are named by its DAG and its place in the submission, not by when or where it runs.
    const job = child === null ? spec : template.firstChildren.get(spec)! + child;
    const mean = this.#meanOf(run, dag, spec, atMs);
    const drawn = this.chance.lognormal(mean, run.sigma, Draw.run, dag, job, lease.attempt);
    const failed =
      run.fails !== null &&
      lease.attempt <= run.fails.attempts &&
      this.chance.uniform(Draw.failure, dag, job) < run.fails.share;
    return { afterMs: Math.max(1, Math.round(drawn)), order: 0, terminal: failed ? FAILED : DONE };
  }

  #meanOf(run: JobRun, dag: number, spec: number, atMs: number): number {
    const later = run.later.find(({ from }) => atMs >= from);
    if (later !== undefined) return later.time;
    const { times } = run;
    return times.length === 1 ? times[0]! : times[this.#pick(times.length, Draw.run, dag, spec)]!;
  }

  #pick(count: number, purpose: number, a: number, b: number): number {
    return Math.floor(this.chance.uniform(purpose, a, b) * count);
  }

  #submission(number: number, atMs: number): SubmitDag {
    const dag = this.index * MAX_DAGS + number;
    const { templates, name, deadline, hardDeadline } = this.stream;
    const template = templates[templates.length === 1 ? 0 : this.#pick(templates.length, Draw.place, dag, 1)]!;
    const { tenants, priority, onHardDeadline, failurePolicy } = template.head;
    const dagId = numberedId(name, this.index, number);
    this.#drafts.set(dagId, { dag, template, atMs });
    return {
      dagId,
      idempotencyKey: dagId,
      tenant: tenants.length === 1 ? tenants[0]! : tenants[this.#pick(tenants.length, Draw.tenant, dag, 0)]!,
      name,
      template: null,
      priority,
      deadlineAtMs: this.#deadline(deadline, template, dag, atMs, 0),
      hardDeadlineAtMs: this.#deadline(hardDeadline, template, dag, atMs, 1),
      onHardDeadline,
      labels: [],
      failurePolicy,
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
      const count = Math.floor(this.chance.between(low, high + 1, Draw.count, dag, index));
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
    if (deadline === undefined || this.chance.uniform(Draw.share, dag, which) >= deadline.share) return null;
    const [low, high] = deadline.after ?? deadline.paths!;
    const drawn = low === high ? low : this.chance.between(low, high, Draw.deadline, dag, which);
    return START_MS + atMs + Math.max(1, Math.round(deadline.after === undefined ? drawn * pathMs : drawn));
  }
}
