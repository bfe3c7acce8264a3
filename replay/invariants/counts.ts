/**
 * What rows count of other rows (faults.md, I5, I6, I11): slots in use, what is ready, what is open. Each such number is
 * the sum of what the counted rows give to it.
 */

import { CursorKind, DagState, JobState, LeaseState, Shape } from '../../src/catalogue/generated/codes.js';
import { advertised, closed } from '../../src/kernel/evolve/capacity.js';
import { costOf, shapeOf } from '../../src/kernel/evolve/flows.js';
import { isOfDag } from '../../src/kernel/evolve/make-cursor.js';
import { classOfLease, slotsOf } from '../../src/kernel/fold.js';
import { ExecutorState } from '../../src/kernel/rows/flags.js';
import { classOfFlow, fairKey, flowKey, tagKey } from '../../src/kernel/rows/keys.js';
import type { State } from '../../src/kernel/rows/state.js';
import type { AnyRows, Fields, Table } from '../../src/kernel/rows/table.js';
import type { Invariant } from './violation.js';

/** A number in rows of one table that counts rows of another. */
export interface Count {
  readonly invariant: Invariant;
  /** What is counted. */
  readonly what: string;
  readonly counted: Table;
  readonly counting: Table;
  /** Number of the field with the count; -1: no row has it, it is only wanted here. */
  readonly field: number;
  /** Handle of the row that counts this one; 0: none does. */
  readonly by: (row: number) => number;
  /** What it counts as; 1 without it. */
  readonly as?: (row: number) => number;
}

/** Counts that no field says as they are. */
export interface OwnCounts {
  /** Jobs of a DAG that are ready, run, wait for a time or a signal, or for their children. */
  readonly moving: Count;
  /** Flows of a DAG. */
  readonly flows: Count;
  /** Children of a fan-out that have not ended. */
  readonly children: Count;
  /** Leases in force of a job. */
  readonly leases: Count;
}

/** All counts of a state. */
export function countsOf(state: State): { readonly all: readonly Count[]; readonly own: OwnCounts } {
  const own = ownCounts(state);
  const all = [
    ...slotCounts(state),
    ...jobCounts(state),
    ...frontierCounts(state),
    ...openCounts(state),
    ...otherCounts(state),
    ...Object.values(own),
  ];
  return { all, own };
}

/** `counting.field` counts rows of `counted`. */
function count<P extends Fields>(
  invariant: Invariant,
  what: string,
  counted: AnyRows,
  counting: { readonly table: Table<P> },
  field: keyof P | null,
  by: (row: number) => number,
  as?: (row: number) => number,
): Count {
  return {
    invariant,
    what,
    counted: counted.table,
    counting: counting.table as unknown as Table,
    field: field === null ? -1 : counting.table.names.indexOf(field as string),
    by,
    ...(as && { as }),
  };
}

/** Slots, per executor and class: reserved by leases in force, reclaiming, and what live executors advertise. */
function slotCounts(state: State): readonly Count[] {
  const { leases, executors, classes } = state;
  const slots = (lease: number) => leases.c.moreSlots[lease]! + 1;
  const executorOf = (wanted: number) => (lease: number) =>
    leases.c.state[lease] === wanted ? executors.find(leases.c.executor[lease]!) : 0;
  const classOf = (lease: number) => classes.find(classOfLease(state, lease));
  const classIf = (wanted: number) => (lease: number) => (leases.c.state[lease] === wanted ? classOf(lease) : 0);
  const { inForce, reclaiming } = LeaseState;
  const live = (row: number) =>
    executors.c.state[row] === ExecutorState.live ? classes.find(executors.c.class[row]!) : 0;
  return [
    count('I5', 'slots reserved by leases in force', leases, executors, 'reserved', executorOf(inForce), slots),
    count('I5', 'slots that are reclaiming', leases, executors, 'reclaiming', executorOf(reclaiming), slots),
    count('I5', 'slots reserved by leases in force', leases, classes, 'reserved', classIf(inForce), slots),
    count('I5', 'slots that are reclaiming', leases, classes, 'reclaiming', classIf(reclaiming), slots),
    count('I5', 'leases of long jobs', leases, classes, 'longRunning', (lease) =>
      leases.c.state[lease] !== 0 && leases.c.shape[lease] === Shape.long ? classOf(lease) : 0,
    ),
    count('I5', 'slots that live executors advertise', executors, classes, 'slots', live, (row) =>
      advertised(state, row),
    ),
    count('I5', 'slots of cordoned executors in which nothing runs', executors, classes, 'closed', live, (row) =>
      closed(state, row),
    ),
    count('I5', 'live executors', executors, classes, 'executors', live),
  ];
}

