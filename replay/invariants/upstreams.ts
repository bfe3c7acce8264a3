import { DagState, JobState } from '../../src/catalogue/generated/codes.js';
import type { State } from '../../src/kernel/rows/state.js';
import { grown } from '../../src/kernel/structures/grow.js';
import { isOpenJob } from './counts.js';
import type { Touched } from './touched.js';
import { rowName, type Violations } from './violation.js';

/** I7: whether jobs have waited for those before them; counted from the edges, beside what the rows count. */
export class Upstreams {
  /** For each job with others after it: whether those have been told that it is open. */
  #isOpen = new Uint8Array(1024);
  /** For each job how many of those before it are open. */
  #open = new Uint32Array(1024);

  constructor(private readonly state: State) {}

  /** Tells the jobs after those that have changed. */
  take(touched: Touched): void {
    const { jobs, space } = this.state;
    this.#makeRoom();
    const list = touched.of[jobs.table.id]!;
    const changed = list.size;
    for (let i = 0; i < changed; i++) {
      const job = list.rows[i]!;
      const degree = space.degree(job);
      if (degree === 0) continue;
      const isOpen = isOpenJob(jobs.c.state[job]!) ? 1 : 0;
      if (isOpen === this.#isOpen[job]) continue;
      this.#isOpen[job] = isOpen;
      const dag = space.dagOf[job]!;
      for (let n = 0; n < degree; n++) {
        const target = space.handle(dag, space.target(job, n));
        this.#open[target]! += isOpen === 1 ? 1 : -1;
        touched.add(jobs.table.id, target);
      }
    }
  }

  /** Compares what the rows of jobs say of those before them. */
  check(touched: Touched, violations: Violations): void {
    const { jobs, dags, space } = this.state;
    const { c } = jobs;
    const { rows, size } = touched.of[jobs.table.id]!;
    for (let i = 0; i < size; i++) {
      const job = rows[i]!;
      const jobState = c.state[job]!;
      if (!isOpenJob(jobState) || c.parent[job] !== 0) continue;
      const dag = space.dagOf[job]!;
      if (dags.c.state[dag] !== DagState.open || dags.c.reopening[dag] !== 0) continue;
      const open = this.#open[job]!;
      if (jobState !== JobState.waiting) {
        if (open > 0 && c.join[job] === 0) this.#add(violations, 'jobs before a job that began', job, open, 0);
      } else if (c.left[job]! < open || (c.left[job]! > open && dags.c.cursors[dag] === 0)) {
        this.#add(violations, 'jobs before it that have not ended (left)', job, c.left[job]!, open);
      }
    }
  }

  #add(violations: Violations, what: string, job: number, found: number, expected: number): void {
    violations.add('I7', what, [rowName(this.state.jobs, job)], found, expected);
  }

  #makeRoom(): void {
    const { capacity } = this.state.jobs.table;
    if (capacity <= this.#open.length) return;
    this.#isOpen = grown(this.#isOpen, capacity);
    this.#open = grown(this.#open, capacity);
  }
}
