/**
 * The tables of the state: every fact that a decision uses is in one of these rows.
 *
 * The order of tables and of fields numbers them, in the rows of the store and in the state hash. Both are append-only
 * once released: a new field goes to the end of its table and means, when zero, what was true before it was there.
 */

/** Number of this layout; a store of another layout is rebuilt from the journal. */
export const LAYOUT = 29;

export const TableId = {
  cell: 1,
  tenant: 2,
  class: 3,
  executor: 4,
  dag: 5,
  job: 6,
  fan: 7,
  lease: 8,
  flow: 9,
  tag: 10,
  virtual: 11,
  fair: 12,
  cursor: 13,
  id: 14,
  remembered: 15,
  retired: 16,
  pattern: 17,
  fairDag: 18,
  bucket: 19,
} as const;

/** The one row of the cell, key (1, 0): counters that number things, limits, and totals. */
export const CELL = {
  nextDag: 'f64',
  nextTenant: 'f64',
  nextClass: 'u32',
  nextExecutor: 'f64',
  nextToken: 'f64',
  nextReady: 'f64',
  nextFlow: 'f64',
  nextCursor: 'f64',
  nextSession: 'f64',
  nextRelease: 'f64',
  firstRemembered: 'f64',
  nextRemembered: 'f64',
  /** Terminal DAGs with numbers up to this one are forgotten. */
  firstRetired: 'f64',
  nextRetired: 'f64',
  openDags: 'f64',
  knownJobs: 'f64',
  retiredJobs: 'f64',
  maxKnownJobs: 'f64',
  retainTerminalMs: 'f64',
  retainTerminalJobs: 'f64',
  noLossBeforeMs: 'f64',
  longestSessionMs: 'f64',
  policy: 'str',
  nextDeparted: 'f64',
  retainExecutorsMs: 'f64',
  /** The last token when the policy came into force: credits of the lanes are of what was dispatched since. */
  policyToken: 'f64',
  /** When the fabric last went on after it had stood still. */
  wentOnAtMs: 'f64',
  /** For how long it had stood still by then since every executor had been heard. */
  unheardMs: 'f64',
} as const;

/** Key (tenant's sequence number, 0). The limits begin with `max` (limit-field.ts). */
export const TENANT = {
  name: 'str',
  weight: 'u16',
  openDags: 'u32',
  activeDags: 'u32',
  runnableJobs: 'u32',
  heldDags: 'u32',
  maxOpenDags: 'f64',
  maxActiveDags: 'f64',
  maxRunnableJobs: 'f64',
  /** Jobs of DAGs that begin at which their scan has not looked yet: each may turn out to be runnable. */
  unscannedJobs: 'u32',
  /** Number of the last release of a held DAG of it; those of slots are counted with them. */
  lastRelease: 'f64',
} as const;

/** Key (class's sequence number, 0). `slots` is the sum that live executors advertise. */
export const CLASS = {
  group: 'str',
  name: 'str',
  slots: 'u32',
  reserved: 'u32',
  reclaiming: 'u32',
  /** Limit of the slots in use, by default none (limit-field.ts). */
  maxSlots: 'u32',
  unitCost: 'f64',
  ready: 'u32',
  executors: 'u32',
  guardCredit: 'f64',
  regularCredit: 'f64',
  occupancySum: 'f64',
  occupancyCount: 'u32',
  /** Scaled sum of log2 of occupancies in sixteenths, over as many samples. */
  logSum: 'f64',
  /** When a short job was dispatched last. */
  lastShortAtMs: 'f64',
  /** Slots of leases of long jobs. */
  longRunning: 'u32',
  /** What is reserved in the class: for which job, on which executor, when that should have room, in which lane. */
  reservedDag: 'f64',
  reservedJob: 'u32',
  reservedExecutor: 'f64',
  reservedAtMs: 'f64',
  reservedLane: 'u8',
  /** How many buckets it has. */
  buckets: 'u8',
  /** Under `fair@1`: busy periods that its tenants have had, and the first that counts: it began with the policy. */
  busyPeriods: 'f64',
  firstPeriod: 'f64',
  keptFree: 'f64',
  keptAtMs: 'f64',
  /** Of all that work which still runs has given to the guard's credit, what was not needed after all; and all of it. */
  overpaid: 'f64',
  promised: 'f64',
  /** Slots of cordoned executors in which nothing runs: nothing will. */
  closed: 'u32',
  /** One slot in so many is kept for short jobs (limit-field.ts). */
  shortReserve: 'u32',
  /** Slots of the job for which an executor is reserved. */
  reservedSlots: 'u16',
} as const;

