/** The path that a DAG's end actually hung on: from its end back to its acceptance, each job by what it waited for last. */
import type { DagStory, JobStory } from './story.js';

/** A job of the path, from when nothing before it held it up to its end. Segments follow each other without a gap. */
export interface PathSegment {
  readonly job: JobStory;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The actual critical path of a DAG, first job first; `untilMs` is the end of the history, for a DAG that is open. */
export function criticalPath(dag: DagStory, untilMs: number): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  const endMs = dag.endedAtMs ?? untilMs;
  let toMs = endMs;
  for (let job = lastJob(dag, endMs); job !== null; ) {
    const before = enabling(dag, job, toMs);
    const fromMs = Math.min(toMs, before?.endedAtMs ?? dag.acceptedAtMs);
    segments.push({ job, fromMs, toMs });
    toMs = fromMs;
    job = before;
  }
  return segments.reverse();
}

/**
 * The job by whose failure the DAG ended, before the others had; else that which ended last; of an open DAG one that
 * hasn't ended, and isn't held up by another one.
 */
function lastJob(dag: DagStory, endMs: number): JobStory | null {
  const failed = dag.endedBy === null ? undefined : dag.jobs.get(dag.endedBy);
  if (failed !== undefined) return lastChild(dag, failed) ?? failed;
  // A fan-out with children ends with the last of them.
  const parents = new Set([...dag.jobs.values()].filter(({ isChild }) => isChild).map(({ spec }) => spec));
  let last: JobStory | null = null;
  for (const job of dag.jobs.values()) {
    if (!job.isChild && parents.has(job.job)) continue;
    if (last === null || rank(job, endMs) > rank(last, endMs)) last = job;
  }
  return last;
}

/** Later ends rank higher; of jobs that are open those that ran or were ready. */
function rank(job: JobStory, endMs: number): number {
  if (job.endedAtMs !== null) return job.endedAtMs;
  if (job.readyAtMs === null) return 0;
  return job.attempts.length > 0 ? endMs + 2 : endMs + 1;
}

/** The job whose end let this one be ready: of those before it that had ended by then, the last. */
function enabling(dag: DagStory, job: JobStory, toMs: number): JobStory | null {
  const places = new Map(dag.submission.jobs.map(({ id }, index) => [id, index]));
  const readyMs = job.readyAtMs ?? job.endedAtMs ?? toMs;
  let last: JobStory | null = null;
  for (const id of dag.submission.jobs[job.spec]!.after) {
    const before = dag.jobs.get(places.get(id)!)!;
    if (before.endedAtMs === null || before.endedAtMs > readyMs) continue;
    if (last === null || before.endedAtMs > last.endedAtMs!) last = before;
  }
  return last === null ? null : (lastChild(dag, last) ?? last);
}

/**
 * A fan-out ends with the last of its children; one of which too many have failed with the last of these: others may be
 * done before they can be stopped, or are ended with the DAG.
 */
function lastChild(dag: DagStory, fanOut: JobStory): JobStory | null {
  if (!isFanOut(dag, fanOut)) return null;
  const untilMs = fanOut.endedAtMs ?? Number.POSITIVE_INFINITY;
  let last: JobStory | null = null;
  for (const child of dag.jobs.values()) {
    if (!child.isChild || child.spec !== fanOut.job || child.endedAtMs === null) continue;
    if (child.endedAtMs > untilMs) continue;
    if (child.isStopped && dag.endedBy !== null) continue;
    if (last === null || child.endedAtMs > last.endedAtMs!) last = child;
  }
  return last;
}

function isFanOut(dag: DagStory, job: JobStory): boolean {
  return !job.isChild && dag.submission.jobs[job.spec]!.fanOut !== null;
}
