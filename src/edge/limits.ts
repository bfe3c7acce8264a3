/**
 * Limits of the edge: each a number with its unit and the reason for it. The first ones are the kernel's, which has the
 * last word; here they let a sender see everything that is wrong at once.
 */

export {
  MAX_ATTEMPTS as ATTEMPTS,
  MAX_CHILDREN as CHILDREN,
  MAX_DEADLINE_MS as DEADLINE_MS,
  MAX_DURATION_MS as DURATION_MS,
  MAX_EXECUTOR_SLOTS as EXECUTOR_SLOTS,
  MAX_HELD as HELD,
  MAX_INLINE_OUTPUT_BYTES as OUTPUT_BYTES,
  MAX_JOB_SLOTS as JOB_SLOTS,
  MAX_JOBS_PER_SUBMISSION as SUBMISSION_JOBS,
  MAX_LIMIT as LIMIT,
  MAX_PRIORITY as PRIORITY,
  MAX_PROBLEMS as LISTED_PROBLEMS,
  MAX_SESSION_MS as SESSION_MAX_MS,
  MIN_SESSION_MS as SESSION_MIN_MS,
} from '../kernel/limits.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** One submission, in bytes of its JSON: what a turn can still carry alone. */
export const SUBMISSION_BYTES = 8 * MIB;

/** One request with many submissions or callbacks, in bytes: what one request may hold in memory. */
export const BATCH_BYTES = 32 * MIB;

/** Lines of one NDJSON request: as many answers are kept until the last one is durable. */
export const BATCH_LINES = 100_000;

/** Body of a control request, in bytes. */
export const CONTROL_BYTES = 256 * KIB;

/** One blob, in bytes: its readers may hold all of it in memory, and a backup copies it whole. */
export const BLOB_BYTES = 256 * MIB;

/** How long a request may take to arrive, in ms: as the largest blob does at 100 KB a second. */
export const REQUEST_MS = 45 * 60_000;

/** Names and ids, in bytes of UTF-8. */
export const NAME_BYTES = 256;

/** Tokens of leases, in bytes: the name of a cell, and numbers. */
export const TOKEN_BYTES = NAME_BYTES + 64;

/** Addresses and JSON pointers, in bytes of UTF-8. */
export const ADDRESS_BYTES = 2_048;

/** Texts for people (reasons, messages, values of labels), in bytes of UTF-8. */
export const TEXT_BYTES = 4_096;

/** Nesting of user JSON: readers in any language must be able to take it apart. */
export const JSON_DEPTH = 64;

/** Labels of one DAG or executor. */
export const LABELS = 64;

/** Inputs of one job. */
export const JOB_INPUTS = 256;

/** Failure codes that one job lists as final. */
export const NON_RETRYABLE = 64;

/** Largest value of an Avro int. */
export const INT_MAX = 2_147_483_647;

/** Items of one page of a listing. */
export const PAGE = 1_000;

/** Length of a session where a registration names none, in ms. */
export const SESSION_DEFAULT_MS = 30_000;

/** A session sees so many heartbeats in its length, so that one may be lost. */
export const HEARTBEATS_PER_SESSION = 4;

/** A repeated heartbeat within this part of a session is not passed on. */
export const HEARTBEAT_REPEAT_PARTS = 10;

/** Messages that wait for one executor: more than any executor has slots; a stream that falls behind is cut off. */
export const CHANNEL_MESSAGES = 131_072;

/**
 * A stream of which nothing is taken for so long is cut off, in ms; within twice that time, since what went at the
 * beginning of a period counts as well. The operating system only says so after each 1 to 2 MB, by the size of its
 * buffers: who takes less than that in such a time can't be told from who takes nothing.
 */
export const STREAM_STALL_MS = 30_000;

/** Between two signs of life on a dispatch stream, in ms. */
export const PING_MS = 5_000;

/** Between two signs of life on a lifecycle stream, in ms. */
export const COMMENT_MS = 15_000;

/** Bytes that a lifecycle reader may be behind before it is cut off. */
export const READER_BYTES = 4 * MIB;

/** Longest wait of a long poll, in ms. */
export const POLL_WAIT_MS = 60_000;

/** Messages of one long poll. */
export const POLL_MESSAGES = 1_000;

/** A long poll that has come to so many characters takes no more messages: its answer is made at once. */
export const POLL_CHARS = 4 * MIB;

/** A polled dispatch that is not acknowledged for so long is sent again, in ms. */
export const POLL_REPEAT_MS = 5_000;

/** What a sender is told to wait before it tries again while no leader takes inputs, in ms. */
export const NOT_READY_RETRY_MS = 1_000;

/** How long a read waits for the turn that it is to show, in ms. */
export const READ_WAIT_MS = 10_000;
/** How long a poll of an executor waits, whatever it has asked for, until what it would get is in the journal, in ms. */
export const POLL_ACCEPT_MS = 2_000;