/** Key (executor's sequence number, 0). `state`: 1 live, 2 lost, 3 left. */
export const EXECUTOR = {
  id: 'str',
  incarnation: 'str',
  class: 'u32',
  state: 'u8',
  cordoned: 'u8',
  draining: 'u8',
  slots: 'u32',
  reserved: 'u32',
  reclaiming: 'u32',
  withdrawn: 'u32',
  session: 'f64',
  /** Tokens above this one were granted to this incarnation. */
  tokensAfter: 'f64',
  sessionMs: 'f64',
  untilMs: 'f64',
  lastRelease: 'f64',
  /** The session in which this incarnation registered first. */
  firstSession: 'f64',
  /** Its number among those that left or were lost, in that order; 0 while it is live. */
  departed: 'f64',
  departedAtMs: 'f64',
  /** Cursors that go over its leases: it is not forgotten before the last of them. */
  cursors: 'u32',
} as const;

/** Key (DAG's sequence number, 0). A deadline of 0 is none. */
export const DAG = {
  state: 'u8',
  paused: 'u8',
  tenant: 'f64',
  priority: 'i32',
  run: 'u16',
  /** Bits of `DagRule`. */
  rules: 'u8',
  /** The turn that accepted it: what a repeat of its submission is answered with. */
  acceptedTurn: 'f64',
  acceptedAtMs: 'f64',
  startedAtMs: 'f64',
  endedAtMs: 'f64',
  deadlineAtMs: 'f64',
  hardDeadlineAtMs: 'f64',
  riskAtMs: 'f64',
  /** Bits of `DeadlineFlag`. */
  deadlineFlags: 'u8',
  work: 'f64',
  dagFinish: 'f64',
  dueAtMs: 'f64',
  jobsTotal: 'u32',
  jobsLeft: 'u32',
  /** Jobs that failed or were cancelled and count against the DAG. */
  jobsFailed: 'u32',
  /** Jobs of the submission itself; children of fan-outs have higher indexes. */
  specJobs: 'u32',
  outcome: 'u8',
  code: 'str',
  /** Its cursors: it does not end before the last of them. */
  cursors: 'u32',
  specA: 'u32',
  specB: 'u32',
  retiredSeq: 'f64',
  /** Cursors that reopen its jobs or count anew what is before them; nothing becomes ready meanwhile. */
  reopening: 'u32',
  /** While it is reopening: jobs below this index have been counted for those after them. */
  recounted: 'u32',
  /** Slot-ms of `work` whose jobs have succeeded. */
  workDone: 'f64',
  /** When its run began, if that is not the first; 0: when it was accepted. */
  reopenedAtMs: 'f64',
  /** Its rows of `fair@1`. */
  fairDags: 'u16',
} as const;

/** Key (DAG's sequence number, job index). */
export const JOB = {
  state: 'u8',
  /** Bits of `JobFlag`. */
  flags: 'u16',
  class: 'u16',
  /** Slots beyond the first. */
  moreSlots: 'u16',
  /** 0: all upstreams must succeed; n: n are enough. */
  join: 'u32',
  /** Upstreams, or children of a fan-out, that have not ended. */
  left: 'u32',
  /** Those that ended well; counted only where that decides something: under a join of n, and of a fan-out. */
  good: 'u32',
  /** Those that ended badly. */
  bad: 'u32',
  attempt: 'u32',
  lost: 'u8',
  rank: 'f64',
  estimateMs: 'u32',
  timeoutMs: 'u32',
  readySeq: 'f64',
  /** When it became ready; in backoff, when it will. */
  readyAtMs: 'f64',
  waitMs: 'u32',
  runMs: 'u32',
  /** Token of its newest lease. */
  token: 'f64',
  /** First 48 bits of the digest of the accepted terminal callback, which tells repeats; 0: none accepted. */
  digest: 'f64',
  /** A place in `REASONS`. */
  reason: 'u8',
  permille: 'u16',
  run: 'u16',
  /** For a child: index of its fan-out + 1. */
  parent: 'u32',
  /** Attempts that failed in this run. */
  failures: 'u16',
  /** Units of its class's rates that it is expected to use. */
  units: 'u32',
  /** The mark of its pattern (patterns.ts). */
  pattern: 'u16',
} as const;

/** Key (DAG, index of the fan-out). */
export const FAN = {
  base: 'u32',
  count: 'u32',
  made: 'u32',
  tolerate: 'u32',
  estimateMs: 'u32',
  run: 'u16',
  /** Indexes from `base` on that belong to it: a later run with no more children uses them again. */
  room: 'u32',
} as const;