/** Whether a job, by its state, has begun to exist and has not ended. */
export function isOpenJob(jobState: number): boolean {
  return jobState !== 0 && jobState < JobState.succeeded;
}

/** Jobs of a DAG that have not ended; a fan-out stands for its children that are still to be made, too. */
function jobCounts(state: State): readonly Count[] {
  const { jobs, dags, fans, space } = state;
  const left = (job: number): number => {
    if (jobs.c.state[job] !== JobState.fannedOut) return 1;
    const fan = fans.find(jobs.keyA[job]!, jobs.keyB[job]!);
    return 1 + fans.c.count[fan]! - fans.c.made[fan]!;
  };
  const dagOf = (job: number) => (isOpenJob(jobs.c.state[job]!) ? space.dagOf[job]! : 0);
  return [count('I6', 'jobs that have not ended', jobs, dags, 'jobsLeft', dagOf, left)];
}

/** The frontier: flows count ready jobs, and classes, tenants and their tags count flows. */
function frontierCounts(state: State): readonly Count[] {
  const { jobs, flows, dags, classes, tenants, tags, virtuals, leases } = state;
  const flowOf = (job: number) =>
    jobs.c.state[job] === JobState.ready
      ? flows.find(jobs.keyA[job]!, flowKey(jobs.c.class[job]!, shapeOf(jobs.c.flags[job]!)))
      : 0;
  const work = (job: number) => costOf(jobs.c.estimateMs[job]!, slotsOf(state, job));
  const ready = (flow: number) => flows.c.ready[flow]!;
  const classOf = (flow: number) => (ready(flow) === 0 ? 0 : classes.find(classOfFlow(flows.keyB[flow]!)));
  const tenantOf = (flow: number) =>
    ready(flow) === 0 ? 0 : tenants.find(dags.c.tenant[dags.find(flows.keyA[flow]!)]!);
  const tagOfFlow = (flow: number): number => {
    const dag = ready(flow) === 0 ? 0 : dags.find(flows.keyA[flow]!);
    if (dag === 0 || dags.c.state[dag] !== DagState.open || dags.c.paused[dag] !== 0) return 0;
    return tags.find(tagKey(classOfFlow(flows.keyB[flow]!), dags.c.priority[dag]!), dags.c.tenant[dag]!);
  };
  const tagOfLease = (lease: number) =>
    leases.c.tenant[lease] === 0
      ? 0
      : tags.find(tagKey(classOfLease(state, lease), leases.c.priority[lease]!), leases.c.tenant[lease]!);
  const charge = (lease: number) => Math.floor(leases.c.cost[lease]! / (leases.c.moreWeight[lease]! + 1));
  const busy = (tag: number) =>
    tags.c.flows[tag] !== 0 || tags.c.leases[tag] !== 0 ? virtuals.find(tags.keyA[tag]!, 0) : 0;
  return [
    count('I11', 'ready jobs', jobs, flows, 'ready', flowOf),
    count('I11', 'slot-ms of ready jobs', jobs, flows, 'work', flowOf, work),
    count('I11', 'units of ready jobs', jobs, flows, 'units', flowOf, (job) => jobs.c.units[job]!),
    count('I11', 'ready jobs', flows, classes, 'ready', classOf, ready),
    count('I11', 'ready jobs', flows, tenants, 'runnableJobs', tenantOf, ready),
    count('I11', 'flows that compete', flows, tags, 'flows', tagOfFlow),
    count('I11', 'leases that were charged', leases, tags, 'leases', tagOfLease),
    count('I11', 'charges of leases', leases, tags, 'pending', tagOfLease, charge),
    count('I11', 'tags that are busy', tags, virtuals, 'busy', busy),
  ];
}

