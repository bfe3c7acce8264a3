/** `plan`: the policy proposes, the kernel turns proposals into events, until no class with a free slot has work. */
import { CauseCode, Code, Shape } from '../catalogue/generated/codes.js';
import type { Deadline } from '../catalogue/generated/types.js';
import { deadlineOf } from './decide/ready.js';
import { costOf, shapeOf } from './evolve/flows.js';
import { slotsOf, tagKey } from './fold.js';
import { MAX_EVENTS_PER_TURN } from './limits.js';
import type { OpenTurn } from './open-turn.js';
import type { Choice } from './policy/policy.js';

/** Events of one dispatch: lease, slot, dispatch. */
const EVENTS_PER_DISPATCH = 3;

/** Dispatches what can be dispatched, class by class in the order of their sequence numbers. */
export function plan(t: OpenTurn): void {
  const { cell, cellRow } = t.state;
  t.cause = CauseCode.plan;
  t.input = null;
  const last = cell.c.nextClass[cellRow]!;
  for (let classSeq = 1; classSeq <= last && !t.full; classSeq++) planClass(t, classSeq);
}

const winner: Choice = { job: 0, flow: 0, lane: 0 };
const runnerUp: Choice = { job: 0, flow: 0, lane: 0 };

function planClass(t: OpenTurn, classSeq: number): void {
  const { classes } = t.state;
  const { placement, policy } = t.indexes;
  const cls = classes.find(classSeq);
  while (classes.c.ready[cls]! > 0) {
    const free = placement.free(classSeq);
    if (free === 0 || policy.peek(classSeq, free, winner) === null) return;
    let executor = placement.choose(classSeq, slotsOf(t.state, winner.job));
    if (executor === 0) {
      // The wide head fits on no single executor: what needs one slot goes on.
      if (policy.peek(classSeq, 1, winner) === null) return;
      executor = placement.choose(classSeq, 1);
      if (executor === 0) return;
    }
    if (t.events + EVENTS_PER_DISPATCH > MAX_EVENTS_PER_TURN) {
      t.full = true;
      return;
    }
    dispatch(t, classSeq, executor, free);
  }
}

function dispatch(t: OpenTurn, classSeq: number, executor: number, free: number): void {
  const { state, indexes } = t;
  const { jobs, dags, tags, executors, cell, cellRow, space } = state;
  const { job, lane } = winner;
  const dag = space.dagOf[job]!;
  const priority = dags.c.priority[dag]!;
  const tag = tags.find(tagKey(classSeq, priority), dags.c.tenant[dag]!);
  const slots = slotsOf(state, job);
  indexes.removeJob(job);
  const second = indexes.policy.peek(classSeq, Math.max(1, free - slots), runnerUp);
  const difference = second === null ? NO_DIFFERENCE : indexes.policy.compare(winner, second);
  const token = cell.c.nextToken[cellRow]! + 1;
  const names = { dag: dags.keyA[dag]!, job: jobs.keyB[job]! };
  const evidence = {
    lane,
    cost: costOf(jobs.c.estimateMs[job]!, slots),
    priority,
    tenantTag: tags.c.tag[tag]!,
    dagFinish: dags.c.dagFinish[dag]!,
    rank: jobs.c.rank[job]!,
    freeAfter: free - slots,
    runnerUpDag: second === null ? -1 : dags.keyA[space.dagOf[second.job]!]!,
    runnerUpJob: second === null ? -1 : jobs.keyB[second.job]!,
    decidedBy: difference.field,
    runnerUpValue: difference.value,
    backfill: false,
  };
  const deadline = deadlineAfter(t, dag, job, classSeq);
  t.emit(Code.LeaseGranted, {
    token,
    dag: names.dag,
    job: names.job,
    attempt: jobs.c.attempt[job]! + 1,
    executor: executors.keyA[executor]!,
  });
  t.emit(Code.SlotReserved, { token, executor: executors.keyA[executor]!, slots });
  t.emit(Code.JobDispatched, { token, dag: names.dag, job: names.job, evidence, deadline });
}

const NO_DIFFERENCE = { field: 0, value: 0 };

/** The deadline of the flow that the job leaves; null when the DAG has none, or the flow ends with it. */
function deadlineAfter(t: OpenTurn, dag: number, job: number, classSeq: number): Deadline | null {
  const { dags, flows, jobs } = t.state;
  if (dags.c.deadlineAtMs[dag] === 0 && dags.c.hardDeadlineAtMs[dag] === 0) return null;
  const shape = shapeOf(jobs.c.flags[job]!);
  const flow = flows.find(dags.keyA[dag]!, classSeq * 4 + shape);
  const head = t.indexes.heads.head(flow);
  if (head === 0) return null;
  const slots = shape === Shape.wide ? slotsOf(t.state, job) : 1;
  return deadlineOf(t, dag, head, flows.c.work[flow]! - costOf(jobs.c.estimateMs[job]!, slots));
}
