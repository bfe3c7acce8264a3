import { toUSVString } from 'node:util';
import type { Controlled } from '../answers/types.js';
import type { HttpCalls, HttpRequest } from './adapters/http.js';
import { type Tries, withRetry } from './retry.js';

/** What all parts of the client share. */
export interface Calls extends Tries {
  readonly http: HttpCalls;
  readonly tenant: string;
}

/** Reads JSON that has these members, again and again while the fabric can't be reached or asks to come back later. */
export function readJson<T>(
  calls: Calls,
  { path, signal }: Pick<HttpRequest, 'path' | 'signal'>,
  ...members: readonly (keyof T & string)[]
): Promise<T> {
  return withRetry(calls, signal, () => calls.http.json<T>({ method: 'GET', path, signal }, ...members));
}

/** The same of a list, by the name that it has in its answer. */
export async function readList<N extends string, T>(
  calls: Calls,
  asked: Pick<HttpRequest, 'path' | 'signal'>,
  name: N,
): Promise<readonly T[]> {
  return (await readJson<Record<N, readonly T[]>>(calls, asked, name))[name];
}

/**
 * Sends a control with an id of its own, so that trying again can't do it twice: the fabric answers a repeat with the
 * first answer.
 */
export function sendControl(calls: Calls, method: 'POST' | 'PUT', path: string, body: unknown): Promise<Controlled> {
  return sendControlText(calls, method, path, JSON.stringify(body));
}

/** The same with a body that is JSON already. */
export function sendControlText(calls: Calls, method: 'POST' | 'PUT', path: string, body: string): Promise<Controlled> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': calls.machine.uuid() };
  const request: HttpRequest = { method, path, headers, body };
  return withRetry(calls, undefined, () => calls.http.json<Controlled>(request, 'turn'));
}

/**
 * A part of an address. Half a surrogate pair becomes U+FFFD, as
 * in a query: nothing has such a name, and it is not found.
 */
export function segment(name: string): string {
  return encodeURIComponent(toUSVString(name));
}

/** The address of a DAG, or of something in it. */
export function dagPath(
  calls: Calls,
  dagId: string,
  rest: string,
  query: Readonly<Record<string, unknown>> = {},
): string {
  const params = new URLSearchParams({ tenant: calls.tenant });
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  return `/v1/dags/${segment(dagId)}${rest}?${params}`;
}