/** Key (lease token, 0). */
export const LEASE = {
  state: 'u8',
  acknowledged: 'u8',
  /** For what it was granted; of work that a registration reported, what the executor says that it is. */
  dag: 'f64',
  job: 'u32',
  attempt: 'u32',
  executor: 'f64',
  /** Slots beyond the first. */
  moreSlots: 'u16',
  reservedAtMs: 'f64',
  /** Running time at which the attempt times out; 0: never. */
  timeoutAtMs: 'f64',
  /** Running time at which reclaiming slots are withdrawn; 0 while in force. */
  reclaimAtMs: 'f64',
  /** Journal time at which they came to be reclaiming. */
  reclaimingAtMs: 'f64',
  /** Session that has adopted it; 0: the one in which it was granted. */
  session: 'f64',
  priority: 'i32',
  tenant: 'f64',
  /** The tenant's weight when it was charged, beyond 1. */
  moreWeight: 'u16',
  cost: 'f64',
  shape: 'u8',
  /** Units that its dispatch has taken from the buckets of its class; its lane, and what it gave the guard's credit. */
  units: 'u32',
  lane: 'u8',
  earned: 'f64',
  /** What it gave the credit of regular work, as urgent work; below 0, what it took of it. */
  given: 'f64',
} as const;

/** Key (DAG, class and shape; flowKey). */
export const FLOW = {
  flowSeq: 'f64',
  ready: 'u32',
  work: 'f64',
  needMs: 'f64',
  risk: 'u8',
  wakeAtMs: 'f64',
  /** Units of its ready jobs. */
  units: 'f64',
} as const;

/** Key (class and priority, tenant; tagKey): start-time fair queueing, policy.md: Tenants share by weight. */
export const TAG = {
  tag: 'f64',
  rem: 'u32',
  flows: 'u32',
  leases: 'u32',
  /** While it is idle and kept: the tenants before and after it in the ring of such tags; 0 otherwise. */
  idleAfter: 'u32',
  idleBefore: 'u32',
  /** Virtual time of the tenant's DAGs there, under `fair@1`, and the number of its busy period. */
  dagV: 'f64',
  period: 'f64',
  /** What of the tag was charged for what still runs. */
  pending: 'f64',
  /** When its tenant came back last while leases of it ran: the newest token, and its lead over V, corrected since. */
  backToken: 'f64',
  ahead: 'f64',
} as const;

/**
 * Key (class and priority, 0; tagKey): virtual time of a class and priority; how many of its tags have flows or
 * leases, and a tenant of the ring of those that have neither and are kept because they are ahead of it.
 */
export const VIRTUAL = { v: 'f64', busy: 'u32', firstIdle: 'u32' } as const;

/** Key (priority, tenant; fairKey): fair sojourn order, policy.md: DAGs of one tenant. */
export const FAIR = { w: 'f64', rem: 'f64', open: 'u32' } as const;

/**
 * Key (class, place among its rates): a bucket of tokens (policy.md: Rates). `level` is in 1/perMs of a token, below
 * zero where more was used than it held, as of `filledAtMs`. `isUnits`: it counts units, not starts.
 */
export const BUCKET = {
  isUnits: 'u8',
  add: 'f64',
  perMs: 'f64',
  burst: 'f64',
  level: 'f64',
  filledAtMs: 'f64',
  /** The newest token when it began: leases up to that one have taken nothing from it. */
  sinceToken: 'f64',
} as const;

/**
 * Key (class, place): a pattern of jobs (patterns.ts). Scaled sums of what they took and of what was given for them,
 * in ms, and over how many samples.
 */
export const PATTERN = { key: 'f64', actual: 'f64', taught: 'u8', given: 'f64', told: 'u8' } as const;

/**
 * Key (DAG, class): what a DAG has had there in a busy period of its tenant, as `fair@1` counts it, and only while that
 * is in force.
 */
export const FAIR_DAG = {
  tag: 'f64',
  period: 'f64',
  /** What it was charged for what still runs. */
  pending: 'f64',
  /** It has wanted more of the class ever since this token was granted. */
  sinceToken: 'f64',
} as const;

/** Key (cursor's sequence number, 0): a continuation. */
export const CURSOR = { kind: 'u8', dag: 'f64', job: 'u32', next: 'f64', bornTurn: 'f64', aux: 'f64' } as const;

/** Key (53 + 32 bits of the digest of a kind, a scope and an id): what it names, sequence number * 8 + kind. */
export const ID = { target: 'f64' } as const;

/**
 * Key (sequence number, 0): controls and registrations whose inputId is remembered for a while, with the first answer;
 * the id's row is (idA, idB). Of one that was refused the code, place and words of the problem; '' otherwise.
 */
export const REMEMBERED = {
  idA: 'f64',
  idB: 'u32',
  untilMs: 'f64',
  turn: 'f64',
  refusedAs: 'str',
  refusedAt: 'str',
  refusedWhy: 'str',
} as const;

/** Key (sequence number, 0): terminal DAGs in the order of their ends. */
export const RETIRED = { dag: 'f64', jobs: 'u32', atMs: 'f64', turn: 'f64' } as const;
