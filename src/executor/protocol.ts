/** The executor protocol's messages as they are on the wire; docs/executor-protocol.md says what they mean. */

/** One attempt for this executor. */
export interface DispatchMessage {
  readonly type: 'dispatch';
  readonly token: string;
  readonly tenant: string;
  readonly dagId: string;
  readonly job: string;
  /** Place in the fan-out, and how many there are; null for a job that is no child. */
  readonly child: number | null;
  readonly childCount: number | null;
  readonly attempt: number;
  readonly class: string;
  readonly slots: number;
  readonly timeoutMs: number | null;
  /** A turn that the fabric had made when it sent this; absent on Kafka. */
  readonly turn?: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
}

/** A message that is not what it should be, such as a dispatch that is no JSON. */
export interface UnreadableMessage {
  readonly type: 'unreadable';
  /** Of the dispatch that it is; null where it doesn't say. */
  readonly token: string | null;
  readonly detail: string;
}

export type FabricMessage =
  | DispatchMessage
  | UnreadableMessage
  | { readonly type: 'stop'; readonly token: string }
  | { readonly type: 'drain' }
  | { readonly type: 'ping' }
  | { readonly type: 'gone'; readonly code: string };

export interface RegisterRequest {
  readonly incarnation: string;
  readonly group: string;
  readonly class: string;
  readonly slots: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly sessionMs: number;
  /** Attempts of an earlier connection that this process still works on. */
  readonly held: readonly { readonly token: string; readonly slots: number }[];
}

export interface RegisterAnswer {
  readonly executor: number;
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  readonly turn: number;
  /** Names the fabric's history; null where it can't be named. */
  readonly history: string | null;
  /** Who makes the fabric's turns, and the first one of them; null where it can't be told. */
  readonly reign: { readonly id: string; readonly turn: number } | null;
}

/** What the fabric answers to one callback, after its turn is durable. */
export type CallbackAnswer =
  | { readonly accepted: true; readonly turn: number }
  | { readonly accepted: false; readonly code: string; readonly detail?: string; readonly turn?: number };

/** Another incarnation has registered; to a heartbeat it may also mean that the session has ended. */
export const STALE_INCARNATION = 'stale-incarnation';

/** The fabric's journal began anew: what was taken from it before means nothing now. */
export const OTHER_HISTORY = 'other-history';

/** The lease that a callback names is over. */
export const STALE_TOKEN = 'stale-token';

/** Units that a callback may report: the fabric counts them in 32 bits, and refuses the whole callback for more. */
export const MAX_UNITS = 2 ** 31 - 1;

/** Characters of a text for people that are sent: the fabric takes 4,096 bytes. */
const MAX_TEXT = 1_000;

/** Cuts a text to what the fabric takes, and replaces what has no UTF-8 form, such as a character that was cut. */
export function boundedText(text: string, most: number = MAX_TEXT): string {
  return Buffer.from(text.slice(0, most), 'utf8').toString('utf8');
}

/** Of a request that brings callbacks. */
export const NDJSON_HEADERS = { 'content-type': 'application/x-ndjson' };

export const HEARTBEAT_LINE = '{"type":"heartbeat"}';

export function ackLine(token: string): string {
  return `{"type":"ack","token":${JSON.stringify(token)}}`;
}

export function progressLine(token: string, permille: number, message: string | null): string {
  const text = message === null ? '' : `,"message":${JSON.stringify(message)}`;
  return `{"type":"progress","token":${JSON.stringify(token)},"permille":${permille}${text}}`;
}

/** `outputJson` is JSON text already, so that an output is written once. */
export function completeLine(token: string, outputJson: string, unitsUsed: number | null): string {
  return `{"type":"complete","token":${JSON.stringify(token)},"output":${outputJson}${units(unitsUsed)}}`;
}

export function completeBlobLine(token: string, blob: object, unitsUsed: number | null): string {
  return `{"type":"complete","token":${JSON.stringify(token)},"blob":${JSON.stringify(blob)}${units(unitsUsed)}}`;
}

/** Characters of a failure code: the fabric takes 256 bytes. */
const MAX_CODE = 64;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

export function failLine(token: string, failure: Failure, unitsUsed: number | null): string {
  const { retryable } = failure;
  const code = boundedText(failure.code, MAX_CODE) || 'failed';
  const message = boundedText(failure.message);
  return `${JSON.stringify({ type: 'fail', token, code, message, retryable }).slice(0, -1)}${units(unitsUsed)}}`;
}

export function returnLine(token: string, reason: string, unitsUsed: number | null): string {
  return `${JSON.stringify({ type: 'return', token, reason }).slice(0, -1)}${units(unitsUsed)}}`;
}

function units(unitsUsed: number | null): string {
  return unitsUsed === null ? '' : `,"unitsUsed":${unitsUsed}`;
}
