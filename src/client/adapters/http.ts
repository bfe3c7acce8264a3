import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
// Only what a call needs: the whole of undici would cost every start of the command line 50 ms more.
import requestOf from 'undici/lib/api/api-request.js';
import connectorOf, { type Connector } from 'undici/lib/core/connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { messageOf } from '../../catalogue/thrown.js';
import { ClientCode, errorOfAnswer, FabricError, type FabricErrorFields } from '../errors.js';
import { headersOfEnvironment } from './headers.js';

/** How long an answer that is no stream may take, from the last byte sent to its first byte, in ms. */
const ANSWER_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** undici's code for whatever is under way, or begins, when its pool is destroyed. */
const UNDICI_CLOSED = 'UND_ERR_DESTROYED';
/** And for a request that it can't send, whoever is there: trying again would change nothing. */
const UNDICI_INVALID = 'UND_ERR_INVALID_ARG';

/** And where nothing came for as long as it waits. */
const UNDICI_SILENT: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Bytes of a body that are sent at once: each such piece may take as long as an answer. */
const PIECE_BYTES = 64 * 1024;

/** Connections that the calls to one fabric share. A stream holds one of its own for as long as it lives. */
const MAX_CONNECTIONS = 64;

/** A request to a fabric. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable | null;
  readonly signal?: AbortSignal | undefined;
  /** Given for an answer that stays open: the longest silence before and in its body in ms; 0 for ever. */
  readonly silenceMs?: number;
  /** Whether its body, or that of its answer, goes as slowly as somebody else likes: then it takes nobody's connection. */
  readonly isStream?: boolean;
  /** Statuses besides 2xx that are an answer and no error. */
  readonly accept?: readonly number[];
}

/** Whether a call failed since the other side said nothing for too long, though it was there. */
export function isSilence({ cause }: FabricError): boolean {
  return cause instanceof Error && 'code' in cause && UNDICI_SILENT.has(cause.code);
}

/** The answer, with its body still to be read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
}

/** Calls to one fabric. */
export type HttpCalls = Pick<Http, 'send' | 'text' | 'json' | 'close' | 'closing'>;

/** Keep-alive connections to one fabric. Every failure is a FabricError. */
export class Http {
  private readonly calls: Pool;
  private readonly streams: Pool;
  private readonly prefix: string;
  private readonly over = new AbortController();
  /** Aborted by `close`, with the error of a call: one between two tries has no connection that ends. */
  readonly closing: AbortSignal = this.over.signal;

  /**
   * `url` may have a path, which then stands before every request's own. Throws a TypeError for one with a user or a
   * password: nothing here sends them, and whoever put them there believes so; and where `MARIE_HEADERS` has no headers.
   */
  constructor(url: string) {
    const base = new URL(url);
    if (base.username !== '' || base.password !== '')
      throw new TypeError('the address of a fabric may have no user or password: they belong into MARIE_HEADERS');
    headersOfEnvironment();
    this.prefix = base.pathname.replace(/\/+$/, '');
    heardByMany(this.closing);
    const options = { connect: connectorUntil(this.closing), headersTimeout: ANSWER_TIMEOUT_MS };
    this.calls = new Pool(base.origin, { ...options, connections: MAX_CONNECTIONS });
    this.streams = new Pool(base.origin, options);
  }

  /** Sends, and gives the answer once its head is there. Throws `FabricError`. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    let answer: Dispatcher.ResponseData;
    try {
      const pool = request.isStream || request.silenceMs !== undefined ? this.streams : this.calls;
      const asked = requestOf.call(pool, {
        method: request.method,
        path: this.prefix + request.path,
        ...inPieces({ ...headersOfEnvironment(), ...request.headers }, request.body ?? null),
        headersTimeout: request.silenceMs ?? ANSWER_TIMEOUT_MS,
        bodyTimeout: request.silenceMs ?? ANSWER_TIMEOUT_MS,
        ...(request.signal ? { signal: request.signal } : {}),
      });
      answer = await orAborted(asked, request.signal);
    } catch (error) {
      throw transportError(error, request.signal);
    }
    const ok = answer.statusCode < 300 || (request.accept?.includes(answer.statusCode) ?? false);
    if (ok) return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    const text = await readText(answer.body, request.signal).catch(() => '');
    throw errorOfAnswer(answer.statusCode, text, one(answer.headers['retry-after']));
  }

  /** Sends and reads the whole answer as text. */
  async text(request: HttpRequest): Promise<string> {
    return readText((await this.send(request)).body, request.signal);
  }

