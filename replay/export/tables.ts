/** The tables of an export: their columns, types and what they mean. docs/replay.md lists them from here. */

/** How a column is kept: integers of 32 or 64 bits, text, moments in UTC, truth. Any column may be null. */
export type ColumnType = 'INT32' | 'INT64' | 'STRING' | 'TIMESTAMP' | 'BOOLEAN';

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly about: string;
}

const column = (name: string, type: ColumnType, about: string): ColumnSpec => ({ name, type, about });

/** What joins the tables: an id may be used again once its DAG is forgotten. */
const dagSeq = column('dag_seq', 'INT64', 'sequence number of the DAG in the cell; it is never used again');

const job = [
  dagSeq,
  column('tenant', 'STRING', 'tenant of the DAG'),
  column('dag', 'STRING', 'id of the DAG'),
  column('job', 'STRING', 'id of the job; that of a child of a fan-out has its place behind it, in brackets'),
  column('attempt', 'INT32', 'attempt of the job, from 1'),
];
const where = [
  column('executor', 'STRING', 'id of the executor'),
  column('class', 'STRING', 'executor class, with its group where that is not the default one'),
];
const token = column('token', 'INT64', 'token of the lease');

export const TABLES = {
  lifecycle: [
    column('turn', 'INT64', 'turn of the journal'),
    column('entry', 'INT32', 'place in the turn'),
    column('happened_at', 'TIMESTAMP', 'journal time'),
    column('event', 'STRING', 'name of the event in the catalogue'),
    dagSeq,
    column('tenant', 'STRING', 'tenant of the DAG that it is about'),
    column('dag', 'STRING', 'id of that DAG'),
    column('job', 'STRING', 'id of the job that it is about'),
    column('attempt', 'INT32', 'attempt that it is about'),
    column('executor', 'STRING', 'executor that it is about'),
    column('code', 'STRING', 'reason, outcome or code that it carries'),
  ],
  dags: [
    dagSeq,
    column('tenant', 'STRING', 'its tenant'),
    column('dag', 'STRING', 'its id'),
    column('name', 'STRING', 'its name'),
    column('priority', 'INT32', 'its priority when it was accepted'),
    column('jobs', 'INT32', 'jobs, with the children of fan-outs'),
    column('accepted_at', 'TIMESTAMP', 'when it was accepted'),
    column('ended_at', 'TIMESTAMP', 'when its last run ended; null: not within the history'),
    column('outcome', 'STRING', 'succeeded, failed, cancelled or open'),
    column(
      'deadline_at',
      'TIMESTAMP',
      'its deadline: the soft one, or the hard one where there is no other, or where it comes first',
    ),
    column('deadline_kind', 'STRING', 'soft or hard'),
    column(
      'deadline_met',
      'BOOLEAN',
      'whether it succeeded by then; null without a deadline, or while it is open and that is to come',
    ),
    column('took_ms', 'INT64', 'from accepted to ended'),
  ],
  waits: [
    ...job,
    column('class', 'STRING', 'executor class of the job'),
    column('waited_from', 'TIMESTAMP', 'accepted, made by its fan-out, or end of the attempt before'),
    column('dispatched_at', 'TIMESTAMP', 'when it was dispatched'),
    column('wait_ms', 'INT64', 'all of the wait: the sum of those that follow'),
    column('dependency_ms', 'INT64', 'for the jobs before it'),
    column('held_ms', 'INT64', 'while the DAG was held by a limit of its tenant'),
    column('paused_ms', 'INT64', 'while the DAG was paused'),
    column('backoff_ms', 'INT64', 'until the next attempt was due'),
    column('no_executor_ms', 'INT64', 'ready, while its class had no executor'),
    column('full_ms', 'INT64', 'ready, while all slots of its class were taken'),
    column('other_ms', 'INT64', 'ready, with slots free: limits, reserves, room in the turn'),
  ],
  leases: [
    token,
    ...job,
    ...where,
    column('granted_at', 'TIMESTAMP', 'when it was granted'),
    column('ended_at', 'TIMESTAMP', 'when it ended; null: not within the history'),
    column('outcome', 'STRING', 'completed, failed, returned, cancelled, timed-out, dag-ended or executor-lost'),
  ],
  slots: [
    token,
    ...where,
    column('slots', 'INT32', 'how many'),
    dagSeq,
    column('tenant', 'STRING', 'tenant whose job held them'),
    column('dag', 'STRING', 'DAG whose job held them'),
    column(
      'reserved_at',
      'TIMESTAMP',
      'when they were reserved; in a second row of a token, when its executor came back with the work',
    ),
    column('freed_at', 'TIMESTAMP', 'when they were free again; null: not within the history'),
    column('how', 'STRING', 'released, or withdrawn because nobody said that the work had stopped'),
    column('occupancy_ms', 'INT64', 'how long they were held'),
  ],
  dispatches: [
    token,
    column('turn', 'INT64', 'turn in which it was decided'),
    column('dispatched_at', 'TIMESTAMP', 'journal time of that turn'),
    ...job,
    ...where,
    column('estimate_ms', 'INT64', "the job's own estimate, where it has one"),
    column('policy', 'STRING', 'policy in force'),
    column('lane', 'STRING', 'guard, urgent or regular'),
    column('cost', 'INT64', 'slot-ms charged'),
    column('priority', 'INT32', 'priority of the DAG'),
    column('tenant_tag', 'INT64', 'what the tenant had used of the class'),
    column('dag_finish', 'INT64', 'virtual finish of the DAG'),
    column('free_after', 'INT32', 'slots of the class that stayed free'),
    column(
      'decided_by',
      'STRING',
      'the first field of the key in which it won, `lane`, or `reservation`; none without a runner-up',
    ),
    column('backfill', 'BOOLEAN', 'started beside a reservation'),
  ],
  capacity: [
    column('since_at', 'TIMESTAMP', 'from when on'),
    ...where,
    column(
      'slots',
      'INT32',
      'slots that it has from then on, without those that were withdrawn; 0: it left or was lost',
    ),
  ],
} as const satisfies Record<string, readonly ColumnSpec[]>;

export type TableName = keyof typeof TABLES;

/** Values of a row by column; moments are ms. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Takes the rows of an export, table by table in the order of the history. */
export type TakeRow = (table: TableName, row: Row) => void;
