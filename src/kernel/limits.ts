/**
 * Limits of the kernel: everything has one, with its unit and its reason. They are counts and bytes, never CPU time.
 */

/** Version of the kernel's decisions; written into every turn. */
export const KERNEL_VERSION = 'kernel@1';

/** Inputs in a turn: bounds what is lost when a turn is void, and how long a reply waits. */
export const MAX_INPUTS_PER_TURN = 4096;
/** Events in a turn. Who has his share of it stops when it is used up; what a last step needs beyond it is small. */
export const MAX_EVENTS_PER_TURN = 16_384;
/** Events of due timers of journal time: deadlines, backoff, flows that wake. */
export const MAX_TIMER_EVENTS = 1536;
/**
 * Events that continuations may use in a turn: one for each input, or 32 for each cursor in line if these are more. Few
 * at the least, two cursors' steps: callbacks that come meanwhile wait until the turn is over, so a giant's turns are
 * short. A quarter of a turn at most, so that many never stop everybody else (docs/adr/0017-share-of-continuations.md).
 */
export const EVENTS_PER_CURSOR = 32;
export const MIN_CONTINUATION_EVENTS = 512;
export const MAX_CONTINUATION_EVENTS = 4096;
/**
 * Bytes of outputs that conditions and fan-outs have looked into in a turn, after which its continuations go no further. So
 * much is known at once: what is known of a text takes up to thirty times its size.
 */
export const MAX_KNOWN_BYTES = 4 * 1024 * 1024;
/** Events after which a turn takes no further input: at least 3,000 are left for the plan. */
export const MAX_EVENTS_BEFORE_PLAN = 12_288;
/** Flows up to which a control takes no longer to move them than to be taken: it counts as those beyond. */
export const FEW_FLOWS = 16;
/** Events of time-outs, reclaiming and sessions in a turn. */
export const MAX_RUNNING_TIMER_EVENTS = 1024;
/** Events of a cursor before it goes to the end of the line. */
export const MAX_CURSOR_EVENTS = 256;
/** Attempts that are given up for their time in one turn: what they read cold is fetched before it. */
export const MAX_TIME_OUTS_PER_TURN = 256;

/**
 * Terminal DAGs that one turn begins to forget, and jobs that these have, about: their rows are fetched before it. More
 * than a turn can accept of small ones, so that what is kept stays bounded under any load.
 */
export const MAX_FORGOTTEN_PER_TURN = 2048;
export const MAX_FORGOTTEN_JOBS_PER_TURN = 4096;

/**
 * Executors that one turn forgets. As many as a turn can see leaving when as many come: one that comes and leaves takes
 * two inputs, one that comes and is lost an input and a timer. So what is kept stays bounded under any load.
 */
export const MAX_FORGOTTEN_EXECUTORS_PER_TURN = Math.floor((MAX_INPUTS_PER_TURN + MAX_RUNNING_TIMER_EVENTS) / 2);

/** Edges that an ended job tells at once; more of them are a continuation. */
export const INLINE_EDGES = 16;
/** Jobs of a DAG that are looked at when it is accepted; more of them are a continuation. */
export const INLINE_JOBS = 16;

/** Jobs in a submission. */
export const MAX_JOBS_PER_SUBMISSION = 100_000;
/** Jobs of a DAG with the children of its fan-outs: keeps sums over a DAG below 2^53. */
export const MAX_JOBS_PER_DAG = 2 ** 17;
/** Children of one fan-out. */
export const MAX_CHILDREN = 100_000;
/** Edges of a submission: keeps the analysis of one submission below about a second. */
export const MAX_EDGES_PER_SUBMISSION = 1_000_000;
/** Problems listed for one input. */
export const MAX_PROBLEMS = 100;
/** Priorities lie between -MAX_PRIORITY and MAX_PRIORITY: what the planner's key holds. */
export const MAX_PRIORITY = 1_000_000;
/** Executor classes of a cell: they are planned one by one. */
export const MAX_CLASSES = 4095;
/** Slots of a job. */
export const MAX_JOB_SLOTS = 1024;
/** Slots of an executor: an executor with more registers several times. */
export const MAX_EXECUTOR_SLOTS = 4096;
/** Leases that a registration lists: those that have its slots, and as many whose ends have not been answered yet. */
export const MAX_HELD = 2 * MAX_EXECUTOR_SLOTS;
/** 30 days: the longest estimate and the longest time-out, in ms. */
export const MAX_DURATION_MS = 30 * 24 * 3600 * 1000;
/** Deadlines stay below 2^43 ms (the year 2248), so that keys have room. */
export const MAX_DEADLINE_MS = 2 ** 43;
/**
 * The longest that a path of estimates, or the work of a class on all its slots, counts as: sums with times stay exact.
 */
