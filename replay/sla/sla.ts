/** `sla`: why a deadline was missed, and what would have had to be different. */
import { madeOnce } from '../../src/catalogue/made-once.js';
import { duration } from '../../src/cli/text/format.js';
import { className } from '../../src/simulate/class-name.js';
import type { FoldProgress } from '../fold.js';
import type { History } from '../history.js';
import { amongSame, type WhichDag } from '../same-id.js';
import type { PlayProgress } from '../what-if/what-if.js';
import type { PathPart } from './blame.js';
import { HeldSum } from './held.js';
import { type ExplainedPath, type ExplainedSegment, explainPaths, type Paths } from './paths.js';
import { remediesOf } from './remedies.js';
import type { BlameView, PartView, SegmentView, SlaReport } from './report.js';
import type { DagStory } from './story.js';
import { blameWords } from './words.js';

export interface SlaOptions {
  /** Whether counterfactual histories are played to find what would have been enough. */
  readonly remedies?: boolean;
  readonly onProgress?: (done: FoldProgress) => void;
  /** Called now and then while they are played. */
  readonly onPlayed?: (done: PlayProgress) => void;
}

/**
 * Explains one DAG's way to its end; of several of its id the last is meant, unless it is said which. Throws
 * `JournalError` `not-found` when the history doesn't have it.
 */
export async function sla(history: History, path: WhichDag, options: SlaOptions = {}): Promise<SlaReport> {
  const isWanted = (dag: { readonly tenant: string; readonly dagId: string }): boolean =>
    dag.tenant === path.tenant && dag.dagId === path.dag;
  const found = await explainPaths(history, { isWanted }, options.onProgress);
  const { nth } = amongSame(found.paths.length, path);
  const report = reportOf(found.paths[nth - 1]!, found);
  if (options.remedies !== true || (report.lateMs ?? 0) <= 0) return report;
  return { ...report, remedies: await remediesOf(found.history, report, options) };
}

/** Names of DAGs by their numbers, as far as they are known. */
export type DagNames = ReadonlyMap<number, string>;

/** What is known beside the paths themselves. */
type Told = Omit<Paths, 'paths' | 'history'>;

/** A path as it is told. */
export function reportOf({ dag, segments }: ExplainedPath, { untilMs, names, usesOf }: Told): SlaReport {
  const path = segments.map((segment) => segmentView(dag, segment, names));
  const blame = blameOf(path);
  const { submission, outcome, acceptedAtMs, deadline, endedAtMs } = dag;
  return {
    tenant: submission.tenant,
    dag: submission.dagId,
    nth: dag.nth,
    of: usesOf(dag),
    outcome,
    acceptedAtMs,
    deadlineAtMs: deadline?.atMs ?? null,
    deadlineKind: deadline?.kind ?? null,
    endedAtMs,
    lateMs: deadline === null ? null : (endedAtMs ?? untilMs) - deadline.atMs,
    path,
    blame,
    cause: causeOf(blame),
    remedies: null,
  };
}

function segmentView(dag: DagStory, segment: ExplainedSegment, names: DagNames): SegmentView {
  const { job, fromMs, toMs, parts } = segment;
  const spec = dag.submission.jobs[job.spec]!;
  return {
    job: job.name,
    executorClass: spec.kind === 'executor' ? className(spec.group, spec.executorClass) : '',
    attempts: job.attempts.length,
    fromMs,
    ms: toMs - fromMs,
    estimateMs: spec.estimateMs,
    parts: parts.map((part) => partView(part, names)),
  };
}

function partView(part: PathPart, names: DagNames): PartView {
  const { kind, heldPermille, fromMs, toMs } = part;
  return { kind, on: onOf(part, names), ms: toMs - fromMs, heldPermille };
}

/** For a wait for slots who held them is more to the point than the rule by which others were before it. */
function onOf({ on, holder }: PathPart, names: DagNames): string | null {
  return holder === null ? on : `held by ${names.get(holder) ?? `dag ${holder}`}`;
}

function blameOf(path: readonly SegmentView[]): readonly BlameView[] {
  const found = new Map<string, Pick<BlameView, 'kind' | 'on' | 'executorClass'> & { readonly sum: HeldSum }>();
  for (const { parts, executorClass } of path) {
    for (const part of parts) {
      const { kind, on } = part;
      if (kind === 'run') continue;
      const key = JSON.stringify([kind, on, executorClass]);
      madeOnce(found, key, () => ({ kind, on, executorClass, sum: new HeldSum() })).sum.add(part);
    }
  }
  return [...found.values()].map(({ sum, ...what }) => ({ ...what, ...sum.total })).sort((a, b) => b.ms - a.ms);
}

function causeOf([first]: readonly BlameView[]): string {
  if (first === undefined) return 'nothing held it up: its jobs take that long';
  const { executorClass, ms } = first;
  return `${duration(ms)}: ${blameWords(first)}${executorClass === '' ? '' : ` (class ${executorClass})`}`;
}