  /** Sends and reads the whole answer as JSON, which is the fabric's where it has these members. */
  async json<T>(request: HttpRequest, ...members: readonly (keyof T & string)[]): Promise<T> {
    return withMembers<T>(await this.text(request), ...members);
  }

  /** Ends all connections at once, also those that are in use. */
  async close(): Promise<void> {
    this.over.abort(closedError());
    await Promise.all([this.calls.destroy(), this.streams.destroy()]);
  }
}

/**
 * A body with its headers. One that is sent at once is one to undici until its last byte has left: an answer would have to
 * come within its time-out from the first, however long all of it takes.
 */
function inPieces(headers: Readonly<Record<string, string>>, body: NonNullable<HttpRequest['body']> | null) {
  if (body === null || body instanceof Readable || body.length <= PIECE_BYTES) return { headers, body };
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const stream = Readable.from(piecesOf(bytes), { objectMode: false });
  return { headers: { ...headers, 'content-length': String(bytes.length) }, body: stream };
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}

/** An answer, or a line of one, that is JSON; whatever stands between here and the fabric may answer, too. */
export function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new FabricError({
      code: ClientCode.BadAnswer,
      status: 0,
      detail: `no JSON: ${text.slice(0, 200) || 'an empty answer'}`,
      cause,
    });
  }
}

/** The same where it is an object with these members. What is none says nothing of what was asked for. */
export function withMembers<T>(text: string, ...members: readonly (keyof T & string)[]): T {
  const answer = parsed<T>(text);
  const isOne = typeof answer === 'object' && answer !== null && members.every((name) => name in answer);
  if (isOne) return answer;
  throw new FabricError(badAnswer(text));
}

/** What to say of an answer that is none of the fabric's: somebody in between has answered. */
export function badAnswer(text: string): Pick<FabricErrorFields, 'code' | 'status' | 'detail'> {
  return { code: ClientCode.BadAnswer, status: 0, detail: `no answer: ${text.slice(0, 200)}` };
}

/** The whole of an answer's body, as text. */
export async function readText(body: HttpAnswer['body'], signal: AbortSignal | undefined): Promise<string> {
  try {
    return await body.text();
  } catch (error) {
    throw transportError(error, signal);
  }
}

/** Any failure of the connection as an error with a code of ours; a FabricError stays what it is. */
export function transportError(error: unknown, signal?: AbortSignal): FabricError {
  if (error instanceof FabricError) return error;
  const message = messageOf(error) || (error as Error).name;
  const failed = (code: string) => new FabricError({ code, status: 0, detail: message, cause: error });
  const reason = error instanceof Error && 'code' in error ? error.code : null;
  if (reason === UNDICI_CLOSED) return closedError(error);
  if (reason === UNDICI_INVALID) return failed(ClientCode.InvalidValue);
  return failed(signal?.aborted ? ClientCode.Aborted : ClientCode.Unreachable);
}

/**
 * Rejects as soon as the signal is aborted. undici itself tells so only of a request that has a connection: one that still
 * waits for one it fails, unsent, when it would be its turn.
 */
export function orAborted<T>(asked: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return asked;
  heardByMany(signal);
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

/**
 * Makes connections. One that is still coming about ends with the client, and does not keep the process for as long as it
 * may take; from then on nothing here holds it, as there may be any number in a client's life.
 */
function connectorUntil(closing: AbortSignal): Connector {
  const connect = connectorOf({ timeout: CONNECT_TIMEOUT_MS });
  return (options, done) => {
    const end = (): void => void socket.destroy(closing.reason);
    const socket = connect(options, (...answer) => {
      closing.removeEventListener('abort', end);
      done(...answer);
    });
    closing.addEventListener('abort', end);
    return socket;
  };
}

/** A signal may end any number of calls: more than ten that listen are no leak, as Node would tell people. */
export function heardByMany(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}

function closedError(cause?: unknown): FabricError {
  return new FabricError({ code: ClientCode.Aborted, status: 0, detail: 'the client is closed', cause });
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
