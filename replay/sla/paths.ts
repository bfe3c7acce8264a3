/** Critical paths of DAGs with where their time went: one pass finds the paths, a second one why their jobs waited. */

import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { madeOnce } from '../../src/catalogue/made-once.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import { type FoldProgress, fold, type Visitor } from '../fold.js';
import { endingAt, type History } from '../history.js';
import { Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { Wait, WaitSpan } from '../why/wait.js';
import { Waits } from '../why/waits.js';
import { type PathPart, segmentParts } from './blame.js';
import { criticalPath, type PathSegment } from './critical-path.js';
import { RunTimes } from './speeds.js';
import { type DagStory, type JobStory, Stories, type StoriesOptions } from './story.js';

/** A job of a path with the parts of its time, which sum exactly to it. */
export interface ExplainedSegment extends PathSegment {
  readonly parts: readonly PathPart[];
}

export interface ExplainedPath {
  readonly dag: DagStory;
  readonly segments: readonly ExplainedSegment[];
}

/** What the two passes over a history found. */
export interface Paths {
  /** The history up to the end that was met. */
  readonly history: History;
  readonly paths: readonly ExplainedPath[];
  /** The last journal time of the history. */
  readonly untilMs: number;
  /** Ids of all DAGs by their numbers. */
  readonly names: ReadonlyMap<number, string>;
  /** How many of the DAGs that are wanted had the id of one, one after the other. */
  readonly usesOf: (dag: DagStory) => number;
  /** Names of all classes that a job, an executor or a limit named. */
  readonly classes: readonly string[];
}

export interface PathsOptions extends StoriesOptions {
  /** Whether a DAG of which the story is kept is told of, once the end of the history is known; asked once of each. */
  readonly isTold?: (story: DagStory, untilMs: number) => boolean;
}

/** Explains the paths of the DAGs that are wanted. */
export async function explainPaths(
  history: History,
  options: PathsOptions,
  onProgress?: (done: FoldProgress) => void,
): Promise<Paths> {
  const stories = new Stories(options);
  const speeds = new RunTimes();
  const watching = onProgress && { onProgress };
  const scratch = await fold(history, [stories, speeds], { ...watching });
  const { at: untilMs } = scratch;
  const told = [...stories.dags.values()].filter((dag) => options.isTold?.(dag, untilMs) ?? true);
  const found = told.map((dag) => ({ dag, segments: criticalPath(dag, untilMs) }));
  const waits = new Waits({ isBrief: true });
  const read = endingAt(history, scratch.turn);
  await fold(read, [new WatchPaths(found, waits), waits], { follows: true, ...watching });
  waits.finish();
  const waitsOf = byJob(waits.waits);
  const paths = found.map(({ dag, segments }) => ({
    dag,
    segments: segments.map((segment) => ({
      ...segment,
      parts: segmentParts(segment, waitsBefore(segment.job, waitsOf), dag.rests, speeds),
    })),
  }));
  const classes = new Names(scratch).classes();
  return { history: read, paths, untilMs, names: stories.names, classes, usesOf: (dag) => stories.usesOf(dag) };
}

/** Gives the waits of a job, among all of those of a history, without looking at each for each job. */
function byJob(waits: readonly Wait[]): (job: JobRef) => readonly Wait[] {
  const found = new Map<number, Map<number, Wait[]>>();
  for (const wait of waits) {
    const { dag, job } = wait.job;
    const ofDag = madeOnce(found, dag, () => new Map());
    madeOnce(ofDag, job, () => []).push(wait);
  }
  return ({ dag, job }) => found.get(dag)?.get(job) ?? [];
}

/** The waits of a job; of a child those of its fan-out come first, up to when that made it. */
function waitsBefore(job: JobStory, waitsOf: (job: JobRef) => readonly Wait[]): readonly Wait[] {
  if (!job.isChild) return waitsOf(job);
  const before = waitsOf(fanOutOf(job)).map((wait) => ({ ...wait, spans: endingBy(wait.spans, job.knownAtMs) }));
  return [...before, ...waitsOf(job)];
}

function endingBy(spans: readonly WaitSpan[], atMs: number): readonly WaitSpan[] {
  return spans.filter(({ fromMs }) => fromMs < atMs).map((span) => ({ ...span, toMs: Math.min(span.toMs, atMs) }));
}

function fanOutOf({ dag, spec }: JobStory): JobRef {
  return { dag, job: spec };
}

/** Has the jobs of paths watched from when they come to be known, and the fan-outs that made them. */
class WatchPaths implements Visitor {
  readonly #jobs = new Map<number, readonly PathSegment[]>();
  readonly #dags = new Map<number, DagStory>();

  constructor(
    paths: readonly { readonly dag: DagStory; readonly segments: readonly PathSegment[] }[],
    private readonly waits: Waits,
  ) {
    for (const { dag, segments } of paths) {
      this.#jobs.set(dag.seq, segments);
      this.#dags.set(dag.seq, dag);
    }
  }

  event(...[entry, record, fold]: Parameters<NonNullable<Visitor['event']>>): void {
    if (entry.code === Code.DagAccepted) {
      this.#watch(entry.body.dag, record, fold, ({ isChild }) => !isChild, 'dag-accepted');
      this.#watchFanOuts(entry.body.dag, record, fold);
    } else if (entry.code === Code.JobsFannedOut) {
      const { dag, job, from, to } = entry.body;
      const isMade = ({ isChild, spec, job: index }: PathSegment['job']): boolean =>
        isChild && spec === job && index >= from && index < to;
      this.#watch(dag, record, fold, isMade, 'child-made');
    }
  }

  #watchFanOuts(seq: number, record: TurnRecord, fold: ScratchFold): void {
    const made = (this.#jobs.get(seq) ?? []).filter(({ job }) => job.isChild);
    for (const spec of new Set(made.map(({ job }) => job.spec))) {
      const fanOut = { job: { dag: seq, job: spec }, spec: this.#dags.get(seq)!.submission, own: spec };
      this.waits.watch(fanOut, 'dag-accepted', record, fold);
    }
  }

  #watch(
    seq: number,
    record: TurnRecord,
    fold: ScratchFold,
    isMeant: (job: PathSegment['job']) => boolean,
    what: 'dag-accepted' | 'child-made',
  ): void {
    for (const { job, fromMs } of this.#jobs.get(seq) ?? []) {
      if (!isMeant(job)) continue;
      const watched = { job, spec: this.#dags.get(seq)!.submission, own: job.spec, sinceMs: fromMs };
      this.waits.watch(watched, what, record, fold);
    }
  }
}
