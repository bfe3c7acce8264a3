/** Lays the rows of a DAG's jobs out: those of its submission, and the children of its fan-outs. */
import { JobState, Shape } from '../../catalogue/generated/codes.js';
import type { JobSpec, SubmitDag } from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import type { Graph } from '../graph.js';
import { IdKind, nameIt, seqOf } from '../ids.js';
import { MAX_CLASSES } from '../limits.js';
import { markOf, patternsOf } from '../patterns.js';
import { JobFlag } from '../tables.js';
import { notePattern } from './patterns.js';

/** Sequence number of a class, made when a submission or an executor names it for the first time. */
export function classRow(fold: Fold, group: string, name: string): number {
  const { state } = fold;
  const { classes } = state;
  const known = seqOf(state, IdKind.class, group, name);
  if (known !== 0) return known;
  const seq = state.next(state.cell.f.nextClass);
  const row = state.row(classes, seq, 0);
  state.set(classes, row, classes.f.group, group);
  state.set(classes, row, classes.f.name, name);
  nameIt(state, IdKind.class, group, name, seq);
  if (seq > MAX_CLASSES) throw new Error('assertion failed: too many classes');
  return seq;
}

/** Flags of a job, from its specification. */
export function flagsOf(spec: JobSpec): number {
  let flags = 0;
  if (spec.kind === 'noop') flags |= JobFlag.noop;
  if (spec.kind === 'signal') flags |= JobFlag.signal;
  if (spec.optional) flags |= JobFlag.optional;
  if (spec.fanOut !== null) flags |= JobFlag.fanOut | JobFlag.cold;
  if (spec.when !== null) flags |= JobFlag.hasWhen | JobFlag.cold;
  return flags;
}

/** Makes the rows of a submission's jobs, all waiting. */
export function layOutJobs(
  fold: Fold,
  dag: number,
  submission: SubmitDag,
  graph: Graph,
  estimates: readonly number[],
  ranks: readonly number[],
): void {
  const { state } = fold;
  const { jobs, space } = state;
  const { f } = jobs;
  const specs = submission.jobs;
  const patterns = patternsOf(submission);
  space.extend(dag, 0, specs.length);
  state.noteExtent(dag);
  space.setEdges(dag, graph.degrees, graph.targets);
  let lastClass = '';
  let lastGroup = '';
  let classSeq = 0;
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i]!;
    const job = space.handle(dag, i);
    state.set(jobs, job, f.state, JobState.waiting);
    const flags = flagsOf(spec);
    if (flags !== 0) state.set(jobs, job, f.flags, flags);
    if (spec.kind === 'executor') {
      if (spec.executorClass !== lastClass || spec.group !== lastGroup || classSeq === 0) {
        classSeq = classRow(fold, spec.group, spec.executorClass);
        lastClass = spec.executorClass;
        lastGroup = spec.group;
      }
      state.set(jobs, job, f.class, classSeq);
      if (spec.slots !== 1) state.set(jobs, job, f.moreSlots, spec.slots - 1);
      state.set(jobs, job, f.estimateMs, estimates[i]!);
      if (spec.timeoutMs !== null) state.set(jobs, job, f.timeoutMs, spec.timeoutMs);
      if (spec.units !== 0) state.set(jobs, job, f.units, spec.units);
      notePattern(fold, classSeq, patterns[i]!, spec.estimateMs);
      state.set(jobs, job, f.pattern, markOf(patterns[i]!));
    }
    if (spec.join !== 0) state.set(jobs, job, f.join, spec.join);
    if (graph.upstreams[i] !== 0) state.set(jobs, job, f.left, graph.upstreams[i]!);
    if (ranks[i] !== 0) state.set(jobs, job, f.rank, ranks[i]!);
  }
}

/**
 * Makes the rows of children `from` to `to` (job indexes) of a fan-out, all waiting. Where an earlier run had children
 * at these indexes their rows are used again; their attempts go on counting, so that no output is written twice.
 */
export function layOutChildren(
  fold: Fold,
  dag: number,
  parent: number,
  from: number,
  to: number,
  estimateMs: number,
): void {
  const { state } = fold;
  const { dags, jobs, space } = state;
  const { c } = jobs;
  makeRoom(fold, dag, from, to);
  const flags =
    (c.flags[parent]! & ~(JobFlag.cold | JobFlag.fanOut | JobFlag.hasWhen | JobFlag.optional)) | JobFlag.child;
  const child: Child = {
    flags,
    parent,
    estimateMs,
    rank: Math.max(0, c.rank[parent]! - c.estimateMs[parent]!) + estimateMs,
    run: dags.c.run[dag]! > 1 ? dags.c.run[dag]! : 0,
    isExecuted: (flags & (JobFlag.noop | JobFlag.signal)) === 0,
  };
  for (let i = from; i < to; i++) layOutChild(fold, space.handle(dag, i), child);
}

/** What all children of a fan-out have in common. */
interface Child {
  readonly flags: number;
  readonly parent: number;
  readonly estimateMs: number;
  readonly rank: number;
  readonly run: number;
  readonly isExecuted: boolean;
}

function layOutChild(fold: Fold, job: number, child: Child): void {
  const { jobs } = fold.state;
  const { f, c } = jobs;
  const put = (field: number, value: number) => {
    if (jobs.number(field, job) !== value) fold.state.set(jobs, job, field, value);
  };
  put(f.state, JobState.waiting);
  put(f.flags, child.flags | (c.flags[job]! & (JobFlag.hasOutput | JobFlag.hasFailure)));
  put(f.parent, jobs.keyB[child.parent]! + 1);
  put(f.rank, child.rank);
  put(f.run, child.run);
  if (child.isExecuted) {
    put(f.class, c.class[child.parent]!);
    put(f.moreSlots, c.moreSlots[child.parent]!);
    put(f.estimateMs, child.estimateMs);
    put(f.timeoutMs, c.timeoutMs[child.parent]!);
    put(f.units, c.units[child.parent]!);
    put(f.pattern, c.pattern[child.parent]!);
  }
  put(f.reason, 0);
  put(f.readySeq, 0);
  put(f.lost, 0);
  put(f.failures, 0);
  put(f.permille, 0);
}

/** Handles for those of the indexes that have none yet. */
function makeRoom(fold: Fold, dag: number, from: number, to: number): void {
  const { state } = fold;
  const { space } = state;
  for (let first = from; first < to; first++) {
    if (space.handle(dag, first) !== 0) continue;
    let end = first + 1;
    while (end < to && space.handle(dag, end) === 0) end += 1;
    space.extend(dag, first, end - first);
    state.noteExtent(dag);
    first = end;
  }
}

/** The flag of the shape under which a job enters the frontier. */
export function shapeFlag(shape: number): number {
  if (shape === Shape.wide) return JobFlag.wide;
  return shape === Shape.long ? JobFlag.long : 0;
}
