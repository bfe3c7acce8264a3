import { MultiBar, type SingleBar } from 'cli-progress';
import type { Dag, Job } from '../client/index.js';
import type { Io } from './io.js';

/** Stages that are shown one by one; of more of them, those of an executor class are shown as one. */
const MAX_ROWS = 18;
/** A fan-out is told of in plain lines at every so many parts of it. */
const PARTS = 10;

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
    const name = job.executorClass || job.kind;
    const sums = byClass.get(name) ?? {};
    for (const [state, count] of Object.entries(countsOf(job))) sums[state] = (sums[state] ?? 0) + count;
    byClass.set(name, sums);
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
  return { name, total, ended, running, waiting: total - ended - running, failed: sum(['failed']) };
}

/** Shows how a DAG comes on: bars on a terminal, lines elsewhere, both on stderr. */
export interface ProgressView {
  update(dag: Dag): void;
  end(): void;
}

export function openProgress(io: Io): ProgressView {
  return io.isWatched && !io.json ? new BarView(io) : new LineView(io);
}

class BarView implements ProgressView {
  private readonly bars = new Map<string, SingleBar>();
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
    const width = Math.max(...rows.map(({ name }) => name.length), 0);
    for (const row of rows) {
      const fields = { name: row.name.padEnd(width), detail: this.detail(row) };
      const bar = this.bars.get(row.name) ?? this.view.create(row.total, 0, fields);
      this.bars.set(row.name, bar);
      bar.setTotal(row.total);
      bar.update(row.ended, fields);
    }
    this.view.update();
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
  }

  end(): void {}
}