/** What is open, in the cell and of each tenant. */
function openCounts(state: State): readonly Count[] {
  const { dags, cell, cellRow, tenants, fairs } = state;
  const isOpen = (dag: number) => dags.c.state[dag] !== 0 && dags.c.state[dag]! <= DagState.ending;
  const cellOf = (dag: number) => (isOpen(dag) ? cellRow : 0);
  const tenantIf = (is: (dag: number) => boolean) => (dag: number) =>
    isOpen(dag) && is(dag) ? tenants.find(dags.c.tenant[dag]!) : 0;
  const isHeld = (dag: number) => dags.c.state[dag] === DagState.held;
  return [
    count('I8', 'open DAGs', dags, cell, 'openDags', cellOf),
    count('I8', 'jobs of open DAGs', dags, cell, 'knownJobs', cellOf, (dag) => dags.c.jobsTotal[dag]!),
    count(
      'I8',
      'open DAGs',
      dags,
      tenants,
      'openDags',
      tenantIf(() => true),
    ),
    count('I8', 'DAGs that are held', dags, tenants, 'heldDags', tenantIf(isHeld)),
    count(
      'I8',
      'DAGs that are not held',
      dags,
      tenants,
      'activeDags',
      tenantIf((dag) => !isHeld(dag)),
    ),
    count('I11', 'open DAGs of a priority', dags, fairs, 'open', (dag) =>
      isOpen(dag) ? fairs.find(fairKey(dags.c.priority[dag]!), dags.c.tenant[dag]!) : 0,
    ),
  ];
}

function otherCounts(state: State): readonly Count[] {
  const { retired, cell, cellRow, cursors, dags, tenants, executors, fairDags, buckets, classes } = state;
  const tenantOfScan = (cursor: number) =>
    cursors.c.kind[cursor] === CursorKind.scan ? tenants.find(dags.c.tenant[dags.find(cursors.c.dag[cursor]!)]!) : 0;
  const unscanned = (cursor: number) => Math.max(0, cursors.c.aux[cursor]! - cursors.c.next[cursor]!);
  return [
    count(
      'I8',
      'jobs of ended DAGs',
      retired,
      cell,
      'retiredJobs',
      (row) => (retired.c.dag[row] === 0 ? 0 : cellRow),
      (row) => retired.c.jobs[row]!,
    ),
    count('I8', 'jobs that are not scanned yet', cursors, tenants, 'unscannedJobs', tenantOfScan, unscanned),
    count('I8', 'continuations of a DAG', cursors, dags, 'cursors', (cursor) =>
      cursors.c.kind[cursor] !== 0 && isOfDag(cursors.c.kind[cursor]!) ? dags.find(cursors.c.dag[cursor]!) : 0,
    ),
    count('I8', 'continuations of an executor', cursors, executors, 'cursors', (cursor) =>
      cursors.c.kind[cursor] === CursorKind.dropLeases ? executors.find(cursors.c.dag[cursor]!) : 0,
    ),
    count('I11', 'rows of fair@1', fairDags, dags, 'fairDags', (row) =>
      fairDags.c.period[row] === 0 ? 0 : dags.find(fairDags.keyA[row]!),
    ),
    count('I11', 'buckets of a class', buckets, classes, 'buckets', (row) =>
      buckets.c.add[row] === 0 ? 0 : classes.find(buckets.keyA[row]!),
    ),
  ];
}

function ownCounts(state: State): OwnCounts {
  const { jobs, dags, flows, leases, space } = state;
  const moving = (job: number) =>
    isOpenJob(jobs.c.state[job]!) && jobs.c.state[job] !== JobState.waiting ? space.dagOf[job]! : 0;
  const fanOutOf = (job: number) =>
    jobs.c.parent[job] !== 0 && isOpenJob(jobs.c.state[job]!)
      ? space.handle(space.dagOf[job]!, jobs.c.parent[job]! - 1)
      : 0;
  const dagOfFlow = (flow: number) => (flows.c.ready[flow] === 0 ? 0 : dags.find(flows.keyA[flow]!));
  const jobOfLease = (lease: number): number => {
    const dag = leases.c.state[lease] === LeaseState.inForce ? dags.find(leases.c.dag[lease]!) : 0;
    return dag === 0 ? 0 : space.handle(dag, leases.c.job[lease]!);
  };
  return {
    moving: count('I8', 'jobs that can go on', jobs, dags, null, moving),
    flows: count('I11', 'flows', flows, dags, null, dagOfFlow),
    children: count('I7', 'children that have not ended', jobs, jobs, null, fanOutOf),
    leases: count('I4', 'leases in force', leases, jobs, null, jobOfLease),
  };
}
