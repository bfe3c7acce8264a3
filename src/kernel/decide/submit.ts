import { Code } from '../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../catalogue/generated/types.js';
import { fairTime, finishAfter } from '../dag-finish.js';
import { costOf } from '../evolve/flows.js';
import { type Graph, graphOf, upwardRanks } from '../graph.js';
import { MAX_PATH_MS, PATIENCE_MS } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { estimateOf, patternsOf } from '../patterns.js';
import { volumeAlone } from '../planner/volume.js';
import { IdKind, seqOf } from '../rows/ids.js';
import { heldFor, refuseIfFull, refuseIfTooManyClasses } from './admission.js';
import { checkSubmission } from './check-submission.js';
import { type ClassesOfJobs, classesOf } from './classes-of-jobs.js';
import { readyFirst } from './ready.js';
import { refuse, refuseAll, repeatSubmission } from './refuse.js';

/** SubmitDag: accepted, held, refused whole, or a repeat. */
export function submitDag(t: OpenTurn, body: SubmitDag): void {
  const { state } = t;
  const known = seqOf(state, IdKind.idempotency, body.tenant, body.idempotencyKey);
  if (known !== 0) return repeatSubmission(t, known);
  const taken = seqOf(state, IdKind.dag, body.tenant, body.dagId);
  if (taken !== 0) {
    return refuse(t, 'duplicate-dag-id', '/id', `the tenant has a DAG ${JSON.stringify(body.dagId)} already`, taken);
  }
  const problems = checkSubmission(body);
  if (problems.length > 0) return refuseAll(t, problems);
  const tenant = seqOf(state, IdKind.tenant, '', body.tenant);
  if (refuseIfFull(t, tenant, body.jobs.length)) return;
  const classes = classesOf(state, body.jobs);
  if (refuseIfTooManyClasses(t, classes.unknown, '/jobs')) return;
  const reason = tenant === 0 ? '' : heldFor(t, tenant);
  accept(t, body, classes, tenant === 0 ? state.cell.c.nextTenant[state.cellRow]! + 1 : tenant, reason);
}

function accept(t: OpenTurn, body: SubmitDag, classes: ClassesOfJobs, tenant: number, heldFor: string): void {
  const { state } = t;
  const { cell, cellRow, dags } = state;
  const graph = graphOf(body.jobs) as Graph;
  const patterns = patternsOf(body);
  const estimates = body.jobs.map((job, i) => {
    const at = classes.placeOf[i]!;
    return at < 0 ? 0 : estimateOf(state, classes.seqs[at]!, patterns[i]!, job.estimateMs);
  });
  const size = sizeOf(t, body, classes, graph, estimates);
  const dag = cell.c.nextDag[cellRow]! + 1;
  t.emit(Code.DagAccepted, {
    dag,
    tenant,
    work: size.work,
    dagFinish: finishAfter(fairTime(state, body.priority, tenant), size.work),
    dueAtMs: t.at + PATIENCE_MS + 2 * size.ideal,
    estimates,
    held: heldFor !== '',
  });
  if (heldFor !== '') return t.emit(Code.DagHeld, { dag, reason: heldFor });
  readyFirst(t, dags.find(dag));
}

interface Size {
  /** Slot-ms of all jobs; a fan-out's are added when its children are made. */
  readonly work: number;
  /** The longest path, or how long the work of a class takes there if it is alone, in ms. */
  readonly ideal: number;
}

function sizeOf(
  t: OpenTurn,
  body: SubmitDag,
  { seqs, placeOf }: ClassesOfJobs,
  graph: Graph,
  estimates: readonly number[],
): Size {
  let ideal = 0;
  const ranks = upwardRanks(graph, estimates);
  for (let i = 0; i < ranks.length; i++) ideal = Math.max(ideal, ranks[i]!);
  let work = 0;
  const works = seqs.map(() => ({ slotMs: 0, starts: 0, units: 0 }));
  for (let i = 0; i < estimates.length; i++) {
    const job = body.jobs[i]!;
    if (job.fanOut !== null) continue;
    const slotMs = costOf(estimates[i]!, job.slots);
    work += slotMs;
    if (placeOf[i]! < 0) continue;
    const own = works[placeOf[i]!]!;
    own.slotMs += slotMs;
    own.starts += 1;
    own.units += job.units;
  }
  for (let at = 0; at < seqs.length; at++) ideal = Math.max(ideal, volumeAlone(t.state, seqs[at]!, works[at]!));
  return { work, ideal: Math.min(MAX_PATH_MS, ideal) };
}
