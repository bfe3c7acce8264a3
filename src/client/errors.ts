import { mayPass } from '../catalogue/generated/may-pass.js';

/** One thing that is wrong with a request, and where. */
export interface Problem {
  readonly code: string;
  /** A JSON pointer into the request, or a parameter's name. */
  readonly path: string;
  readonly detail: string;
}

/** Codes of errors that begin on this side of the wire; every other code is the fabric's. */
export const ClientCode = {
  /** No connection, or it broke before the answer was there. */
  Unreachable: 'unreachable',
  /** An answer that is none of the fabric's. */
  BadAnswer: 'bad-answer',
  /** Bytes of a blob that do not have the digest that names them. */
  BlobDamaged: 'blob-damaged',
  /** A blob that was asked for as JSON and holds none. */
  BlobNotJson: 'blob-not-json',
  /** What no request can carry, such as a line feed in a header; the fabric has the same word for what it can't take. */
  InvalidValue: 'invalid-value',
  /** Blobs and collections come from a gateway, and no address of one was given. */
  NoGateway: 'no-gateway',
  /** The caller's signal was aborted, or the client is closed. */
  Aborted: 'aborted',
} as const;

/** What a `FabricError` is made of. */
export interface FabricErrorFields {
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly detail: string;
  readonly problems?: readonly Problem[];
  /** How long to wait before trying again, when the fabric said so. */
  readonly retryAfterMs?: number | null;
  /** The turn that refused it, when a turn did; of a stale incarnation the turn up to which it is known. */
  readonly turn?: number | null;
  readonly cause?: unknown;
}

/** What every call of the client and the SDK rejects with: a stable code, the status, and what is wrong and where. */
export class FabricError extends Error {
  override readonly name = 'FabricError';
  readonly code: string;
  readonly status: number;
  readonly problems: readonly Problem[];
  readonly retryAfterMs: number | null;
  readonly turn: number | null;

  constructor(fields: FabricErrorFields) {
    super(`${fields.code}: ${fields.detail}`, { cause: fields.cause });
    this.code = fields.code;
    this.status = fields.status;
    this.problems = fields.problems ?? [];
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.turn = fields.turn ?? null;
  }

  /** Whether the same request may succeed later: nothing answered, too many requests, or not available now. */
  get retryable(): boolean {
    if (this.status === 0) return this.code === ClientCode.Unreachable;
    return mayPass(this.code) || RETRYABLE_STATUS.has(this.status);
  }

  /** Whether somebody between here and the fabric has answered in its place, such as a proxy with a page. */
  get isOfOther(): boolean {
    return this.code === ClientCode.BadAnswer || this.code === codeWithout(this.status);
  }
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** A fabric asks nobody who he is, or what he may: these are of somebody in between, whatever stands in them. */
const OF_WHO_ASKS: ReadonlySet<number> = new Set([401, 403, 407]);

/** The code of an answer that has none, as every answer of a fabric does that is a problem. */
function codeWithout(status: number): string {
  return `http-${status}`;
}

/** Makes an error of problem details (RFC 9457), or of whatever else came instead of them. */
export function errorOfAnswer(status: number, text: string, retryAfter: string | undefined): FabricError {
  const body = parseObject(text);
  const said = OF_WHO_ASKS.has(status) ? null : body?.['code'];
  const code = typeof said === 'string' ? said : codeWithout(status);
  const detail = [body?.['detail'], body?.['title'], text.slice(0, 200)].find(
    (part) => typeof part === 'string' && part,
  );
  return new FabricError({
    code,
    status,
    detail: typeof detail === 'string' ? detail : `an empty answer of status ${status}`,
    problems: Array.isArray(body?.['problems']) ? (body['problems'] as Problem[]) : [],
    retryAfterMs: retryAfterMs(retryAfter),
    turn: typeof body?.['turn'] === 'number' ? body['turn'] : null,
  });
}

/** Retry-After in whole seconds, as the fabric sends it; a date is left to the caller's own backoff. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header.trim()) * 1000;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