export const MAX_PATH_MS = 2 ** 43;
/** Limits of tenants and of the cell, counts as well as times: sums with them and with journal time stay exact. */
export const MAX_LIMIT = 2 ** 43;
/** 398 slot-days: what is larger counts as that. */
export const MAX_COST = 2 ** 35;
/**
 * Tags and virtual times stop here, in slot-ms: 142,000 slot-years, or 131,072 starts of the highest cost. So their
 * sums with costs are exact. Who stands at the end is told apart by what comes next in a key.
 */
export const MAX_TAG = 2 ** 52;
/**
 * `dagFinish` stops here, in slot-ms: a virtual time and the work of a DAG are at most 2^52 each, but what failed
 * attempts held is added too, without end. DAGs that stand here go in the order in which they were accepted.
 */
export const MAX_DAG_FINISH = 2 * MAX_TAG - 1;
/**
 * What is summed over all that runs stops here, and at minus this: 262,144 leases of the highest cost come to more, and
 * there are as many as executors have slots.
 */
export const MAX_SUM = 2 ** 53 - 1;
/** Rates of a class: each dispatch looks at all of them. */
export const MAX_RATES = 16;
/** burst x perMs, and add: so a bucket's level is exact. */
export const MAX_BUCKET = 2 ** 50;
/** How far a bucket's level may fall below zero: what was used beyond it is forgiven. */
export const MAX_BUCKET_DEBT = 2 ** 52;
/** The estimate of a job that names none, in ms. */
export const DEFAULT_ESTIMATE_MS = 1000;
/** Attempts of a job in a run. */
export const MAX_ATTEMPTS = 1000;
/** Runs of a DAG: their number is kept in 16 bits. */
export const MAX_RUNS = 65_535;
/** Length of an id or a name in UTF-16 code units. */
export const MAX_NAME_LENGTH = 256;
/** An output inline; larger goes to a blob. */
export const MAX_INLINE_OUTPUT_BYTES = 256 * 1024;
/** Shortest and longest session of an executor, in ms. */
export const MIN_SESSION_MS = 1000;
export const MAX_SESSION_MS = 10 * 60 * 1000;
/** How long slots may stay in reclaiming before they are withdrawn, in running ms. */
export const RECLAIM_AFTER_MS = 30_000;
/** A job whose lease ended so often by a lost executor fails `poison`. */
export const POISON_LOSSES = 3;
/** How long the inputId of a control or a registration is remembered, in ms of journal time. */
export const REMEMBER_INPUT_MS = 600_000;

/** `dueAt` is the acceptance + this + twice the longest path (policy.md: In one paragraph). */
export const PATIENCE_MS = 120_000;
export const DEFAULT_OPEN_DAGS = 10_000;
export const DEFAULT_ACTIVE_DAGS = 2_000;
export const DEFAULT_RUNNABLE_JOBS = 250_000;
export const DEFAULT_KNOWN_JOBS = 10_000_000;
export const DEFAULT_RETAIN_MS = 7 * 24 * 3600 * 1000;
export const DEFAULT_RETAIN_JOBS = 1_000_000;
/**
 * An hour: long enough to see who was lost and why, short enough for ids that are new at every start. Nothing is
 * decided by an executor that is gone: its leases have ended, and jobs count losses themselves.
 */
export const DEFAULT_RETAIN_EXECUTORS_MS = 3600_000;
export const MAX_WEIGHT = 1000;
export const DEFAULT_POLICY = 'default@1';
