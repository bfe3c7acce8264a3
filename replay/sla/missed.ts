/** `sla --missed`: every missed deadline of a history, and what the time of their paths went to, taken together. */

import type { SubmitDag } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { className } from '../../src/simulate/class-name.js';
import type { FoldProgress } from '../fold.js';
import type { History } from '../history.js';
import { NotInHistory } from '../not-in-history.js';
import type { DagPath } from '../what-if/change.js';
import { HeldSum } from './held.js';
import { explainPaths } from './paths.js';
import type { BlameView, SlaReport } from './report.js';
import { reportOf } from './sla.js';
import type { DagStory } from './story.js';

/** Which misses are meant; all conditions must hold. */
export interface MissedFilter {
  /** Deadlines from this journal time on. */
  readonly sinceMs?: number;
  /** Deadlines up to this journal time. */
  readonly untilMs?: number;
  /** DAGs with a job of this class. */
  readonly executorClass?: string;
  readonly tenant?: string;
  /** That of this DAG. */
  readonly dag?: DagPath;
}

/** What held up the paths of missed DAGs. */
export interface BlameRow extends BlameView {
  readonly dags: number;
  /** Of all that held them up, in thousandths. */
  readonly permille: number;
}

export interface MissedReport {
  /** DAGs with a deadline that fits the filter. */
  readonly withDeadline: number;
  /** Those of them that are open at the end of the history, with their deadline still to come. */
  readonly open: number;
  readonly missed: readonly SlaReport[];
  readonly blame: readonly BlameRow[];
}

/**
 * Finds the DAGs that missed their deadlines, and adds up what held them up. Throws `NotInHistory` when the filter names
 * a class or a DAG that isn't in the history.
 */
export async function missedDeadlines(
  history: History,
  filter: MissedFilter = {},
  onProgress?: (done: FoldProgress) => void,
): Promise<MissedReport> {
  let withDeadline = 0;
  // One that has not succeeded may be run again, and have another deadline then: what counts is its last run.
  const isKept = (story: DagStory, isForgotten: boolean): boolean => {
    if (story.outcome !== 'succeeded' && !isForgotten) return true;
    if (!fits(story, filter)) return false;
    if (isMissed(story, story.endedAtMs!)) return true;
    withDeadline += 1;
    return false;
  };
  let open = 0;
  const isTold = (story: DagStory, endMs: number): boolean => {
    if (!fits(story, filter)) return false;
    withDeadline += 1;
    if (isMissed(story, story.endedAtMs ?? endMs)) return true;
    if (story.endedAtMs === null) open += 1;
    return false;
  };
  const { dag: one, executorClass } = filter;
  let isThere = one === undefined;
  const isWanted = ({ tenant, dagId }: SubmitDag): boolean => {
    const isMeant = one === undefined || (tenant === one.tenant && dagId === one.dag);
    isThere ||= isMeant;
    return isMeant;
  };
  const found = await explainPaths(history, { isWanted, isKept, isTold }, onProgress);
  const { classes } = found;
  if (!isThere) throw new NotInHistory(`the history has no DAG ${one!.dag} of tenant ${one!.tenant}`);
  if (executorClass !== undefined && !classes.includes(executorClass)) {
    throw new NotInHistory(`the history has no class ${executorClass}; there are ${classes.join(', ') || 'none'}`);
  }
  const missed = found.paths.map((path) => reportOf(path, found));
  return { withDeadline, open, missed, blame: blameOf(missed) };
}

function fits({ submission, deadline }: DagStory, filter: MissedFilter): boolean {
  const { sinceMs = 0, untilMs = Number.POSITIVE_INFINITY, executorClass, tenant } = filter;
  if (deadline === null || deadline.atMs < sinceMs || deadline.atMs > untilMs) return false;
  if (tenant !== undefined && submission.tenant !== tenant) return false;
  if (executorClass === undefined) return true;
  return submission.jobs.some((job) => className(job.group, job.executorClass) === executorClass);
}

function isMissed({ outcome, deadline }: DagStory, endMs: number): boolean {
  return outcome === 'open' || outcome === 'succeeded' ? endMs > deadline!.atMs : true;
}

function blameOf(missed: readonly SlaReport[]): readonly BlameRow[] {
  const rows = new Map<string, { readonly view: BlameView; dags: number; readonly sum: HeldSum }>();
  let all = 0;
  for (const view of missed.flatMap(({ blame }) => blame)) {
    const key = JSON.stringify([view.kind, view.on, view.executorClass]);
    const row = madeOnce(rows, key, () => ({ view, dags: 0, sum: new HeldSum() }));
    row.dags += 1;
    row.sum.add(view);
    all += view.ms;
  }
  return [...rows.values()]
    .map(({ view, dags, sum }) => ({ ...view, ...sum.total, dags }))
    .map((row) => ({ ...row, permille: Math.floor((row.ms * 1_000) / Math.max(1, all)) }))
    .sort((a, b) => b.ms - a.ms);
}
