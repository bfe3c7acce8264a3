/** Lays the rows of a DAG's jobs out: those of its submission, and the children of its fan-outs. */
import { JobState, Shape } from '../../catalogue/generated/codes.js';
import type { JobSpec, SubmitDag } from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import type { Graph } from '../graph.js';
import { MAX_CLASSES } from '../limits.js';
import { markOf, patternsOf } from '../patterns.js';
import { JobFlag } from '../rows/flags.js';
import { IdKind, nameIt, seqOf } from '../rows/ids.js';
import { notePattern } from './patterns.js';

/** Sequence number of a class, made when a submission or an executor names it for the first time. */
export function classRow(fold: Fold, group: string, name: string): number {
  const { state } = fold;
  const { classes } = state;
  const known = seqOf(state, IdKind.class, group, name);
  if (known !== 0) return known;
  const seq = state.cell.add.nextClass(state.cellRow, 1);
  const row = classes.row(seq);
  classes.set.group(row, group);
  classes.set.name(row, name);
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
    jobs.set.state(job, JobState.waiting);
    const flags = flagsOf(spec);
    jobs.set.flags(job, flags);
    if (spec.kind === 'executor') {
      if (spec.executorClass !== lastClass || spec.group !== lastGroup || classSeq === 0) {
        classSeq = classRow(fold, spec.group, spec.executorClass);
        lastClass = spec.executorClass;
        lastGroup = spec.group;
      }
      jobs.set.class(job, classSeq);
      jobs.set.moreSlots(job, spec.slots - 1);
      jobs.set.estimateMs(job, estimates[i]!);
      if (spec.timeoutMs !== null) jobs.set.timeoutMs(job, spec.timeoutMs);
      jobs.set.units(job, spec.units);
      notePattern(fold, classSeq, patterns[i]!, spec.estimateMs);
      jobs.set.pattern(job, markOf(patterns[i]!));
    }
    jobs.set.join(job, spec.join);
    jobs.set.left(job, graph.upstreams[i]!);
    jobs.set.rank(job, ranks[i]!);
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
  const { c, set } = jobs;
  set.state(job, JobState.waiting);
  set.flags(job, child.flags | (c.flags[job]! & (JobFlag.hasOutput | JobFlag.hasFailure)));
  set.parent(job, jobs.keyB[child.parent]! + 1);
  set.rank(job, child.rank);
  set.run(job, child.run);
  if (child.isExecuted) {
    set.class(job, c.class[child.parent]!);
    set.moreSlots(job, c.moreSlots[child.parent]!);
    set.estimateMs(job, child.estimateMs);
    set.timeoutMs(job, c.timeoutMs[child.parent]!);
    set.units(job, c.units[child.parent]!);
    set.pattern(job, c.pattern[child.parent]!);
  }
  set.reason(job, 0);
  set.readySeq(job, 0);
  set.lost(job, 0);
  set.failures(job, 0);
  set.permille(job, 0);
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
