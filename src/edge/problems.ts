/** Refusals as RFC 9457 problem details, with the stable codes of schemas/errors.json. */
import { ERRORS, type ErrorCode, isErrorCode } from '../catalogue/generated/errors.js';
import { mayPass } from '../catalogue/generated/may-pass.js';
import type { Problem } from '../catalogue/generated/types.js';
import { errorCode } from '../catalogue/thrown.js';
import { FateOpen, InboxFull, InputTooLarge, NotReady } from '../inbox/port.js';
import { LISTED_PROBLEMS, NOT_READY_RETRY_MS } from './limits.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of a refusal. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Everything that is wrong, each with a JSON pointer to its place. */
  readonly problems: readonly Problem[];
  /** The turn that recorded the refusal, where one did; of a stale incarnation the turn up to which it is known. */
  readonly turn?: number;
}

/** Extras of a refusal. */
export interface RefusalOptions {
  readonly problems?: readonly Problem[];
  readonly turn?: number;
  /** Told as Retry-After, in ms. */
  readonly retryAfterMs?: number;
  /** Methods that the address takes, told as Allow. */
  readonly allow?: readonly string[];
  /** What went wrong, for the log; it is not told. */
  readonly cause?: unknown;
}

/** Bad input, told to who sent it. */
export class Refusal extends Error {
  readonly details: ProblemDetails;
  readonly retryAfterMs: number | null;
  readonly allow: readonly string[];

  constructor(code: string, detail: string, options: RefusalOptions = {}) {
    super(detail, options);
    this.details = detailsOf(code, detail, options.problems ?? [], options.turn);
    this.retryAfterMs = options.retryAfterMs ?? (mayPass(code) ? NOT_READY_RETRY_MS : null);
    this.allow = options.allow ?? [];
  }

  get status(): number {
    return this.details.status;
  }
}

/** A refusal that lists what is wrong; its code and text are those of the first problem. */
export function refusalOf(problems: readonly Problem[]): Refusal {
  const first = problems[0];
  if (first === undefined) return new Refusal('internal', 'refused without a reason');
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  const place = first.path === '' ? '' : `${first.path}: `;
  return new Refusal(first.code, `${place}${first.detail}${more}`, { problems: problems.slice(0, LISTED_PROBLEMS) });
}

const AWAY = 'kafka-unavailable' satisfies ErrorCode;

/** What to answer when the inbox did not take an input, or its fate is open. */
export function refusalOfFailure(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InboxFull) {
    return new Refusal('inbox-full', error.message, { retryAfterMs: error.retryAfterMs });
  }
  if (error instanceof NotReady || error instanceof FateOpen || error instanceof InputTooLarge) {
    return new Refusal(error.code, error.message);
  }
  // The journal is on brokers, which are waited for: nothing has failed for good.
  if (error instanceof Error && errorCode(error) === AWAY) return new Refusal(AWAY, error.message);
  return new Refusal('internal', 'the fabric failed; repeat with the same id', { cause: error });
}

/** One problem. */
export function problem(code: ErrorCode, path: string, detail: string): Problem {
  return { code, path, detail };
}

/** Seconds of a Retry-After header. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

function detailsOf(
  code: string,
  detail: string,
  problems: readonly Problem[],
  turn: number | undefined,
): ProblemDetails {
  const info = isErrorCode(code) ? ERRORS[code] : null;
  const base = {
    type: `/errors/${code}`,
    title: info?.title ?? 'Refused',
    status: info?.status ?? 422,
    detail,
    code,
    problems,
  };
  return turn === undefined ? base : { ...base, turn };
}
