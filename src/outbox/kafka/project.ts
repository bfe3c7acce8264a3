/** What of an accepted turn goes to which topic. */
import { encodeBody } from '../../catalogue/codec.js';
import { Code, nameOf, topicOf } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry } from '../../catalogue/generated/types.js';
import { hex } from '../../catalogue/hex.js';
import type { Framing } from '../../kafka/framing.js';
import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import type { OutputTopic } from '../../kafka/topics/names.js';
import { MAX_RECORD_BYTES } from '../../kafka/topics/topic-plan.js';
import type { AcceptedTurn } from '../port.js';

/** A record on its way to a topic; its key chooses the partition. */
export interface Projected {
  readonly topic: OutputTopic;
  readonly record: OutgoingRecord & { readonly key: string };
}

/** Who a DAG is that events know by its sequence number; null when it is forgotten. */
export type NameOfDag = (dag: number) => { readonly tenant: string; readonly dagId: string } | null;

/** A dispatch as its executor gets it, resolved: one line of JSON, and who it is for. */
export interface ResolvedDispatch {
  readonly executor: string;
  readonly json: string;
}

/** What a projection looks up. */
export interface Lookups {
  readonly framing: Framing;
  readonly nameOfDag: NameOfDag;
  /** The dispatches of these entries whose leases are still in force, by token. */
  readonly dispatches: ReadonlyMap<number, ResolvedDispatch>;
}

/** Bytes of a dispatch that fits into a record, with its headers. */
export const MAX_DISPATCH_BYTES = MAX_RECORD_BYTES - 64 * 1024;

/** What the events of a turn are keyed by, in this order: what belongs together keeps its order. */
const KEYS = ['token', 'dag', 'executor', 'class', 'tenant'] as const;

/** The records of a turn's entries from one up to another, in their order. Inputs are on their own topics already. */
export function recordsOf(turn: AcceptedTurn, lookups: Lookups, from = 0, to = turn.entries.length): Projected[] {
  const records: Projected[] = [];
  for (let index = from; index < to; index++) {
    const entry = turn.entries[index]!;
    if ('envelope' in entry) continue;
    records.push(recordOfEvent(entry, index, turn, lookups));
    if (entry.code !== Code.JobDispatched) continue;
    const dispatch = lookups.dispatches.get(entry.body.token);
    if (dispatch !== undefined) records.push(recordOfDispatch(dispatch, entry.body.token, index, turn));
  }
  return records;
}

function recordOfEvent(event: EventEntry, index: number, turn: AcceptedTurn, lookups: Lookups): Projected {
  const { code } = event;
  const dag = (event.body as { readonly dag?: number }).dag;
  const name = dag === undefined ? null : lookups.nameOfDag(dag);
  const cause = causeOf(event, turn.entries);
  const { traceparent, inputId } = cause?.envelope ?? {};
  return {
    topic: topicOf(code) as OutputTopic,
    record: {
      key: keyOf(event),
      value: lookups.framing.frame(code, encodeBody(code, event.body as never)),
      headers: {
        'content-type': 'application/avro',
        schema: `${nameOf(code)}@1`,
        ...placeHeaders(turn, index),
        ...(name === null ? {} : { tenant: name.tenant, 'dag-id': name.dagId }),
        ...(inputId === undefined ? {} : { 'input-id': inputId }),
        ...(typeof traceparent === 'string' ? { traceparent } : {}),
        ...(cause?.code === Code.Undecodable ? { sha256: hex(cause.body.sha256) } : {}),
      },
    },
  };
}

function recordOfDispatch(dispatch: ResolvedDispatch, token: number, index: number, turn: AcceptedTurn): Projected {
  return {
    topic: 'dispatches',
    record: {
      key: String(token),
      value: bytesOf(dispatch),
      headers: {
        'content-type': 'application/json',
        schema: 'Dispatch@1',
        ...placeHeaders(turn, index),
        executor: dispatch.executor,
      },
    },
  };
}

/**
 * A dispatch whose inputs have no room in a record goes by its head: no JSON, so nobody runs it without its inputs, and
 * who reads it knows of which attempt to say that it can't be read.
 */
function bytesOf({ json }: ResolvedDispatch): Buffer {
  const value = Buffer.from(json, 'utf8');
  if (value.length <= MAX_DISPATCH_BYTES) return value;
  const head = json.slice(0, json.indexOf(',"tenant":'));
  return Buffer.from(`${head},"inputs": too large: ${value.length} bytes, more than ${MAX_DISPATCH_BYTES}`, 'utf8');
}

function placeHeaders({ cell, turn, epoch, atMs }: AcceptedTurn, index: number): Record<string, string> {
  return { cell, turn: String(turn), index: String(index), epoch: String(epoch), 'at-ms': String(atMs) };
}

function keyOf(event: EventEntry): string {
  const body = event.body as Readonly<Record<string, unknown>>;
  for (const name of KEYS) if (typeof body[name] === 'number') return String(body[name]);
  return nameOf(event.code);
}

/** The input that caused an event, if one did. */
function causeOf(event: EventEntry, entries: readonly AnyEntry[]): InputEntry | null {
  const cause = event.cause < 0 ? undefined : entries[event.cause];
  return cause !== undefined && 'envelope' in cause ? cause : null;
}
