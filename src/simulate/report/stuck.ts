/** What is open when a run ends, and why nothing will ever happen to it: the reasons that `explain` gives. */
import { DagState, JobState } from '../../catalogue/generated/codes.js';
import { type Blocked, explain } from '../../kernel/explain/index.js';
import type { Scene } from '../../kernel/explain/scene.js';
import { START_MS, type VirtualCell } from '../cell/virtual-cell.js';
import { className } from '../class-name.js';
import type { Recorder } from './records.js';

/** Jobs, or whole DAGs, that are stuck for the same reason. */
export interface StuckReport {
  /** The name of their DAGs. */
  readonly name: string;
  /** The job; null: the DAGs as a whole. */
  readonly job: string | null;
  /** Its class; null where it has none. */
  readonly executorClass: string | null;
  readonly count: number;
  /** As `marie explain` names it. */
  readonly reason: Blocked['reason'];
  /** Slots that it needs, where they are the reason. */
  readonly slots: number | null;
  /** The most that there could be of what it needs: slots of the largest executor, or of its class's limit. */
  readonly most: number | null;
  /** The limit of its tenant that holds it. */
  readonly limit: string | null;
  /** How long after the beginning the first of them could go on, later than a run looks on; null: never. */
  readonly notBeforeMs: number | null;
}

/** States of jobs that wait for something from outside; others wait for these. */
const OUTSIDE: ReadonlySet<number> = new Set([JobState.ready, JobState.backoff, JobState.awaitingSignal]);

/** What is stuck, by its row: open DAGs, and which of their jobs that wait for something from outside. */
export interface IsStuck {
  dag(row: number): boolean;
  job(row: number): boolean;
}

/** Jobs and DAGs that are stuck, by reason. The first of each kind is explained; those like it have the same reason. */
export function stuckReports(
  { kernel, at }: VirtualCell,
  recorder: Recorder,
  isStuck: IsStuck,
): readonly StuckReport[] {
  const scene: Scene = { state: kernel.state, indexes: kernel.indexes, at };
  const { dags } = scene.state;
  const found = new Map<string, { count: number; readonly report: Omit<StuckReport, 'count'> }>();
  const add = (kind: string, make: () => Omit<StuckReport, 'count'> | null) => {
    const known = found.get(kind);
    const report = known === undefined ? make() : null;
    if (known !== undefined) known.count += 1;
    else if (report !== null) found.set(kind, { count: 1, report });
  };
  dags.table.eachRow((dag) => {
    if (dags.c.state[dag]! >= DagState.succeeded || !isStuck.dag(dag)) return;
    const { tenant, name } = recorder.submissionOf(dags.keyA[dag]!);
    const isWhole = dags.c.state[dag] === DagState.held || dags.c.paused[dag] !== 0;
    if (isWhole) add(JSON.stringify([tenant, name]), () => wholeReport(scene, dag, name));
    else addJobs(scene, dag, recorder, isStuck, add);
  });
  return [...found.values()].map(({ count, report }) => ({ ...report, count }));
}

type Add = (kind: string, make: () => Omit<StuckReport, 'count'> | null) => void;

function addJobs(scene: Scene, dag: number, recorder: Recorder, isStuck: IsStuck, add: Add): void {
  const { dags, jobs, space } = scene.state;
  const seq = dags.keyA[dag]!;
  const { name } = recorder.submissionOf(seq);
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    if (job === 0 || !OUTSIDE.has(jobs.c.state[job]!) || !isStuck.job(job)) continue;
    const { id, kind, group, executorClass, slots } = recorder.specOf(seq, index);
    const ofClass = kind === 'executor' ? className(group, executorClass) : null;
    add(JSON.stringify([name, id, ofClass, slots]), () => {
      const blocked = explain(scene, dag, job, []);
      return blocked === null ? null : { name, job: id, executorClass: ofClass, ...detailOf(blocked, slots) };
    });
  }
}

function wholeReport(scene: Scene, dag: number, name: string): Omit<StuckReport, 'count'> | null {
  const { dags, space } = scene.state;
  for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
    const job = space.handle(dag, index);
    const blocked = job === 0 ? null : explain(scene, dag, job, []);
    if (blocked !== null) return { name, job: null, executorClass: null, ...detailOf(blocked, null) };
  }
  return null;
}

type Detail = Pick<StuckReport, 'reason' | 'slots' | 'most' | 'limit' | 'notBeforeMs'>;

function detailOf(blocked: Blocked, slots: number | null): Detail {
  const { reason } = blocked;
  const detail: Detail = { reason, slots: null, most: null, limit: null, notBeforeMs: null };
  switch (reason) {
    case 'larger-than-any-executor':
      return { ...detail, slots, most: blocked.largest };
    case 'class-limit':
      return { ...detail, slots, most: blocked.limit };
    case 'held-tenant-limit':
      return { ...detail, limit: blocked.limit };
    case 'rate-limited':
    case 'backoff-until':
      return { ...detail, notBeforeMs: blocked.untilMs - START_MS };
    default:
      return detail;
  }
}
