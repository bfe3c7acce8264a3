/** Searches jobs: DAG by DAG in the order in which they were accepted, by rows in memory as long as they can tell. */
import type { FoundJob } from '../../../answers/types.js';
import { JOB_STATE_NAMES, JobState } from '../../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../../catalogue/generated/types.js';
import { IdKind, seqOf } from '../../../kernel/rows/ids.js';
import { jobView } from '../jobs.js';
import type { JobQuery, Page } from '../port.js';
import { readDag } from '../read-dag.js';
import { classesNamed } from './classes.js';
import { isWithin, numbersOf } from './dag-filter.js';
import type { SearchParts } from './dags.js';
import { Cost, Work } from './work.js';

type Place = { readonly dag: number; readonly index: number };

/** DAGs that are looked at together. */
const CHUNK = 64;

/** A page of the jobs that a query means. */
export function findJobs(parts: SearchParts, query: JobQuery): Promise<Page<FoundJob, Place>> {
  return new JobSearch(parts, query).run();
}

class JobSearch {
  readonly #states: ReadonlySet<number> | null;
  readonly #classes: ReadonlySet<number> | null;
  readonly #tenant: number;
  readonly #work: Work;
  readonly #found: FoundJob[] = [];

  constructor(
    private readonly parts: SearchParts,
    private readonly query: JobQuery,
  ) {
    const { state } = parts;
    this.#states = numbersOf(query.states, JOB_STATE_NAMES);
    this.#classes = classesNamed(state, query);
    this.#tenant = query.tenant === null ? 0 : seqOf(state, IdKind.tenant, '', query.tenant) || -1;
    this.#work = new Work(parts.timers);
  }

  async run(): Promise<Page<FoundJob, Place>> {
    if (this.#tenant < 0 || this.#states?.size === 0 || this.#classes?.size === 0) return { items: [], next: null };
    for (const chunk of this.#candidates()) {
      for (const dag of chunk) {
        const stoppedAt = await this.#look(dag);
        if (stoppedAt !== null) return { items: this.#found, next: { dag, index: stoppedAt } };
        // The whole DAG was looked at: the next page begins behind its last job.
        if (this.#work.isDone) return { items: this.#found, next: { dag, index: LAST } };
        await this.#work.rest();
      }
    }
    return { items: this.#found, next: null };
  }

  /** The DAGs that may have such a job, in pieces; the one in which the last page ended comes first. */
  *#candidates(): Generator<readonly number[]> {
    const { dag, after, oldestFirst } = this.query;
    if (dag !== null) return yield [dag];
    const step = oldestFirst ? 1 : -1;
    if (after !== null) yield [after.dag];
    const from = after?.dag ?? (oldestFirst ? 0 : Number.MAX_SAFE_INTEGER);
    if (this.#areLeased()) return yield this.#leasedAfter(from, step);
    yield* this.parts.known.pieces(from, step, CHUNK);
  }

  /** Whether only jobs with a lease in force are meant: there are no more of them than slots. */
  #areLeased(): boolean {
    return this.#states !== null && [...this.#states].every((s) => s === JobState.dispatched || s === JobState.running);
  }

  #leasedAfter(from: number, step: number): readonly number[] {
    const { leases } = this.parts.state;
    const found = new Set<number>();
    leases.table.eachRow((row) => {
      const dag = leases.c.dag[row]!;
      if (dag !== 0 && (dag - from) * step > 0) found.add(dag);
    });
    this.#work.spend(leases.table.high * Cost.row);
    return [...found].sort((a, b) => (a - b) * step);
  }

  /** Looks through one DAG. Gives the index of the last job that the page has room for, null when all had room. */
  async #look(seq: number): Promise<number | null> {
    const { state } = this.parts;
    this.#work.spend(Cost.row);
    if (state.dags.find(seq) === 0 && !(await this.#isWorthLoading(seq))) return null;
    const row = state.dags.find(seq);
    if (row !== 0 && !this.#mayHave(row)) return null;
    this.#work.spend(Cost.stored);
    return readDag(this.parts, seq, (spec, dag) => this.#collect(seq, spec, dag));
  }

  /** Whether a DAG out of memory is to be brought in: it has ended, and so have its jobs. */
  async #isWorthLoading(seq: number): Promise<boolean> {
    if (this.#states !== null && ![...this.#states].some((number) => number >= JobState.succeeded)) return false;
    const { state, materializer, known } = this.parts;
    const [stored] = await materializer.loader.peek([seq]);
    this.#work.spend(Cost.stored);
    if (!stored) {
      if (state.dags.find(seq) !== 0) return true;
      known.forget(seq);
      return false;
    }
    const { c, row } = materializer.rows.peekDag(stored);
    if (this.#tenant !== 0 && c.tenant[row] !== this.#tenant) return false;
    this.#work.spend(Cost.load + c.jobsTotal[row]! * Cost.row);
    return true;
  }

  /** Whether a DAG in memory has such a job, as far as rows tell. */
  #mayHave(dag: number): boolean {
    const { dags, space } = this.parts.state;
    if (this.#tenant !== 0 && dags.c.tenant[dag] !== this.#tenant) return false;
    this.#work.spend(dags.c.jobsTotal[dag]! * Cost.row);
    let found = false;
    space.eachExtent(dag, (_from, count, base) => {
      for (let i = 0; i < count && !found; i++) found = this.#wants(base + i);
    });
    return found;
  }

  #wants(job: number): boolean {
    const { c } = this.parts.state.jobs;
    if (this.#states !== null && !this.#states.has(c.state[job]!)) return false;
    if (this.#classes !== null && !this.#classes.has(c.class[job]!)) return false;
    return isWithin(this.query.ready, c.readyAtMs[job]!);
  }

  #collect(seq: number, spec: SubmitDag, dag: number): number | null {
    const { after, text, limit } = this.query;
    const { state } = this.parts;
    const first = after !== null && after.dag === seq ? after.index + 1 : 0;
    const isNamed = text === null || spec.dagId.startsWith(text);
    let stoppedAt: number | null = null;
    state.space.eachExtent(dag, (from, count, base) => {
      for (let i = Math.max(0, first - from); i < count && stoppedAt === null; i++) {
        if (!this.#wants(base + i)) continue;
        const job = jobView(state, dag, from + i, spec);
        if (job === null || !(isNamed || job.job.startsWith(text ?? ''))) continue;
        this.#found.push({ ...job, dag: seq, dagId: spec.dagId, tenant: spec.tenant });
        if (this.#found.length >= limit) stoppedAt = from + i;
      }
    });
    return stoppedAt;
  }
}

/** Behind every job of a DAG. */
const LAST = 0x7fff_ffff;
