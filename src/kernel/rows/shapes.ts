/**
 * How rows that there are many of lie in memory (records.ts): what a decision looks at of one is fetched with a few
 * accesses instead of one for each field, and among a million jobs a decision takes as long as it waits for memory.
 */

/**
 * Numbers of a record of a lease's row, of a tag's, a DAG's, and a
 * flow's; indexes have an entry for each row, not for each handle.
 */
const LEASE_SHIFT = 3;
const TAG_SHIFT = 3;
const DAG_SHIFT = 3;
const FLOW_SHIFT = 2;
export const DAG_STRIDE = 1 << DAG_SHIFT;
export const FLOW_STRIDE = 1 << FLOW_SHIFT;

/**
 * A lease: its dispatch and its release look at all of it. Its key is the eighth of the record; what only one that is
 * reclaiming or was adopted has lies apart, where most have nothing.
 */
export const LEASE_SHAPE = {
  stride: 1 << LEASE_SHIFT,
  together: ['dag', 'executor', 'reservedAtMs', 'timeoutAtMs', 'tenant', 'cost', 'earned'],
} as const;

/**
 * A DAG: what orders it, its deadlines and its key, and its counts. What most DAGs have not before they start or end
 * shares records with nothing that all have: memory that nobody has written to costs nothing.
 */
export const DAG_SHAPE = {
  stride: DAG_STRIDE,
  together: [
    'tenant',
    'dagFinish',
    'dueAtMs',
    'work',
    'deadlineAtMs',
    'hardDeadlineAtMs',
    'riskAtMs',
    'jobsTotal',
    'specJobs',
    'specA',
    'specB',
    'priority',
    'jobsLeft',
  ],
} as const;

/** A flow: what it is chosen by, and its key. When it wakes lies apart: only one with a deadline does. */
export const FLOW_SHAPE = { stride: FLOW_STRIDE, together: ['flowSeq', 'work', 'needMs'] } as const;

/** A tag: a dispatch and a release look at most of it, of any tenant. All of it lies in two records. */
export const TAG_SHAPE = { stride: 1 << TAG_SHIFT } as const;

/** A pattern: one is taught with each end of a job, and there are thousands of each class. */
export const PATTERN_SHAPE = { stride: 4, together: ['key', 'actual', 'given'] } as const;

/** The number of a lease's row: its place in what is kept of each lease. */
export function rowOfLease(lease: number): number {
  return lease >>> LEASE_SHIFT;
}

/** The number of a tag's row: its place in what is kept of each tag. */
export function rowOfTag(tag: number): number {
  return tag >>> TAG_SHIFT;
}

/** The number of a flow's row: nodes of heaps, and places in what is kept of each flow. */
export function rowOfFlow(flow: number): number {
  return flow >>> FLOW_SHIFT;
}

/** The flow whose row has this number. */
export function flowOfRow(row: number): number {
  return row << FLOW_SHIFT;
}

/** The number of a DAG's row: its place in what is kept of each DAG. */
export function rowOfDag(dag: number): number {
  return dag >>> DAG_SHIFT;
}
