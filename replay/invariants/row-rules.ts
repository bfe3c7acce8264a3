/** What must hold of a row that a turn has changed, beside what it counts. */
import { DagState, JobState, LeaseState } from '../../src/catalogue/generated/codes.js';
import { fullOf } from '../../src/kernel/buckets.js';
import { slotsOf } from '../../src/kernel/fold.js';
import type { State } from '../../src/kernel/rows/state.js';
import type { RowList, Touched } from './touched.js';
import { rowName, type Violations } from './violation.js';

/** What is counted that no field says as it is. */
export interface OwnSums {
  /** Jobs of a DAG that can go on. */
  readonly moving: Sum;
  /** Children of a fan-out that have not ended. */
  readonly children: Sum;
  /** Leases in force of a job. */
  readonly leases: Sum;
}

interface Sum {
  sumOf(row: number): number;
}

/** Checks the rows that have changed. */
export function checkRows(state: State, touched: Touched, sums: OwnSums, violations: Violations): void {
  const { leases, jobs, dags, classes, buckets, tags } = state;
  each(touched.of[leases.table.id]!, (lease) => checkLease(state, lease, violations));
  each(touched.of[jobs.table.id]!, (job) => checkJob(state, job, sums, violations));
  each(touched.of[dags.table.id]!, (dag) => checkDag(state, dag, sums, violations));
  each(touched.of[classes.table.id]!, (cls) => checkReservation(state, cls, violations));
  each(touched.of[buckets.table.id]!, (bucket) => checkBucket(state, bucket, violations));
  each(touched.of[tags.table.id]!, (tag) => checkTag(state, tag, violations));
}

function each({ rows, size }: RowList, check: (row: number) => void): void {
  for (let i = 0; i < size; i++) check(rows[i]!);
}

/**
 * I4: a lease in force is that of the newest attempt of its job; no other state outlives a turn. I5:
 * whose slots it has is known as long as it has them.
 */
function checkLease(state: State, lease: number, violations: Violations): void {
  const { leases, jobs, dags, executors, space } = state;
  const leaseState = leases.c.state[lease]!;
  if (leaseState === 0) return;
  if (executors.find(leases.c.executor[lease]!) === 0) {
    violations.add('I5', 'executors of a lease', [rowName(leases, lease)], 0, 1);
  }
  if (leaseState === LeaseState.reclaiming) return;
  const dag = dags.find(leases.c.dag[lease]!);
  const job = dag === 0 ? 0 : space.handle(dag, leases.c.job[lease]!);
  const rows = job === 0 ? [rowName(leases, lease)] : [rowName(leases, lease), rowName(jobs, job)];
  const token = leases.keyA[lease]!;
  if (leaseState !== LeaseState.inForce) {
    violations.add('I4', 'state of a lease between turns', rows, leaseState, LeaseState.inForce);
  } else if (jobs.c.token[job] !== token) {
    violations.add('I4', 'newest token of the job of a lease in force', rows, jobs.c.token[job]!, token);
  }
}

/** I4: who runs has a lease in force, and nobody else has. A fan-out counts its children. */
function checkJob(state: State, job: number, { children, leases }: OwnSums, violations: Violations): void {
  const { jobs, fans } = state;
  const jobState = jobs.c.state[job]!;
  const due = jobState === JobState.dispatched || jobState === JobState.running ? 1 : 0;
  const inForce = leases.sumOf(job);
  if (inForce !== due) {
    violations.add(
      'I4',
      due === 1 ? 'leases in force of a job that runs' : 'leases in force of a job that does not run',
      [rowName(jobs, job)],
      inForce,
      due,
    );
  }
  if (jobState !== JobState.fannedOut) return;
  const fan = fans.find(jobs.keyA[job]!, jobs.keyB[job]!);
  const left = children.sumOf(job) + fans.c.count[fan]! - fans.c.made[fan]!;
  if (jobs.c.left[job] === left) return;
  violations.add('I7', 'children left of a fan-out', [rowName(jobs, job)], jobs.c.left[job]!, left);
}

/** I8: an open DAG can go on, and one of which all jobs have ended has ended or is about to. */
function checkDag(state: State, dag: number, { moving }: OwnSums, violations: Violations): void {
  const { c } = state.dags;
  const isOpen = c.state[dag] === DagState.open || c.state[dag] === DagState.ending;
  if (!isOpen || c.cursors[dag] !== 0 || moving.sumOf(dag) > 0) return;
  violations.add(
    'I8',
    'jobs and continuations that can bring an open DAG to its end',
    [rowName(state.dags, dag)],
    0,
    1,
  );
}

/** A reservation is for a job of several slots on an executor of the class. */
function checkReservation(state: State, cls: number, violations: Violations): void {
  const { classes, executors, dags, jobs, space } = state;
  const { reservedDag, reservedJob, reservedExecutor } = classes.c;
  const own = rowName(classes, cls);
  if (reservedExecutor[cls] === 0) {
    if (reservedDag[cls] !== 0) violations.add('I11', 'DAG of no reservation', [own], reservedDag[cls]!, 0);
    return;
  }
  const dag = dags.find(reservedDag[cls]!);
  const job = dag === 0 ? 0 : space.handle(dag, reservedJob[cls]!);
  if (job !== 0 && slotsOf(state, job) < 2) {
    violations.add('I11', 'slots of a job for which an executor is reserved', [own, rowName(jobs, job)], 1, 2);
  }
  const executor = executors.find(reservedExecutor[cls]!);
  if (executor === 0) return violations.add('I11', 'executors of a reservation', [own], 0, 1);
  if (executors.c.class[executor] === classes.keyA[cls]) return;
  const found = executors.c.class[executor]!;
  violations.add('I11', 'class of a reserved executor', [own, rowName(executors, executor)], found, classes.keyA[cls]!);
}

/** No bucket holds more than it can. */
function checkBucket(state: State, bucket: number, violations: Violations): void {
  const { buckets } = state;
  const level = buckets.c.level[bucket]!;
  const full = fullOf(state, bucket);
  if (level > full) violations.add('I11', 'level of a bucket', [rowName(buckets, bucket)], level, full);
}

/** The ring of idle tags has those that are idle and no others, linked both ways. */
function checkTag(state: State, tag: number, violations: Violations): void {
  const { tags } = state;
  const { c, keyA, keyB } = tags;
  const after = c.idleAfter[tag]!;
  if (tags.find(keyA[tag]!, keyB[tag]!) !== tag) return;
  const isIdle = c.flows[tag] === 0 && c.leases[tag] === 0;
  const own = rowName(tags, tag);
  if ((after !== 0) !== isIdle)
    violations.add('I11', 'whether a tag is in the ring', [own], after === 0 ? 0 : 1, isIdle ? 1 : 0);
  if (after === 0) return;
  const next = tags.find(keyA[tag]!, after);
  const back = next === 0 ? 0 : c.idleBefore[next]!;
  if (back !== keyB[tag]) violations.add('I11', 'tag before the next one of a ring', [own], back, keyB[tag]!);
}
