import { MultiBar, type SingleBar } from 'cli-progress';
import { madeOnce } from '../../catalogue/made-once.js';
import type { Dag, Job } from '../../client/index.js';
import { visible } from '../text/visible.js';
import { padded, widthOf } from '../text/width.js';
import type { Io } from './io.js';
import { Pace } from './pace.js';

/** Stages that are shown one by one; of more of them, those of an executor class are shown as one. */
const MAX_ROWS = 18;
/** A fan-out is told of in plain lines at every so many parts of it. */
const PARTS = 10;
/** How often plain lines tell of the rate, in ms. */
const PACE_EVERY_MS = 10_000;

/** How far a stage is. */
export interface Row {
  readonly name: string;
  readonly total: number;
  readonly ended: number;
  readonly running: number;
  readonly waiting: number;
  readonly failed: number;
}

const ENDED: readonly string[] = ['succeeded', 'failed', 'cancelled', 'skipped'];
const RUNNING: readonly string[] = ['running', 'dispatched'];

/** What is shown of a DAG: a row for each job or fan-out, or one for each class where those are too many. */
export function rowsOf(jobs: readonly Job[]): readonly Row[] {
  const rows = jobs.filter(({ parent }) => parent === null).map((job) => rowOf(job.job, countsOf(job)));
  if (rows.length <= MAX_ROWS) return rows;
  const byClass = new Map<string, Record<string, number>>();
  for (const job of jobs) {
    const sums: Record<string, number> = madeOnce(byClass, job.executorClass || job.kind, () => ({}));
    for (const [state, count] of Object.entries(countsOf(job))) sums[state] = (sums[state] ?? 0) + count;
  }
  return [...byClass].map(([name, counts]) => rowOf(name, counts));
}

function countsOf(job: Job): Readonly<Record<string, number>> {
  return job.children ?? { [job.state]: 1 };
}

function rowOf(name: string, counts: Readonly<Record<string, number>>): Row {
  const sum = (states: readonly string[]) => states.reduce((total, state) => total + (counts[state] ?? 0), 0);
  const total = sum(Object.keys(counts));
  const ended = sum(ENDED);
  const running = sum(RUNNING);
  return { name: visible(name), total, ended, running, waiting: total - ended - running, failed: sum(['failed']) };
}

/** Shows how a DAG comes on: bars on a terminal, lines elsewhere, both on stderr. */
export interface ProgressView {
  update(dag: Dag): void;
  end(): void;
}

export function openProgress(io: Io): ProgressView {
  return io.isWatched && !io.json ? new BarView(io) : new LineView(io);
}

/** The row of all jobs together, where there are several. */
const ALL = 'all';

class BarView implements ProgressView {
  private readonly bars = new Map<string, SingleBar>();
  private readonly pace = new Pace();
  private readonly view: MultiBar;

  constructor(private readonly io: Io) {
    this.view = new MultiBar({
      format: `{name} ${io.errColors.cyan('{bar}')} {value}/{total} {detail}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 28,
      fps: 10,
      hideCursor: true,
      linewrap: false,
      emptyOnZero: true,
      clearOnComplete: false,
      stream: process.stderr,
      gracefulExit: false,
    });
  }

  update(dag: Dag): void {
    const rows = rowsOf(dag.jobs);
    const width = Math.max(...rows.map(({ name }) => widthOf(name)), ALL.length);
    for (const row of rows) this.show(row.name, width, row.ended, row.total, this.detail(row));
    const ended = dag.jobsTotal - dag.jobsLeft;
    this.pace.at(ended);
    const left = dag.jobsLeft === 0 ? '' : this.pace.text(dag.jobsTotal);
    if (rows.length > 1) this.show(ALL, width, ended, dag.jobsTotal, left);
    this.view.update();
  }

  private show(name: string, width: number, ended: number, total: number, detail: string): void {
    const fields = { name: padded(name, width), detail };
    const bar = madeOnce(this.bars, name, () => this.view.create(total, 0, fields));
    bar.setTotal(total);
    bar.update(ended, fields);
  }

  end(): void {
    this.view.stop();
  }

  private detail({ running, failed }: Row): string {
    const parts = [
      running > 0 ? `${running} running` : '',
      failed > 0 ? this.io.errColors.red(`${failed} failed`) : '',
    ];
    return parts.filter((part) => part !== '').join(', ');
  }
}

class LineView implements ProgressView {
  private readonly said = new Map<string, string>();
  private readonly pace = new Pace();
  private saidAtMs = performance.now();

  constructor(private readonly io: Io) {}

  update(dag: Dag): void {
    for (const row of rowsOf(dag.jobs)) {
      if (row.ended === 0 && row.running === 0) continue;
      const part = Math.floor((row.ended * PARTS) / Math.max(1, row.total));
      const key = `${part} ${row.failed} ${row.ended === row.total}`;
      if (this.said.get(row.name) === key) continue;
      this.said.set(row.name, key);
      const failed = row.failed > 0 ? `, ${row.failed} failed` : '';
      this.io.note(`${row.name}: ${row.ended}/${row.total} done, ${row.running} running${failed}`);
    }
    this.sayPace(dag);
  }

  /** Now and then, for what takes long: at which rate jobs end, and how long those that are left take. */
  private sayPace({ jobsTotal, jobsLeft }: Dag): void {
    this.pace.at(jobsTotal - jobsLeft);
    if (jobsLeft === 0 || performance.now() - this.saidAtMs < PACE_EVERY_MS) return;
    this.saidAtMs = performance.now();
    const pace = this.pace.text(jobsTotal);
    if (pace !== '') this.io.note(`all: ${jobsTotal - jobsLeft}/${jobsTotal} done, ${pace}`);
  }

  end(): void {}
}
